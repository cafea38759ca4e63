-- Written by `uv run python -m tools.docs` from schemas/maestroqa/assignments.json.
{{ qa_stage(source('maestroqa', 'maestroqa_assignments'), ['id'], {
    'id': 'text'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/maestroqa/todos.json.
{{ qa_stage(source('maestroqa', 'maestroqa_todos'), ['id'], {
    'id': 'text'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/scorecard_sections.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_scorecard_sections'), ['scorecard_id', 'section_id'], {
    'scorecard_id': 'bigint',
    'section_id': 'bigint',
    'section_name': 'text',
    'compliance': 'boolean',
    'deleted': 'boolean'
}) }}

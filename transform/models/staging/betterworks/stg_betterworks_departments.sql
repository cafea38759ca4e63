-- Written by `uv run python -m tools.docs` from schemas/betterworks/departments.json.
{{ qa_stage(source('betterworks', 'betterworks_departments'), ['id'], {
    'id': 'text',
    'name': 'text',
    'parent': 'json'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/groups.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_groups'), ['group_id'], {
    'group_id': 'bigint',
    'group_name': 'text',
    'description': 'text',
    'location': 'text',
    'notes': 'text',
    'deleted': 'boolean'
}) }}

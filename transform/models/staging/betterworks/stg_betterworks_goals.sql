-- Written by `uv run python -m tools.docs` from schemas/betterworks/goals.json.
{{ qa_stage(source('betterworks', 'betterworks_goals'), ['id'], {
    'id': 'bigint',
    'uuid': 'text',
    'name': 'text',
    'description': 'text',
    'parent_id': 'bigint',
    'is_key_result': 'boolean',
    'owner': 'json',
    'start': 'date',
    'end': 'date',
    'measurement': 'json',
    'updated': 'instant',
    'last_checkedin': 'instant',
    'categories': 'json',
    'assessments': 'json',
    'comments': 'json'
}) }}

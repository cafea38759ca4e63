-- Written by `uv run python -m tools.docs` from schemas/betterworks/users.json.
{{ qa_stage(source('betterworks', 'betterworks_users'), ['id'], {
    'id': 'bigint',
    'uuid': 'text',
    'name': 'text',
    'first_name': 'text',
    'last_name': 'text',
    'email': 'text',
    'employee_id': 'text',
    'title': 'text',
    'department': 'json',
    'manager': 'json'
}) }}

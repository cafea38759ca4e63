-- Written by `uv run python -m tools.docs` from schemas/maestroqa/scim_users.json.
{{ qa_stage(source('maestroqa', 'maestroqa_scim_users'), ['id'], {
    'id': 'text',
    'schemas': 'text_list',
    'user_name': 'text',
    'name': 'json',
    'display_name': 'text',
    'emails': 'json',
    'external_id': 'text',
    'active': 'boolean',
    'roles': 'text_list',
    'groups': 'json',
    'profile': 'json'
}) }}

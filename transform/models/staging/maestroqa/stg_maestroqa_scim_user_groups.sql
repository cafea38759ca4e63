-- Written by `uv run python -m tools.docs` from schemas/maestroqa/scim_user_groups.json.
{{ qa_stage(source('maestroqa', 'maestroqa_scim_user_groups'), ['id'], {
    'id': 'text',
    'schemas': 'text_list',
    'display_name': 'text',
    'members': 'text_list',
    'owners': 'text_list'
}) }}

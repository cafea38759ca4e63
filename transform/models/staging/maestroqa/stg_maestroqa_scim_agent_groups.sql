-- Written by `uv run python -m tools.docs` from schemas/maestroqa/scim_agent_groups.json.
{{ qa_stage(source('maestroqa', 'maestroqa_scim_agent_groups'), ['id'], {
    'id': 'text',
    'schemas': 'text_list',
    'display_name': 'text',
    'members': 'text_list',
    'owners': 'text_list'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/maestroqa/agent_groups.json.
{{ qa_stage(source('maestroqa', 'maestroqa_agent_groups'), ['_row_key'], {
    '_row_key': 'text',
    'group_name': 'text',
    'group_id': 'text',
    'agent_name': 'text',
    'agent_email': 'text',
    'agent_ids': 'text',
    'available': 'boolean'
}) }}

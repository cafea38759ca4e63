-- Written by `uv run python -m tools.docs` from schemas/betterworks/conversation_templates.json.
{{ qa_stage(source('betterworks', 'betterworks_conversation_templates'), ['id'], {
    'id': 'text',
    'name': 'text',
    'deployments': 'json'
}) }}

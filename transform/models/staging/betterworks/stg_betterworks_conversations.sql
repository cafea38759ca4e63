-- Written by `uv run python -m tools.docs` from schemas/betterworks/conversations.json.
{{ qa_stage(source('betterworks', 'betterworks_conversations'), ['id'], {
    'id': 'text',
    'deployment_id': 'text',
    'created': 'instant',
    'modified': 'instant'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/betterworks/recognition.json.
{{ qa_stage(source('betterworks', 'betterworks_recognition'), ['id'], {
    'id': 'text',
    'created': 'instant',
    'created_on': 'instant',
    'modified_on': 'instant',
    'team': 'json',
    'for_group': 'json',
    'comment': 'json',
    'goal': 'json',
    'shoutout': 'json',
    'hashtags': 'json',
    'mentioned_users': 'json'
}) }}

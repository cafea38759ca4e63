-- Written by `uv run python -m tools.docs` from schemas/betterworks/feedback.json.
{{ qa_stage(source('betterworks', 'betterworks_feedback'), ['id'], {
    'id': 'text',
    'created': 'instant',
    'modified': 'instant'
}) }}

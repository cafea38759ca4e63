-- Written by `uv run python -m tools.docs` from schemas/betterworks/feedback_templates.json.
{{ qa_stage(source('betterworks', 'betterworks_feedback_templates'), ['id'], {
    'id': 'text',
    'name': 'text'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/scorecard_comments.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_scorecard_comments'), ['scorecard_id', 'comment_id'], {
    'scorecard_id': 'bigint',
    'comment_id': 'bigint',
    'comment': 'text',
    'section_id': 'bigint',
    'deleted': 'boolean'
}) }}

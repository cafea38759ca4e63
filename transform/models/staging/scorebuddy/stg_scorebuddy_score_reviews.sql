-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/score_reviews.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_score_reviews'), ['review_id'], {
    'review_id': 'bigint',
    'review_date': 'instant',
    'score_id': 'bigint',
    'staff_id': 'bigint',
    'request_one_2_one': 'boolean',
    'accepted': 'boolean',
    'viewed': 'boolean'
}) }}

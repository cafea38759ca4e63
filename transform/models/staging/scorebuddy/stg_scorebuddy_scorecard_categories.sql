-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/scorecard_categories.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_scorecard_categories'), ['category_id'], {
    'category_id': 'bigint',
    'category': 'text'
}) }}

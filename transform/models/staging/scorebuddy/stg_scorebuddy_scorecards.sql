-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/scorecards.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_scorecards'), ['scorecard_id'], {
    'scorecard_id': 'bigint',
    'scorecard_type': 'text',
    'unweighted_scorecard': 'boolean',
    'current_version': 'bigint',
    'locked': 'boolean',
    'archived': 'boolean',
    'deleted': 'boolean',
    'number_of_versions': 'bigint',
    'versions': 'json',
    'settings': 'json'
}) }}

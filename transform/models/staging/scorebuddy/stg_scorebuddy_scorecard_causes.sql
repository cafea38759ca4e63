-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/scorecard_causes.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_scorecard_causes'), ['scorecard_id', 'version_number', 'rca_id'], {
    'scorecard_id': 'bigint',
    'version_number': 'bigint',
    'rca_id': 'bigint',
    'unique_rca_id': 'bigint',
    'rca_name': 'text',
    'level': 'text',
    'deleted': 'boolean'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/scorecard_versions.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_scorecard_versions'), ['scorecard_id', 'version_number'], {
    'scorecard_id': 'bigint',
    'version_number': 'bigint',
    'scorecard_name': 'text',
    'category_id': 'bigint',
    'group_id': 'bigint',
    'description': 'text',
    'department': 'text',
    'location': 'text',
    'target': 'number',
    'max_score': 'number',
    'number_of_questions': 'bigint',
    'questions': 'json'
}) }}

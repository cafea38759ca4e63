-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/scorecard_custom_objects.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_scorecard_custom_objects'), ['scorecard_id', 'object_id'], {
    'scorecard_id': 'bigint',
    'object_id': 'bigint',
    'object_name': 'text',
    'object_type': 'text',
    'object_tags': 'json',
    'required': 'boolean',
    'deleted': 'boolean'
}) }}

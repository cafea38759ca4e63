-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/integrations.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_integrations'), ['integration_id'], {
    'integration_id': 'text',
    'label': 'text',
    'description': 'text',
    'integration_type': 'text',
    'group_ids': 'json',
    'data_retention': 'json',
    'last_updated': 'instant',
    'created_by': 'text',
    'created_at': 'instant'
}) }}

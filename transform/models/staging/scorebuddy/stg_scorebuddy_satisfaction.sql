-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/satisfaction.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_satisfaction'), ['integration_id', 'satisfaction_id'], {
    'integration_id': 'text',
    'satisfaction_id': 'text',
    'external_case_id': 'text',
    'satisfaction_installation_id': 'text',
    'type': 'text',
    'external_satisfaction_id': 'text',
    'agent_id': 'text',
    'staff_id': 'bigint',
    'customer_id': 'text',
    'campaign_id': 'text',
    'score': 'number',
    'scale': 'number',
    'question': 'text',
    'comment': 'text',
    'original': 'json',
    'issued_date': 'instant',
    'last_updated': 'instant'
}) }}

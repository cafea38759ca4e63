-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/cases.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_cases'), ['integration_id', 'case_id'], {
    'integration_id': 'text',
    'case_id': 'text',
    'staff_id': 'bigint',
    'case_type': 'text',
    'external': 'json',
    'event_date': 'instant',
    'messages': 'json',
    'files': 'json',
    'ai_text': 'json',
    'meta_data': 'json',
    'created_by': 'text',
    'created_at': 'instant',
    'last_updated_at': 'instant',
    'expires_at': 'instant'
}) }}

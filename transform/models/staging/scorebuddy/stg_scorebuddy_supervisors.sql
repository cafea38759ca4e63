-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/supervisors.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_supervisors'), ['staff_id'], {
    'staff_id': 'bigint',
    'external_id': 'text',
    'first_name': 'text',
    'last_name': 'text',
    'email_address': 'text',
    'group_ids': 'json',
    'team_ids': 'json',
    'notes': 'text',
    'role': 'text',
    'deleted': 'boolean',
    'can_be_scored': 'boolean',
    'can_audit': 'boolean',
    'staff_access': 'boolean',
    'read_only': 'boolean',
    'salesforce_id': 'text'
}) }}

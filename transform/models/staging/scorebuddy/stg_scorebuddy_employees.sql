-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/employees.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_employees'), ['staff_id'], {
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
    'supervisor_id': 'bigint',
    'dashboard': 'boolean',
    'self_score': 'boolean',
    'can_score_peers': 'boolean',
    'employment': 'text',
    'personal_goals': 'boolean',
    'salesforce_id': 'text'
}) }}

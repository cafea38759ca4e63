-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/users.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_users'), ['user_id'], {
    'user_id': 'bigint',
    'first_name': 'text',
    'last_name': 'text',
    'email_address': 'text',
    'role': 'text',
    'group_ids': 'json',
    'team_ids': 'json',
    'support_access': 'boolean',
    'billing_access': 'boolean',
    'can_audit': 'boolean',
    'read_only': 'boolean',
    'must_change_password': 'boolean',
    'date_format': 'text',
    'boundedness': 'text',
    'salesforce_id': 'text',
    'scim_user_id': 'text'
}) }}

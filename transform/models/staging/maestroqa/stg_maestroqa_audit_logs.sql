-- Written by `uv run python -m tools.docs` from schemas/maestroqa/audit_logs.json.
{{ qa_stage(source('maestroqa', 'maestroqa_audit_logs'), ['_row_key'], {
    '_row_key': 'text',
    'activity_id': 'text',
    'time_stamp': 'instant',
    'user_email': 'text',
    'item_type': 'text',
    'action_type': 'text',
    'description': 'text',
    'ip_address': 'text'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/cxone/recording_interaction_metadata.json.
{{ qa_stage(source('cxone', 'cxone_recording_interaction_metadata'), ['_row_key'], {
    '_row_key': 'text',
    'segment_id': 'text',
    'acd_call_id': 'text',
    'start_date': 'instant',
    'voice_recording_status': 'text',
    'disposition': 'text',
    'ani': 'text',
    'dnis': 'text',
    'agent_1_acd_id': 'text',
    'agent_1_name': 'text',
    'agent_1_team': 'text',
    'agent_1_skills': 'text',
    'agent_1_contact_number': 'text',
    '_window_end': 'instant'
}) }}

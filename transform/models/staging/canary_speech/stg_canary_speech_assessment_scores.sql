-- Written by `uv run python -m tools.docs` from schemas/canary_speech/assessment_scores.json.
{{ qa_stage(source('canary_speech', 'canary_speech_assessment_scores'), ['assessment_id', 'uuid'], {
    'assessment_id': 'text',
    'uuid': 'text',
    'assessment_uuids': 'text_list',
    'date_recorded': 'instant',
    'score_id': 'text',
    'score_type': 'text',
    'score_data': 'json',
    'extra_data': 'json'
}) }}

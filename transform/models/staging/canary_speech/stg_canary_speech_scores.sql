-- Written by `uv run python -m tools.docs` from schemas/canary_speech/scores.json.
{{ qa_stage(source('canary_speech', 'canary_speech_scores'), ['uuid'], {
    'uuid': 'text',
    'subject_id': 'text',
    'survey_id': 'text',
    'assessment_uuids': 'text_list',
    'date_recorded': 'instant',
    'score_id': 'text',
    'score_type': 'text',
    'score_data': 'json',
    'extra_data': 'json'
}) }}

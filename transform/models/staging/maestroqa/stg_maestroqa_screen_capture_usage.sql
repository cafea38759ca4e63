-- Written by `uv run python -m tools.docs` from schemas/maestroqa/screen_capture_usage.json.
{{ qa_stage(source('maestroqa', 'maestroqa_screen_capture_usage'), ['agent_id', 'interval', 'extracted_on'], {
    'agent_id': 'text',
    'interval': 'text',
    'extracted_on': 'date',
    'number_expected_recordings': 'number',
    'number_recordings': 'number',
    'percent_recorded': 'number'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/betterworks/calibration_records.json.
{{ qa_stage(source('betterworks', 'betterworks_calibration_records'), ['id'], {
    'id': 'text',
    'created': 'instant',
    'modified': 'instant'
}) }}

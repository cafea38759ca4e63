-- Written by `uv run python -m tools.docs` from schemas/betterworks/calibration_cycles.json.
{{ qa_stage(source('betterworks', 'betterworks_calibration_cycles'), ['id'], {
    'id': 'text',
    'name': 'text'
}) }}

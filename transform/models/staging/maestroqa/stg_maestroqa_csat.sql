-- Written by `uv run python -m tools.docs` from schemas/maestroqa/csat.json.
{{ qa_stage(source('maestroqa', 'maestroqa_csat'), ['_row_key'], {
    '_row_key': 'text',
    '_window_end': 'instant',
    'gradable_id': 'text',
    'csat_score': 'number',
    'csat_comment': 'text',
    'ticket_created_at': 'instant',
    'source': 'text'
}) }}

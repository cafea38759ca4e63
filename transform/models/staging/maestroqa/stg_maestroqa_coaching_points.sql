-- Written by `uv run python -m tools.docs` from schemas/maestroqa/coaching_points.json.
{{ qa_stage(source('maestroqa', 'maestroqa_coaching_points'), ['id'], {
    'id': 'text',
    'coaching_form_ids': 'text_list',
    'type': 'text',
    'classification': 'text',
    'ticket_id': 'text',
    'subject': 'text',
    'rubric_name': 'text',
    'criteria_name': 'text'
}) }}

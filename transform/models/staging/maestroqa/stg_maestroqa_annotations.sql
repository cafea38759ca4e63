-- Written by `uv run python -m tools.docs` from schemas/maestroqa/annotations.json.
{{ qa_stage(source('maestroqa', 'maestroqa_annotations'), ['_row_key'], {
    '_row_key': 'text',
    '_window_end': 'instant',
    'gradable_id': 'text',
    'agent_id': 'text',
    'agent_name': 'text',
    'agent_email': 'text',
    'rubric_id': 'text',
    'rubric_name': 'text',
    'date_graded': 'instant',
    'grader': 'text',
    'grade_type': 'text',
    'ticket_created_at': 'instant',
    'date_reported_as': 'instant',
    'source': 'text',
    'section_id': 'text',
    'section_name': 'text',
    'question_id': 'text',
    'question': 'text',
    'annotation_id': 'text',
    'selected_text': 'text',
    'comment': 'text'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/scorecard_events.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_scorecard_events'), ['scorecard_id', 'event_id'], {
    'scorecard_id': 'bigint',
    'event_id': 'bigint',
    'event_name': 'text',
    'sub_events': 'json',
    'deleted': 'boolean'
}) }}

-- Written by `uv run python -m tools.docs` from schemas/scorebuddy/teams.json.
{{ qa_stage(source('scorebuddy', 'scorebuddy_teams'), ['team_id'], {
    'team_id': 'bigint',
    'team_name': 'text',
    'group_id': 'bigint',
    'deleted': 'boolean'
}) }}

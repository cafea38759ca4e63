-- What happened within the teams and what their mix did is the whole change.
select vendor, month, measure, change, within_teams, mix_of_teams
from {{ ref('qa_monthly_change') }}
where abs(change - within_teams - mix_of_teams) > 0.001

-- How often each agent is evaluated; a week without is a 0 from his first to his last week. The team is that of his newest
-- evaluation, since a week without has none.
with counted as (
    select vendor, agent_key, evaluated_week as week, count(*) as evaluations, max(agent_name) as agent_name
    from {{ ref('qa_evaluations') }}
    where counts_for_quality
    group by 1, 2, 3
),

teams as (
    select
        vendor,
        agent_key,
        team_name,
        row_number() over (partition by vendor, agent_key order by evaluated_at desc, evaluation_key desc) as place
    from {{ ref('qa_evaluations') }}
    where counts_for_quality
),

weeks as (
    select distinct vendor, week from counted
),

agents as (
    select vendor, agent_key, max(agent_name) as agent_name, min(week) as first_week, max(week) as last_week
    from counted
    group by 1, 2
)

select
    agents.vendor,
    agents.agent_key,
    agents.agent_name,
    teams.team_name,
    weeks.week,
    coalesce(counted.evaluations, 0) as evaluations
from agents
join teams on teams.vendor = agents.vendor and teams.agent_key = agents.agent_key and teams.place = 1
join weeks on weeks.vendor = agents.vendor and weeks.week between agents.first_week and agents.last_week
left join counted
    on counted.vendor = agents.vendor and counted.agent_key = agents.agent_key and counted.week = weeks.week

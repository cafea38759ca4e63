-- May agents be ranked? The reliability of an agent's mean says how much of the differences between agents is more than
-- chance (one-way analysis of variance). Below 0.7 there is no rank, only: above, below, or not told apart from the team.
with scored as (
    select vendor, agent_key, agent_name, team_name, evaluated_on, evaluation_key, score_percent, is_passed,
        max(evaluated_on) over (partition by vendor) as newest_day
    from {{ ref('qa_evaluations') }}
    where counts_for_quality
),

recent as (
    select
        scored.*,
        first_value(team_name) over (
            partition by vendor, agent_key order by evaluated_on desc, evaluation_key
        ) as team
    from scored
    where evaluated_on > newest_day - {{ var('qa_recent_days') }}
),

agents as (
    select
        vendor, agent_key, team,
        max(agent_name) as agent_name,
        count(*) as evaluations,
        count(*) filter (where is_passed) as passed,
        cast(avg(score_percent) as double precision) as mean,
        coalesce(var_samp(score_percent), 0) * (count(*) - 1) as squares_within
    from recent
    group by 1, 2, 3
),

teams as (
    select vendor, team, sum(mean * evaluations) / sum(evaluations) as team_mean
    from agents
    group by 1, 2
),

totals as (
    select
        vendor,
        count(*) as agents,
        cast(sum(evaluations) as double precision) as evaluations,
        sum(squares_within) / nullif(sum(evaluations) - count(*), 0) as variance_within,
        (sum(evaluations * mean * mean) - power(sum(evaluations * mean), 2) / sum(evaluations)) / nullif(count(*) - 1, 0)
            as square_between,
        (sum(evaluations) - sum(evaluations * evaluations) / cast(sum(evaluations) as double precision))
            / nullif(count(*) - 1, 0) as typical_evaluations,
        sum(passed) / cast(sum(evaluations) as double precision) as pass_share
    from agents
    group by 1
),

parts as (
    select
        totals.*,
        greatest((square_between - variance_within) / nullif(typical_evaluations, 0), 0 * square_between) as variance_between
    from totals
),

judged as (
    select
        agents.*,
        teams.team_mean,
        parts.pass_share,
        parts.variance_within,
        parts.variance_between,
        parts.variance_between / nullif(parts.variance_between + parts.variance_within / agents.evaluations, 0)
            as reliability,
        {{ qa_z() }} * sqrt(parts.variance_within / agents.evaluations) as reach
    from agents
    join teams on teams.vendor = agents.vendor and teams.team = agents.team
    join parts on parts.vendor = agents.vendor
)

select
    vendor,
    agent_key,
    agent_name,
    team as team_name,
    evaluations,
    {{ qa_round('mean') }} as quality_score,
    -- No mean is below 0 or above 100, unless scores are (bonus points).
    case when reach is not null then {{ qa_round('greatest(mean - reach, least(mean, 0))') }} end as quality_score_low,
    case when reach is not null then {{ qa_round('least(mean + reach, greatest(mean, 100))') }} end as quality_score_high,
    {{ qa_round(qa_percent('passed', 'evaluations')) }} as pass_rate,
    {{ qa_round(qa_wilson('passed', 'evaluations', 'low')) }} as pass_rate_low,
    {{ qa_round(qa_wilson('passed', 'evaluations', 'high')) }} as pass_rate_high,
    {{ qa_round('team_mean') }} as team_quality_score,
    {{ qa_round('reliability') }} as reliability,
    case
        when mean - reach > team_mean then 'above'
        when mean + reach < team_mean then 'below'
        when reach is not null then 'not told apart'
    end as standing,
    case when reliability >= 0.7
        then rank() over (partition by vendor, reliability >= 0.7 order by {{ qa_round('mean') }} desc) end as rank_of_vendor,
    -- For a reliability of 0.7, and for the pass rate to ± 5 points.
    case when variance_between > 0
        then cast(ceil(0.7 / 0.3 * variance_within / variance_between - 1e-9) as bigint) end as evaluations_for_rank,
    {{ qa_evaluations_needed('pass_share', '0.05', qa_number(var('qa_interactions_per_month'))) }} as evaluations_for_margin,
    case
        when reach is null then 'Too few evaluations of all agents to tell them apart.'
        when coalesce(reliability, 0) < 0.7
            then 'The order of agents is mostly chance: no rank.'
    end as note
from judged

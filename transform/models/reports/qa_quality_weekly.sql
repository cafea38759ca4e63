-- Sums, never averages: so any filter on them is exact.
with disputes as (
    select evaluation_key, bool_or(is_disputed) as is_disputed, bool_or(is_acknowledged) as is_acknowledged
    from {{ ref('qa_reviews') }}
    where evaluation_key is not null
    group by 1
)

select
    e.evaluated_week as week,
    e.vendor,
    e.team_name,
    e.agent_key,
    max(e.agent_name) as agent_name,
    e.scorecard_key,
    max(e.scorecard_name) as scorecard_name,
    e.channel,
    count(*) as evaluations,
    avg(e.score_percent) as quality_score,
    sum(e.score_percent) as sum_score_percent,
    sum(e.score_percent * e.score_percent) as sum_squared_percent,
    sum(case when not e.is_auto_failed then e.score_percent else 0 end) as sum_percent_of_others,
    sum(e.points) as points,
    sum(e.max_points) as max_points,
    count(*) filter (where e.is_passed) as passed,
    count(*) filter (where e.is_auto_failed) as auto_failed,
    -- MaestroQA's appeals do not say which grade they are about: unknown is not 0.
    case when e.vendor <> 'maestroqa' then count(*) filter (where disputes.is_disputed) end as disputed,
    case when e.vendor <> 'maestroqa' then count(*) filter (where disputes.is_acknowledged) end as acknowledged
from {{ ref('qa_evaluations') }} as e
left join disputes on disputes.evaluation_key = e.evaluation_key
where e.counts_for_quality
group by e.evaluated_week, e.vendor, e.team_name, e.agent_key, e.scorecard_key, e.channel

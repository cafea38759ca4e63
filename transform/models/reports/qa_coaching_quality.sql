-- Coaching beside quality: the agent's evaluations in the weeks before and after each session, its own day left out.
with quality as (
    select agent_key, evaluated_on, score_percent
    from {{ ref('qa_evaluations') }}
    where counts_for_quality
),

beside as (
    select
        coaching.coaching_key,
        count(*) filter (where quality.evaluated_on < coaching.coached_on) as evaluations_before,
        count(*) filter (where quality.evaluated_on > coaching.coached_on) as evaluations_after,
        avg(quality.score_percent) filter (where quality.evaluated_on < coaching.coached_on) as before,
        avg(quality.score_percent) filter (where quality.evaluated_on > coaching.coached_on) as after
    from {{ ref('qa_coaching') }} as coaching
    join quality
        on quality.agent_key = coaching.agent_key
        and quality.evaluated_on between coaching.coached_on - {{ var('qa_coaching_days') }}
            and coaching.coached_on + {{ var('qa_coaching_days') }}
    group by coaching.coaching_key
)

select
    coaching.coaching_key,
    coaching.vendor,
    coaching.agent_key,
    coaching.agent_name,
    coaching.coach_key,
    coaching.coach_name,
    coaching.coached_on,
    coaching.coached_week,
    coaching.opportunities,
    coaching.quality_points,
    coalesce(beside.evaluations_before, 0) as evaluations_before,
    {{ qa_round('beside.before') }} as quality_before,
    coalesce(beside.evaluations_after, 0) as evaluations_after,
    {{ qa_round('beside.after') }} as quality_after,
    {{ qa_round('beside.after - beside.before') }} as quality_change
from {{ ref('qa_coaching') }} as coaching
left join beside on beside.coaching_key = coaching.coaching_key

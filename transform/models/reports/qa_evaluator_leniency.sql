-- How far an evaluator's scores lie above those that others gave the same agent on the same form: above 0 is lenient.
-- Own grades are left out of what they are compared with, and auto-fails out of the scores.
with recent as (
    select
        evaluations.*,
        coalesce(scorecard_version, '') as version,
        max(evaluated_on) over (partition by vendor) as newest
    from {{ ref('qa_evaluations') }} as evaluations
    where counts_for_quality and percent_without_auto_fail is not null and vendor_evaluator_id is not null
),

scored as (
    select * from recent where evaluated_on > newest - {{ var('qa_recent_days') }}
),

own as (
    select
        vendor, evaluator_key, agent_key, scorecard_key, version,
        max(evaluator_name) as evaluator_name,
        count(*) as evaluations,
        sum(percent_without_auto_fail) as sum_percent
    from scored
    group by 1, 2, 3, 4, 5
),

-- A row an evaluator, agent and form, with what all others gave.
compared as (
    select
        own.*,
        sum(evaluations) over same_agent - evaluations as others,
        (sum(sum_percent) over same_agent - sum_percent)
            / nullif(cast(sum(evaluations) over same_agent - evaluations as double precision), 0) as others_mean
    from own
    window same_agent as (partition by vendor, agent_key, scorecard_key, version)
),

by_agent as (
    select
        vendor, evaluator_key, agent_key,
        sum(evaluations) as evaluations,
        sum(sum_percent - evaluations * others_mean) as sum_difference
    from compared
    where others > 0
    group by 1, 2, 3
),

linked as (
    select
        vendor, evaluator_key,
        {{ qa_count('sum(evaluations)') }} as linked_evaluations,
        count(*) as linked_agents,
        sum(sum_difference) / sum(evaluations) as leniency,
        -- By agents, not by evaluations: those of one agent are no independent evidence.
        stddev_samp(sum_difference / evaluations) / sqrt(count(*)) as standard_error
    from by_agent
    group by 1, 2
),

everybody as (
    select
        vendor, evaluator_key,
        max(evaluator_name) as evaluator_name,
        {{ qa_count('sum(evaluations)') }} as evaluations,
        sum(sum_percent) / sum(evaluations) as given
    from own
    group by 1, 2
),

groups as (
    select *, count(*) over (partition by vendor, evaluator_group) as group_evaluators
    from {{ ref('int_evaluator_groups') }}
),

judged as (
    select
        everybody.*,
        groups.evaluator_group,
        groups.group_evaluators,
        coalesce(linked.linked_evaluations, 0) as linked_evaluations,
        coalesce(linked.linked_agents, 0) as linked_agents,
        coalesce(linked.linked_evaluations >= 10 and linked.linked_agents >= 5, false) as is_comparable,
        linked.leniency,
        linked.standard_error
    from everybody
    left join linked on linked.vendor = everybody.vendor and linked.evaluator_key = everybody.evaluator_key
    left join groups on groups.vendor = everybody.vendor and groups.evaluator_key = everybody.evaluator_key
)

select
    vendor,
    evaluator_key,
    evaluator_name,
    evaluations,
    {{ qa_round('given') }} as given,
    case when is_comparable then {{ qa_round('leniency') }} end as leniency,
    case when is_comparable then {{ qa_round('standard_error') }} end as standard_error,
    linked_evaluations,
    linked_agents,
    evaluator_group,
    group_evaluators,
    is_comparable,
    case
        when is_comparable then null
        when linked_evaluations = 0 then 'Not comparable: nobody else evaluates these agents on the same form.'
        else 'Not comparable yet: ' || linked_evaluations || ' evaluations of ' || linked_agents
            || ' agents whom others evaluate, too; it takes 10 of 5.'
    end as note
from judged

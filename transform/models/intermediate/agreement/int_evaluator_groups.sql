-- Evaluators fall into groups that share no agent; leniency compares within a group only.
-- A group is called by its least evaluator key.
with recursive recent as (
    select vendor, evaluator_key, agent_key || scorecard_key || coalesce(scorecard_version, '') as subject, evaluated_on,
        max(evaluated_on) over (partition by vendor) as newest
    from {{ ref('qa_evaluations') }}
    where counts_for_quality and percent_without_auto_fail is not null and vendor_evaluator_id is not null
),

links as (
    select distinct vendor, evaluator_key, subject
    from recent
    where evaluated_on > newest - {{ var('qa_recent_days') }}
),

-- Everybody who evaluates an agent is joined to the first of them, in both directions: few edges, same groups.
hubs as (
    select vendor, evaluator_key, min(evaluator_key) over (partition by vendor, subject) as hub from links
),

edges as (
    select vendor, evaluator_key as here, hub as there from hubs
    union
    select vendor, hub, evaluator_key from hubs
),

reached as (
    select vendor, here, there from edges
    union
    select reached.vendor, reached.here, edges.there
    from reached
    join edges on edges.vendor = reached.vendor and edges.here = reached.there
)

select vendor, here as evaluator_key, min(there) as evaluator_group
from reached
group by 1, 2

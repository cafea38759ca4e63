-- A warning: vendors round to cents, and what was edited between two files differs until the next sync.
-- MaestroQA weighs sections, so its answers do not add up; an auto-fail of CXone leaves no points to compare.
{{ config(severity='warn') }}
with answers as (
    select evaluation_key, sum(points) as points, sum(max_points) as max_points
    from {{ ref('qa_answers') }}
    group by 1
)

select evaluations.evaluation_key, evaluations.percent_without_auto_fail, answers.points, answers.max_points
from {{ ref('qa_evaluations') }} as evaluations
join answers on answers.evaluation_key = evaluations.evaluation_key
where evaluations.vendor <> 'maestroqa'
    and answers.max_points > 0
    and (
        abs(evaluations.percent_without_auto_fail - 100 * answers.points / answers.max_points) > 0.006
        or (not evaluations.is_auto_failed and abs(evaluations.points - answers.points) > 0.006)
    )

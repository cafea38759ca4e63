-- Sums of a month and team.
select
    vendor,
    cast(date_trunc('month', evaluated_on) as date) as month,
    team_name,
    count(*) as evaluations,
    sum(score_percent) as sum_percent,
    count(*) filter (where is_passed) as passed,
    count(*) filter (where is_auto_failed) as auto_failed,
    sum(case when not is_auto_failed then score_percent else 0 end) as sum_of_others,
    max(max(evaluated_on)) over (partition by vendor) as newest_day
from {{ ref('qa_evaluations') }}
where counts_for_quality
group by 1, 2, 3

-- Sums of every week from a scope's first to its last: weeks without an evaluation are rows without one.
-- Scopes: all of a vendor, each team, each scorecard.
with recursive evaluations as (
    select
        vendor, team_name, scorecard_key, scorecard_name, evaluated_on, evaluated_week, score_percent, is_passed,
        is_auto_failed
    from {{ ref('qa_evaluations') }}
    where counts_for_quality
),

scoped as (
    select vendor, 'all' as scope, 'all' as scope_key, cast('all' as text) as scope_name, evaluated_week as week,
        score_percent, is_passed, is_auto_failed
    from evaluations
    union all
    select vendor, 'team', team_name, team_name, evaluated_week, score_percent, is_passed, is_auto_failed
    from evaluations
    union all
    select vendor, 'scorecard', scorecard_key, scorecard_name, evaluated_week, score_percent, is_passed, is_auto_failed
    from evaluations
),

sums as (
    select
        vendor, scope, scope_key, week,
        count(*) as evaluations,
        count(*) filter (where is_passed) as passed,
        count(*) filter (where is_auto_failed) as auto_failed,
        count(*) filter (where not is_auto_failed) as others,
        sum(case when not is_auto_failed then score_percent end) as sum_of_others,
        sum(case when not is_auto_failed then score_percent * score_percent end) as squares_of_others
    from scoped
    group by 1, 2, 3, 4
),

scopes as (
    select vendor, scope, scope_key, max(scope_name) as scope_name, min(week) as first_week, max(week) as last_week
    from scoped
    group by 1, 2, 3
),

newest as (
    select vendor, max(evaluated_on) as newest_day from evaluations group by 1
),

calendar as (
    select vendor, scope, scope_key, scope_name, last_week, first_week as week from scopes
    union all
    select vendor, scope, scope_key, scope_name, last_week, week + 7 from calendar where week < last_week
)

select
    calendar.vendor,
    calendar.scope,
    calendar.scope_key,
    calendar.scope_name,
    calendar.week,
    calendar.week + 6 > newest.newest_day as is_partial,
    coalesce(sums.evaluations, 0) as evaluations,
    coalesce(sums.passed, 0) as passed,
    coalesce(sums.auto_failed, 0) as auto_failed,
    coalesce(sums.others, 0) as others,
    sums.sum_of_others,
    sums.squares_of_others
from calendar
join newest on newest.vendor = calendar.vendor
left join sums
    on sums.vendor = calendar.vendor and sums.scope = calendar.scope
    and sums.scope_key = calendar.scope_key and sums.week = calendar.week

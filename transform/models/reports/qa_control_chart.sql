-- Is a week unlike the others? p charts of the shares, an XmR chart of the mean score of what did not auto-fail.
-- Signals: a week beyond its limits, the eighth week in a row on one side. The last week is never judged while it lasts.
with measures as (
    select weeks.*, 'pass_rate' as measure, evaluations as n, passed as hits, cast(null as double precision) as mean,
        cast(null as double precision) as variance
    from {{ ref('int_weekly_scores') }} as weeks
    union all
    select weeks.*, 'auto_fail_rate', evaluations, auto_failed, null, null
    from {{ ref('int_weekly_scores') }} as weeks
    union all
    select weeks.*, 'quality_score', others, null, sum_of_others / nullif(others, 0),
        case when others > 1 then greatest((squares_of_others - sum_of_others * sum_of_others / others) / (others - 1), 0) end
    from {{ ref('int_weekly_scores') }} as weeks
),

-- A moving range needs the week before: over a gap there is none.
moved as (
    select
        measures.*,
        not is_partial and n > 0 as is_judged,
        case
            when not is_partial and lag(week) over weeks = week - 7 then abs(mean - lag(mean) over weeks)
        end as moving_range
    from measures
    window weeks as (partition by vendor, scope, scope_key, measure order by week)
),

baselines as (
    select
        vendor, scope, scope_key, measure,
        count(*) as baseline_weeks,
        sum(hits) / nullif(cast(sum(n) as double precision), 0) as share,
        avg(mean) as mean,
        avg(moving_range) as mean_range
    from moved
    where is_judged
    group by 1, 2, 3, 4
),

-- One jump widens all limits, so ranges beyond their own limit are left out, once.
screened as (
    select
        moved.vendor, moved.scope, moved.scope_key, moved.measure,
        avg(moved.moving_range) filter (where moved.moving_range <= 3.27 * baselines.mean_range) as mean_range,
        count(*) filter (where moved.moving_range > 3.27 * baselines.mean_range) as ranges_left_out
    from moved
    join baselines
        on baselines.vendor = moved.vendor and baselines.scope = moved.scope
        and baselines.scope_key = moved.scope_key and baselines.measure = moved.measure
    where moved.is_judged
    group by 1, 2, 3, 4
),

limited as (
    select
        moved.*,
        baselines.baseline_weeks,
        screened.ranges_left_out,
        coalesce(
            baselines.baseline_weeks >= {{ var('qa_baseline_weeks') }}
            and (baselines.share between 0.05 and 0.95 or moved.measure = 'quality_score'),
            false
        ) as has_baseline,
        case when moved.measure = 'quality_score' then moved.mean else 100.0 * moved.hits / nullif(moved.n, 0) end as value,
        case when moved.measure = 'quality_score' then baselines.mean else 100 * baselines.share end as centre,
        case
            when moved.measure = 'quality_score' then 2.66 * screened.mean_range
            -- Too few for a normal limit: the week has its interval only.
            when moved.n * baselines.share * (1 - baselines.share) >= 3
            then 300 * sqrt(baselines.share * (1 - baselines.share) / moved.n)
        end as reach
    from moved
    left join baselines
        on baselines.vendor = moved.vendor and baselines.scope = moved.scope
        and baselines.scope_key = moved.scope_key and baselines.measure = moved.measure
    left join screened
        on screened.vendor = moved.vendor and screened.scope = moved.scope
        and screened.scope_key = moved.scope_key and screened.measure = moved.measure
),

-- Weeks in a row on one side share a start: the week less as many weeks as were on that side before it.
sided as (
    select
        limited.*,
        sign(value - centre) as side,
        week - 7 * cast(
            row_number() over (partition by vendor, scope, scope_key, measure, is_judged, sign(value - centre) order by week)
            as integer
        ) as run
    from limited
),

counted as (
    select
        sided.*,
        row_number() over (partition by vendor, scope, scope_key, measure, is_judged, side, run order by week) as run_length
    from sided
)

select
    vendor,
    scope,
    scope_key,
    scope_name,
    measure,
    week,
    is_partial,
    n as evaluations,
    {{ qa_round('value') }} as value,
    case
        when measure <> 'quality_score' then {{ qa_round(qa_wilson('hits', 'n', 'low')) }}
        else {{ qa_round(qa_z() ~ ' * -sqrt(variance / nullif(n, 0)) + value') }}
    end as interval_low,
    case
        when measure <> 'quality_score' then {{ qa_round(qa_wilson('hits', 'n', 'high')) }}
        else {{ qa_round(qa_z() ~ ' * sqrt(variance / nullif(n, 0)) + value') }}
    end as interval_high,
    case when has_baseline then {{ qa_round('centre') }} end as centre,
    case
        when has_baseline and measure = 'quality_score' then {{ qa_round('centre - reach') }}
        when has_baseline then {{ qa_round('greatest(centre - reach, 0 * reach)') }}
    end as limit_low,
    case
        when has_baseline and measure = 'quality_score' then {{ qa_round('centre + reach') }}
        when has_baseline then {{ qa_round('least(centre + reach, 100 + 0 * reach)') }}
    end as limit_high,
    case
        when not has_baseline or not is_judged then null
        when abs(value - centre) > reach then 'beyond the limits'
        when side <> 0 and run_length >= 8 and baseline_weeks >= 20 then 'eight weeks on one side'
    end as signal,
    coalesce(baseline_weeks, 0) as baseline_weeks,
    case when measure = 'quality_score' then coalesce(ranges_left_out, 0) end as ranges_left_out,
    case
        when coalesce(baseline_weeks, 0) < {{ var('qa_baseline_weeks') }}
            then 'No limits yet: ' || coalesce(baseline_weeks, 0)
            || ' complete weeks with evaluations; it takes {{ var("qa_baseline_weeks") }}.'
        when not has_baseline then 'No limits: the share is below 5 % or above 95 %.'
        when is_partial then 'This week is not over.'
        when n = 0 then 'No evaluations this week.'
        when reach is null then 'Too few evaluations this week for limits.'
    end as note
from counted

-- What moved since the month before? change = within teams + mix of teams: a total can fall though each team rose.
-- And for the score: how much of it came of auto-fails, how much of the other scores.
with months as (
    select
        vendor, month,
        lag(month) over (partition by vendor order by month) as month_before,
        lead(month) over (partition by vendor order by month) as month_after,
        sum(evaluations) as evaluations,
        sum(auto_failed) as auto_failed,
        sum(sum_of_others) as sum_of_others,
        max(newest_day) as newest_day
    from {{ ref('int_monthly_teams') }}
    group by 1, 2
),

measured as (
    select vendor, month, team_name, evaluations, 'quality_score' as measure, sum_percent as total
    from {{ ref('int_monthly_teams') }}
    union all
    select vendor, month, team_name, evaluations, 'pass_rate', 100.0 * passed
    from {{ ref('int_monthly_teams') }}
    union all
    select vendor, month, team_name, evaluations, 'auto_fail_rate', 100.0 * auto_failed
    from {{ ref('int_monthly_teams') }}
),

weighted as (
    select
        measured.*,
        months.month_before,
        months.month_after,
        measured.total / measured.evaluations as mean,
        measured.evaluations / cast(months.evaluations as double precision) as weight
    from measured
    join months on months.vendor = measured.vendor and months.month = measured.month
),

-- Each month beside the one before it, a row a team and side.
sides as (
    select vendor, measure, month, team_name, true as is_now, evaluations, total, mean, weight
    from weighted
    where month_before is not null
    union all
    select vendor, measure, month_after, team_name, false, evaluations, total, mean, weight
    from weighted
    where month_after is not null
),

teams as (
    select
        vendor, measure, month, team_name,
        coalesce(max(case when is_now then weight end), 0) as weight,
        coalesce(max(case when not is_now then weight end), 0) as weight_before,
        -- A team that is in one of the months only changes the mix, not what is within.
        coalesce(max(case when is_now then mean end), max(mean)) as mean,
        coalesce(max(case when not is_now then mean end), max(mean)) as mean_before,
        sum(case when is_now then evaluations else 0 end) as evaluations,
        sum(case when not is_now then evaluations else 0 end) as evaluations_before,
        sum(case when is_now then total else 0 end) as total,
        sum(case when not is_now then total else 0 end) as total_before,
        count(*) as months
    from sides
    group by 1, 2, 3, 4
),

changes as (
    select
        vendor, measure, month,
        {{ qa_count('sum(evaluations)') }} as evaluations,
        {{ qa_count('sum(evaluations_before)') }} as evaluations_before,
        sum(total) / sum(evaluations) as value,
        sum(total_before) / sum(evaluations_before) as value_before,
        sum((weight + weight_before) / 2 * (mean - mean_before)) as within_teams,
        sum((weight - weight_before) * (mean + mean_before) / 2) as mix_of_teams,
        count(*) filter (where months = 2 and mean > mean_before) as teams_up,
        count(*) filter (where months = 2 and mean < mean_before) as teams_down,
        count(*) as teams
    from teams
    group by 1, 2, 3
),

-- Score = (1 - auto-fail rate) x mean of the others, as far as an auto-fail makes it 0.
factors as (
    select
        now.vendor,
        now.month,
        now.month_before,
        cast(date_trunc('month', now.newest_day + 1) as date) = now.month as is_partial,
        1 - now.auto_failed / cast(now.evaluations as double precision) as factor,
        1 - before.auto_failed / cast(before.evaluations as double precision) as factor_before,
        now.sum_of_others / nullif(now.evaluations - now.auto_failed, 0) as others,
        before.sum_of_others / nullif(before.evaluations - before.auto_failed, 0) as others_before
    from months as now
    join months as before on before.vendor = now.vendor and before.month = now.month_before
),

shares as (
    select
        changes.*,
        case when measure <> 'quality_score' then value * evaluations / 100 end as hits,
        case when measure <> 'quality_score' then value_before * evaluations_before / 100 end as hits_before
    from changes
),

bounded as (
    select
        shares.*,
        {{ qa_wilson('hits', 'evaluations', 'low') }} as low,
        {{ qa_wilson('hits', 'evaluations', 'high') }} as high,
        {{ qa_wilson('hits_before', 'evaluations_before', 'low') }} as low_before,
        {{ qa_wilson('hits_before', 'evaluations_before', 'high') }} as high_before
    from shares
)

select
    bounded.vendor,
    bounded.month,
    factors.month_before,
    factors.is_partial,
    bounded.measure,
    bounded.evaluations,
    bounded.evaluations_before,
    {{ qa_round('bounded.value') }} as value,
    {{ qa_round('bounded.value_before') }} as value_before,
    {{ qa_round('bounded.value - bounded.value_before') }} as change,
    -- Newcombe's interval of a difference of shares.
    {{ qa_round('value - value_before - sqrt(power(value - low, 2) + power(high_before - value_before, 2))') }} as change_low,
    {{ qa_round('value - value_before + sqrt(power(high - value, 2) + power(value_before - low_before, 2))') }} as change_high,
    {{ qa_round('bounded.within_teams') }} as within_teams,
    {{ qa_round('bounded.mix_of_teams') }} as mix_of_teams,
    bounded.teams,
    bounded.teams_up,
    bounded.teams_down,
    case when measure = 'quality_score'
        then {{ qa_round('(factor - factor_before) * (others + others_before) / 2') }} end as by_auto_fails,
    case when measure = 'quality_score'
        then {{ qa_round('(others - others_before) * (factor + factor_before) / 2') }} end as by_other_scores,
    case
        when value < value_before and teams_up > 0 and teams_down = 0
            then 'The total fell though no team fell: teams with lower figures did more of the evaluated work.'
        when value > value_before and teams_down > 0 and teams_up = 0
            then 'The total rose though no team rose: teams with higher figures did more of the evaluated work.'
    end as note
from bounded
join factors on factors.vendor = bounded.vendor and factors.month = bounded.month

-- How scores of calibrated interactions agree: Krippendorff's alpha of interval data, and the verdict "auto-failed".
-- A row a scorecard, and one over all of a vendor's (level '').
with grades as (
    select vendor, scorecard_key as level, calibration_key, percent_without_auto_fail as score, is_auto_failed
    from {{ ref('int_calibration_grades') }}
    where role = 'rater' and percent_without_auto_fail is not null
    union all
    select vendor, '', calibration_key, percent_without_auto_fail, is_auto_failed
    from {{ ref('int_calibration_grades') }}
    where role = 'rater' and percent_without_auto_fail is not null
),

interactions as (
    select
        vendor, level, calibration_key,
        count(*) as raters,
        sum(score) as s1,
        sum(score * score) as s2,
        cast(count(*) filter (where is_auto_failed) as double precision) as failing
    from grades
    group by 1, 2, 3
    having count(*) >= 2
),

totals as (
    select
        vendor,
        level,
        count(*) as interactions,
        sum(raters) as n,
        sum(s1) as t1,
        sum(s2) as t2,
        sum((raters * s2 - s1 * s1) / (raters - 1)) as within_interactions,
        nullif(sum(raters) * sum(s2) - sum(s1) * sum(s1), 0) as total,
        avg((s2 - s1 * s1 / raters) / (raters - 1)) as mean_variance,
        avg(
            (failing * (failing - 1) + (raters - failing) * (raters - failing - 1)) / (raters * (raters - 1))
        ) as auto_fail_agreement
    from interactions
    group by 1, 2
),

-- By how much an interaction moves alpha: the derivative, by its part in each sum.
influences as (
    select
        totals.vendor,
        totals.level,
        (totals.n - 1) / total * (
            within_interactions * (raters * t2 + n * s2 - 2 * t1 * s1) / total
            - within_interactions * raters / (n - 1)
            - (raters * s2 - s1 * s1) / (raters - 1)
        ) as influence
    from interactions
    join totals on totals.vendor = interactions.vendor and totals.level = interactions.level
),

errors as (
    select vendor, level, stddev_samp(influence) * sqrt(count(*)) as error
    from influences
    group by 1, 2
)

select
    totals.vendor,
    totals.level,
    interactions,
    {{ qa_round('1 - (n - 1) * within_interactions / total', 6) }} as alpha,
    error,
    mean_variance,
    auto_fail_agreement
from totals
left join errors on errors.vendor = totals.vendor and errors.level = totals.level

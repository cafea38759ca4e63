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
)

select
    vendor,
    level,
    count(*) as interactions,
    {{ qa_round(
        '1 - (sum(raters) - 1) * sum((raters * s2 - s1 * s1) / (raters - 1))'
        ~ ' / nullif(sum(raters) * sum(s2) - sum(s1) * sum(s1), 0)', 6
    ) }} as alpha,
    avg((s2 - s1 * s1 / raters) / (raters - 1)) as mean_variance,
    avg(
        (failing * (failing - 1) + (raters - failing) * (raters - failing - 1)) / (raters * (raters - 1))
    ) as auto_fail_agreement
from interactions
group by 1, 2

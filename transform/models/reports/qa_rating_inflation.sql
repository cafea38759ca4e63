-- Do scores rise because work gets better, or because evaluators get milder? A rising pass rate with a steady deviation
-- from final grades is no inflation.
with quality as (
    select vendor, cast(date_trunc('month', evaluated_on) as date) as month, count(*) as evaluations,
        count(*) filter (where is_passed) as passed, avg(score_percent) as quality_score
    from {{ ref('qa_evaluations') }}
    where counts_for_quality
    group by 1, 2
),

deviations as (
    select
        raters.vendor,
        cast(date_trunc('month', raters.evaluated_on) as date) as month,
        count(*) as grades,
        avg(raters.percent_without_auto_fail - finals.percent_without_auto_fail) as deviation,
        stddev_samp(raters.percent_without_auto_fail - finals.percent_without_auto_fail) / sqrt(count(*)) as standard_error
    from {{ ref('int_calibration_grades') }} as raters
    join {{ ref('int_calibration_grades') }} as finals
        on finals.calibration_key = raters.calibration_key and finals.role = 'final'
    where raters.role = 'rater' and raters.evaluator_key <> finals.evaluator_key
    group by 1, 2
)

select
    quality.vendor,
    quality.month,
    quality.evaluations,
    {{ qa_round('quality.quality_score') }} as quality_score,
    {{ qa_round(qa_percent('quality.passed', 'quality.evaluations')) }} as pass_rate,
    coalesce(deviations.grades, 0) as grades_with_final,
    case when deviations.grades >= {{ var('qa_least_finals') }} then {{ qa_round('deviations.deviation') }} end as deviation,
    case when deviations.grades >= {{ var('qa_least_finals') }} then {{ qa_round('deviations.standard_error') }} end
        as standard_error,
    case
        when coalesce(deviations.grades, 0) < {{ var('qa_least_finals') }}
            then coalesce(deviations.grades, 0) || ' grades with a final grade by somebody else this month: too few to tell '
            || 'better work from milder evaluators.'
    end as note
from quality
left join deviations on deviations.vendor = quality.vendor and deviations.month = quality.month

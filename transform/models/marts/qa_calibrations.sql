-- One row for each evaluator of a calibration that two evaluators or more took part in.
with raters as (
    select * from {{ ref('int_calibration_grades') }} where role = 'rater'
),

finals as (
    select * from {{ ref('int_calibration_grades') }} where role = 'final'
),

sessions as (
    select
        calibration_key,
        count(*) as raters,
        sum(percent_without_auto_fail) as sum_percent,
        avg(percent_without_auto_fail) as mean_percent,
        var_samp(percent_without_auto_fail) as session_variance,
        max(percent_without_auto_fail) - min(percent_without_auto_fail) as session_range
    from raters
    group by 1
    having count(*) >= 2
),

-- The mean of the others leaves the own grade out: with it in, two raters are always half as far apart as they are.
-- For the same reason nobody is measured by a final grade of his own.
benchmarked as (
    select
        raters.*,
        sessions.raters,
        sessions.mean_percent,
        sessions.session_variance,
        sessions.session_range,
        coalesce(finals.evaluator_key = raters.evaluator_key, false) as benchmark_is_own,
        coalesce(finals.evaluator_key <> raters.evaluator_key, false) as has_final,
        case
            when finals.evaluator_key <> raters.evaluator_key then finals.percent_without_auto_fail
            else (sessions.sum_percent - raters.percent_without_auto_fail) / (sessions.raters - 1)
        end as benchmark_percent
    from raters
    join sessions on sessions.calibration_key = raters.calibration_key
    left join finals on finals.calibration_key = raters.calibration_key
),

-- Whom each rater is compared with: the final grade, or else every other rater.
pairs as (
    select
        benchmarked.evaluation_key,
        others.evaluation_key as other_key,
        benchmarked.is_auto_failed = others.is_auto_failed as same_verdict
    from benchmarked
    join {{ ref('int_calibration_grades') }} as others
        on others.calibration_key = benchmarked.calibration_key
        and others.evaluation_key <> benchmarked.evaluation_key
        and others.role = case when benchmarked.has_final then 'final' else 'rater' end
),

verdicts as (
    select evaluation_key, bool_and(same_verdict) as auto_fail_agrees
    from pairs
    group by 1
),

answers as (
    select
        pairs.evaluation_key,
        count(*) as answers_compared,
        {{ qa_percent('count(*) filter (where own.category = other.category)', 'count(*)') }} as agreement_percent,
        count(*) filter (where own.max_points > 0 and other.max_points > 0) as answers_aligned,
        {{ qa_percent(
            'sum(case when other.max_points > 0 then own.max_points - abs(own.points - other.points) end)',
            'sum(case when other.max_points > 0 then own.max_points end)',
        ) }} as alignment_percent
    from pairs
    join {{ ref('int_calibration_answers') }} as own on own.evaluation_key = pairs.evaluation_key
    join {{ ref('int_calibration_answers') }} as other
        on other.evaluation_key = pairs.other_key and other.question_key = own.question_key
    group by 1
),

-- On a short form a single question is more than the tolerance.
questions as (
    select evaluation_key, 100.0 / nullif(count(*) filter (where max_points > 0), 0) as percent_of_one
    from {{ ref('int_calibration_answers') }}
    group by 1
),

compared as (
    select
        benchmarked.*,
        benchmarked.percent_without_auto_fail - benchmarked.benchmark_percent as deviation_percent,
        greatest({{ var('qa_alignment_tolerance') }}, coalesce(questions.percent_of_one, 0)) as tolerance_percent
    from benchmarked
    left join questions on questions.evaluation_key = benchmarked.evaluation_key
)

select
    compared.calibration_key,
    compared.evaluation_key,
    compared.vendor,
    compared.calibration_session,
    compared.scorecard_key,
    compared.scorecard_name,
    compared.evaluator_key,
    compared.evaluator_name,
    compared.evaluated_on,
    compared.evaluated_week,
    compared.score_percent,
    compared.percent_without_auto_fail,
    compared.is_auto_failed,
    compared.raters,
    compared.regradings,
    compared.mean_percent,
    compared.benchmark_percent,
    case when compared.has_final then 'final grade' else 'mean of the others' end as benchmark_basis,
    compared.benchmark_is_own,
    compared.deviation_percent,
    compared.session_variance,
    compared.session_range,
    cast(compared.tolerance_percent as double precision) as tolerance_percent,
    abs(compared.deviation_percent) <= compared.tolerance_percent + 1e-9 as is_aligned,
    verdicts.auto_fail_agrees,
    coalesce(answers.answers_compared, 0) as answers_compared,
    answers.agreement_percent,
    coalesce(answers.answers_aligned, 0) as answers_aligned,
    answers.alignment_percent,
    compared.vendor_alignment_percent
from compared
left join verdicts on verdicts.evaluation_key = compared.evaluation_key
left join answers on answers.evaluation_key = compared.evaluation_key

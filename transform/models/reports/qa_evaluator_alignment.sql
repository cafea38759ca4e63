-- How near each evaluator is to the final grade of calibrated interactions, which somebody else gave.
with compared as (
    select
        raters.vendor,
        raters.evaluator_key,
        raters.evaluator_name,
        raters.calibration_key,
        raters.evaluation_key,
        finals.evaluation_key as final_key,
        raters.percent_without_auto_fail - finals.percent_without_auto_fail as deviation,
        raters.is_auto_failed = finals.is_auto_failed as same_verdict
    from {{ ref('int_calibration_grades') }} as raters
    join {{ ref('int_calibration_grades') }} as finals
        on finals.calibration_key = raters.calibration_key and finals.role = 'final'
    where raters.role = 'rater' and raters.evaluator_key <> finals.evaluator_key
),

answers as (
    select
        compared.vendor,
        compared.evaluator_key,
        count(*) as answers,
        count(*) filter (where own.category = final.category) as equal_answers
    from compared
    join {{ ref('int_calibration_answers') }} as own on own.evaluation_key = compared.evaluation_key
    join {{ ref('int_calibration_answers') }} as final
        on final.evaluation_key = compared.final_key and final.question_key = own.question_key
    group by 1, 2
),

scores as (
    select
        vendor,
        evaluator_key,
        max(evaluator_name) as evaluator_name,
        count(*) as interactions,
        count(*) filter (where same_verdict) as same_verdicts,
        avg(deviation) as bias,
        stddev_samp(deviation) as deviation_sd
    from compared
    group by 1, 2
),

judged as (
    select
        scores.*,
        coalesce(answers.answers, 0) as answers,
        coalesce(answers.equal_answers, 0) as equal_answers,
        coalesce(answers.answers >= 20, false) as has_answers,
        scores.interactions >= {{ var('qa_least_finals') }} as has_scores
    from scores
    left join answers on answers.vendor = scores.vendor and answers.evaluator_key = scores.evaluator_key
)

select
    vendor,
    evaluator_key,
    evaluator_name,
    interactions,
    answers,
    equal_answers,
    case when has_answers then {{ qa_round(qa_percent('equal_answers', 'answers')) }} end as agreement_percent,
    case when has_answers then {{ qa_round(qa_wilson('equal_answers', 'answers', 'low')) }} end as agreement_low,
    case when has_answers then {{ qa_round(qa_wilson('equal_answers', 'answers', 'high')) }} end as agreement_high,
    same_verdicts,
    case when has_scores then {{ qa_round('bias') }} end as bias,
    case when has_scores then {{ qa_round('deviation_sd') }} end as deviation_sd,
    case when has_scores then {{ qa_round('bias - 1.96 * deviation_sd') }} end as limit_low,
    case when has_scores then {{ qa_round('bias + 1.96 * deviation_sd') }} end as limit_high,
    case
        when not has_scores
            then interactions || ' interactions have a final grade by somebody else: too few for bias and limits, which take '
            || '{{ var("qa_least_finals") }}.'
    end as note
from judged

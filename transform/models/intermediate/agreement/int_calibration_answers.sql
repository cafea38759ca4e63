-- The answers of calibrated interactions, each with what its question offers.
with scales as (
    select
        scale,
        -- The form's number, or all that were seen where that is more: a form need not list "does not apply".
        greatest(
            count(distinct category),
            max(case when is_of_form then 1 + length(scale) - length(replace(scale, '|', '')) else 0 end)
        ) as answers_offered
    from {{ ref('int_answer_scales') }}
    group by 1
),

questions as (
    select distinct question_key, scale from {{ ref('int_answer_scales') }}
),

answers as (
    select
        grades.calibration_key,
        grades.role,
        grades.evaluation_key,
        grades.vendor,
        grades.scorecard_key,
        grades.scorecard_name,
        grades.evaluator_key,
        answers.question_key,
        {{ qa_category('answers') }} as category,
        answers.points,
        answers.max_points,
        {{ qa_share('answers') }} as share,
        row_number() over (partition by grades.evaluation_key, answers.question_key order by answers.answer_key) as place
    from {{ ref('int_calibration_grades') }} as grades
    join {{ ref('qa_answers') }} as answers on answers.evaluation_key = grades.evaluation_key
    where answers.is_scored
)

select
    answers.calibration_key,
    answers.role,
    answers.evaluation_key,
    answers.vendor,
    answers.scorecard_key,
    answers.scorecard_name,
    answers.evaluator_key,
    answers.question_key,
    answers.category,
    answers.points,
    answers.max_points,
    answers.share,
    questions.scale,
    scales.answers_offered
from answers
join questions on questions.question_key = answers.question_key
join scales on scales.scale = questions.scale
where answers.place = 1

-- Which answers a question offers: as the form says, else as seen in all evaluations. Points and labels of a form are
-- the categories of chance, whether or not anybody chose them in a calibration.
with asked as (
    select distinct answers.question_key
    from {{ ref('qa_answers') }} as answers
    join {{ ref('int_calibration_grades') }} as grades on grades.evaluation_key = answers.evaluation_key
),

seen as (
    select distinct
        answers.question_key,
        answers.answer_scale,
        {{ qa_category('answers') }} as category,
        {{ qa_share('answers') }} as share
    from {{ ref('qa_answers') }} as answers
    join asked on asked.question_key = answers.question_key
    where answers.is_scored
),

questions as (
    select
        question_key,
        max(answer_scale) as form_scale,
        string_agg(distinct category, '|' order by category) as seen_scale
    from seen
    group by 1
)

select
    seen.question_key,
    coalesce(questions.form_scale, questions.seen_scale) as scale,
    questions.form_scale is not null as is_of_form,
    seen.category,
    max(seen.share) as share
from seen
join questions on questions.question_key = seen.question_key
group by 1, 2, 3, 4

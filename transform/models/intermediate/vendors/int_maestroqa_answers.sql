-- The files share no id of the grade. One grader can grade a ticket twice: then the date tells the two apart.
with grades as (
    select
        _row_key,
        date_graded,
        {{ qa_maestroqa_grade('totals') }} as grade,
        count(*) over (partition by {{ qa_maestroqa_grade('totals') }}) as gradings
    from {{ ref('stg_maestroqa_total_scores') }} as totals
)

select
    'maestroqa' as vendor,
    grades._row_key as vendor_evaluation_id,
    answers._row_key as vendor_answer_id,
    answers.question_id as vendor_question_id,
    answers.question as question_text,
    answers.section_id as vendor_section_id,
    answers.section_name,
    answers.answer_label,
    cast(null as text) as answer_code,
    cast(null as text) as answer_scale,
    answers.question_score is null as is_not_applicable,
    answers.question_score as points,
    case when answers.question_score is not null then answers.max_question_score end as max_points,
    cast(null as boolean) as fails_all,
    cast(null as boolean) as fails_section,
    true as is_scored,
    cast(null as text) as cause_names,
    cast(null as text) as canned_comments
from {{ ref('stg_maestroqa_individual_answers') }} as answers
join grades
    on grades.grade = {{ qa_maestroqa_grade('answers') }}
    and (grades.gradings = 1 or grades.date_graded = answers.date_graded)

with answers as (
    select {{ qa_answer_columns() }} from {{ ref('int_scorebuddy_answers') }}
    union all
    select {{ qa_answer_columns() }} from {{ ref('int_maestroqa_answers') }}
    union all
    select {{ qa_answer_columns() }} from {{ ref('int_cxone_answers') }}
)

select
    md5(answers.vendor || '/' || answers.vendor_answer_id) as answer_key,
    evaluations.evaluation_key,
    answers.vendor,
    answers.vendor_question_id,
    md5(answers.vendor || '/' || coalesce(evaluations.vendor_scorecard_id, '') || '/' || answers.vendor_question_id)
        as question_key,
    answers.question_text,
    answers.vendor_section_id,
    answers.section_name,
    answers.answer_label,
    answers.answer_code,
    answers.answer_scale,
    answers.is_not_applicable,
    answers.is_scored,
    answers.points,
    answers.max_points,
    {{ qa_percent('answers.points', 'answers.max_points') }} as score_percent,
    case when answers.max_points > 0 then answers.points < answers.max_points end as lost_points,
    case when answers.max_points > 0 then answers.points = 0 end as is_failed,
    answers.fails_all,
    answers.fails_section,
    answers.cause_names,
    answers.canned_comments
from answers
join {{ ref('qa_evaluations') }} as evaluations
    on evaluations.vendor = answers.vendor and evaluations.vendor_evaluation_id = answers.vendor_evaluation_id

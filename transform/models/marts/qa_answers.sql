with answers as (
    select {{ qa_answer_columns() }} from {{ ref('int_scorebuddy_answers') }}
    union all
    select {{ qa_answer_columns() }} from {{ ref('int_maestroqa_answers') }}
    union all
    select {{ qa_answer_columns() }} from {{ ref('int_cxone_answers') }}
),

-- No vendor promises that a question stands once in an evaluation.
placed as (
    select
        answers.*,
        row_number() over (
            partition by vendor, vendor_evaluation_id, vendor_question_id order by answer_label, points
        ) as place
    from answers
)

select
    md5(evaluations.evaluation_key || '/' || placed.vendor_question_id || '/' || cast(placed.place as text)) as answer_key,
    evaluations.evaluation_key,
    placed.vendor,
    placed.vendor_question_id,
    md5(placed.vendor || '/' || coalesce(evaluations.vendor_scorecard_id, '') || '/' || placed.vendor_question_id)
        as question_key,
    placed.question_text,
    placed.vendor_section_id,
    placed.section_name,
    placed.answer_label,
    placed.answer_code,
    placed.answer_scale,
    placed.is_not_applicable,
    placed.is_scored,
    placed.points,
    placed.max_points,
    {{ qa_percent('placed.points', 'placed.max_points') }} as score_percent,
    case when placed.max_points > 0 then placed.points < placed.max_points end as lost_points,
    case when placed.max_points > 0 then placed.points = 0 end as is_failed,
    placed.fails_all,
    placed.fails_section
from placed
join {{ ref('qa_evaluations') }} as evaluations
    on evaluations.vendor = placed.vendor and evaluations.vendor_evaluation_id = placed.vendor_evaluation_id

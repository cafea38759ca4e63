-- A workflow can be shared by the evaluations of one calibration, so start and evaluator are part of the join. The kind is
-- not: this file may call "Calibration" what the other calls an evaluation that a calibration triggered.
-- Version 1 of the file of workflows has no id: there the interaction and the form stand in for it.
select
    'cxone' as vendor,
    w._row_key as vendor_evaluation_id,
    q._row_key as vendor_answer_id,
    q.question_id as vendor_question_id,
    q.question_title as question_text,
    q.section_id as vendor_section_id,
    q.section_title as section_name,
    q.answer as answer_label,
    cast(null as text) as answer_code,
    q.options as answer_scale,
    coalesce(q.scorable, true) and q.actual_score is null as is_not_applicable,
    case when coalesce(q.scorable, true) then q.actual_score end as points,
    case when coalesce(q.scorable, true) and q.actual_score is not null then q.max_score end as max_points,
    q.failed_critical_question as fails_all,
    cast(null as boolean) as fails_section,
    coalesce(q.scorable, true) as is_scored,
    cast(null as text) as cause_names,
    cast(null as text) as canned_comments
from {{ ref('stg_cxone_qm_questions') }} as q
join {{ ref('stg_cxone_qm_workflows') }} as w
    on w.start_date = q.evaluation_start_date
    and (coalesce(w.type, '') = 'Self-Assessment') = (coalesce(q.workflow_type, '') = 'Self-Assessment')
    and coalesce(w.evaluator_first_name, '') = coalesce(q.evaluator_first_name, '')
    and coalesce(w.evaluator_last_name, '') = coalesce(q.evaluator_last_name, '')
    and (
        w.workflow_id = q.workflow_instance_id
        or (w.workflow_id is null and w.segment_id = q.segment_id and w.form_name = q.form_name)
    )

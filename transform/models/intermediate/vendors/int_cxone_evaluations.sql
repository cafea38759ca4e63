with answers as (
    select
        vendor_evaluation_id,
        {{ qa_percent('sum(points)', 'sum(max_points)') }} as percent_without_auto_fail
    from {{ ref('int_cxone_answers') }}
    group by 1
)

select
    'cxone' as vendor,
    w._row_key as vendor_evaluation_id,
    case
        when w.evaluation_flow_trigger = 'Calibration' then 'calibration'
        when w.type = 'Self-Assessment' then 'self_assessment'
        else 'evaluation'
    end as evaluation_kind,
    w.agent_id as vendor_agent_id,
    cast(null as text) as agent_email,
    {{ qa_full_name('w.agent_first_name', 'w.agent_last_name') }} as agent_name,
    -- The file names evaluators and has no id of them.
    {{ qa_full_name('w.evaluator_first_name', 'w.evaluator_last_name') }} as vendor_evaluator_id,
    cast(null as text) as evaluator_email,
    {{ qa_full_name('w.evaluator_first_name', 'w.evaluator_last_name') }} as evaluator_name,
    w.form_name as vendor_scorecard_id,
    w.form_name as scorecard_name,
    w.form_version as scorecard_version,
    w.team_name,
    cast(null as text) as group_name,
    w.interaction_type as vendor_channel,
    w.segment_id as interaction_id,
    w.interaction_start_date as interaction_at,
    w.submission_date as evaluated_at,
    cast(null as date) as stated_day,
    w.last_updated as updated_at,
    w.score as points,
    w.maximum_possible_score as max_points,
    w.score_percentage as score_percent,
    case when w.failed_critical_question then answers.percent_without_auto_fail else w.score_percentage end
        as percent_without_auto_fail,
    cast(null as double precision) as pass_mark,
    cast(null as boolean) as passed_by_vendor,
    w.failed_critical_question as is_auto_failed,
    'stated' as auto_fail_basis,
    cast(null as boolean) as is_automatic,
    w.workflow_status as vendor_status,
    case
        when w.evaluation_flow_trigger = 'Calibration'
        then w.segment_id || '/' || coalesce(w.agent_id, '') || '/' || w.form_name || '/' || coalesce(w.form_version, '')
    end as calibration_session,
    cast(null as double precision) as vendor_alignment_percent,
    true as is_scored,
    cast(null as text) as event_name,
    cast(null as text) as sub_event_name,
    cast(null as text) as tags
from {{ ref('stg_cxone_qm_workflows') }} as w
left join answers on answers.vendor_evaluation_id = w._row_key
-- What was deleted or replaced is history, not quality.
where coalesce(w.workflow_status, '') not in ('Deleted', 'Deleted - Expired', 'Replaced')

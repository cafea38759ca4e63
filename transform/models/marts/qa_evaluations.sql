with evaluations as (
    select * from {{ ref('int_scorebuddy_evaluations') }}
    union all
    select * from {{ ref('int_maestroqa_evaluations') }}
    union all
    select * from {{ ref('int_cxone_evaluations') }}
),

dated as (
    select
        evaluations.*,
        md5(vendor || '/' || vendor_evaluation_id) as evaluation_key,
        md5(vendor || '/' || vendor_agent_id) as agent_key,
        md5(vendor || '/' || coalesce(vendor_evaluator_id, '')) as evaluator_key,
        md5(vendor || '/' || coalesce(vendor_scorecard_id, '')) as scorecard_key,
        coalesce(stated_day, {{ qa_day('evaluated_at') }}) as evaluated_on
    from evaluations
),

marked as (
    select
        dated.*,
        coalesce(dated.pass_mark, marks.pass_mark, {{ var('qa_pass_mark') }}) as mark,
        case
            when dated.pass_mark is not null then 'vendor'
            when marks.pass_mark is not null then 'seed'
            else 'default'
        end as pass_mark_basis
    from dated
    left join {{ ref('qa_pass_marks') }} as marks
        on marks.vendor = dated.vendor and marks.scorecard_name = dated.scorecard_name
)

select
    evaluation_key,
    vendor,
    vendor_evaluation_id,
    evaluation_kind,
    evaluation_kind = 'evaluation' and is_scored and score_percent is not null as counts_for_quality,
    agent_key,
    vendor_agent_id,
    {{ qa_personal('agent_email') }} as agent_email,
    {{ qa_name('agent_name', 'agent_key', 'agent') }} as agent_name,
    evaluator_key,
    -- MaestroQA's id of an evaluator is an address, CXone's a name.
    {% if var('qa_names') %}vendor_evaluator_id{% else %}case when vendor = 'scorebuddy' then vendor_evaluator_id end{% endif %} as vendor_evaluator_id,
    {{ qa_personal('evaluator_email') }} as evaluator_email,
    {{ qa_name('evaluator_name', 'evaluator_key', 'evaluator') }} as evaluator_name,
    scorecard_key,
    vendor_scorecard_id,
    scorecard_name,
    scorecard_version,
    coalesce(team_name, '(no team)') as team_name,
    group_name,
    case
        when lower(vendor_channel) like '%mail%' then 'email'
        when lower(vendor_channel) like '%chat%' then 'chat'
        when lower(vendor_channel) like '%call%' or lower(vendor_channel) like '%phone%' then 'voice'
        when lower(vendor_channel) = 'voice' then 'voice'
        when vendor = 'maestroqa' then 'ticket'
        else 'other'
    end as channel,
    vendor_channel,
    interaction_id,
    interaction_at,
    evaluated_at,
    evaluated_on,
    {{ qa_week('evaluated_on') }} as evaluated_week,
    updated_at,
    points,
    max_points,
    case when is_scored then score_percent end as score_percent,
    case when is_scored then percent_without_auto_fail end as percent_without_auto_fail,
    cast(mark as double precision) as pass_mark,
    pass_mark_basis,
    case
        when is_scored and score_percent is not null
        then coalesce(passed_by_vendor, score_percent >= mark) and not coalesce(is_auto_failed, false)
    end as is_passed,
    coalesce(is_auto_failed, false) as is_auto_failed,
    auto_fail_basis,
    is_automatic,
    vendor_status,
    calibration_session,
    vendor_alignment_percent,
    event_name,
    sub_event_name,
    tags
from marked

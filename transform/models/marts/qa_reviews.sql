-- What the person who was scored did about it.
with reviews as (
    select
        'scorebuddy' as vendor,
        cast(review_id as text) as vendor_review_id,
        md5('scorebuddy/' || cast(score_id as text)) as evaluation_key,
        review_date as reviewed_at,
        viewed as is_acknowledged,
        not accepted as is_disputed,
        cast(null as boolean) as is_resolved,
        request_one_2_one as wants_talk,
        cast(null as text) as agent_comment,
        cast(null as text) as resolver_name
    from {{ ref('stg_scorebuddy_score_reviews') }}

    union all

    select
        'cxone',
        _row_key,
        md5('cxone/' || _row_key),
        last_updated,
        coalesce(
            workflow_status in ('Completed Acknowledged', 'Completed Reviewed') and not coalesce(auto_acknowledged, false),
            false
        ),
        workflow_status in ('Dispute', 'In Review', 'Completed Reviewed')
            or user_review_comments is not null
            or dispute_resolver_last_name is not null,
        dispute_resolver_last_name is not null,
        null,
        user_review_comments,
        {{ qa_full_name('dispute_resolver_first_name', 'dispute_resolver_last_name') }}
    from {{ ref('stg_cxone_qm_workflows') }}
    where coalesce(type, '') <> 'Self-Assessment'
        and coalesce(evaluation_flow_trigger, '') <> 'Calibration'
        and coalesce(workflow_status, '') not in ('Deleted', 'Deleted - Expired', 'Replaced')
        and (
            workflow_status in ('Dispute', 'In Review', 'Completed Reviewed', 'Completed Acknowledged')
            or user_review_comments is not null
            or dispute_resolver_last_name is not null
        )

    union all

    -- MaestroQA's appeals stand in the activity log only, without the grade; an activity can make several lines.
    select
        'maestroqa',
        min(_row_key),
        null,
        time_stamp,
        null,
        true,
        bool_or(action_type in ('approve', 'deny')),
        null,
        null,
        max(case when action_type in ('approve', 'deny') then user_email end)
    from {{ ref('stg_maestroqa_audit_logs') }}
    where item_type = 'appeal'
    group by activity_id, time_stamp
)

select
    md5(vendor || '/' || vendor_review_id) as review_key,
    vendor,
    evaluation_key,
    reviewed_at,
    is_acknowledged,
    is_disputed,
    is_resolved,
    wants_talk,
    {{ qa_personal('agent_comment') }} as agent_comment,
    {{ qa_personal('resolver_name') }} as resolver_name
from reviews

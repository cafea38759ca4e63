-- One row for each coaching session that was not deleted.
with sessions as (
    select
        sessions.*,
        md5('maestroqa/' || sessions.id) as coaching_key,
        md5('maestroqa/' || sessions.agent_id) as agent_key,
        md5('maestroqa/' || sessions.coach_id) as coach_key,
        coalesce(sessions.meeting_date, sessions.created_at) as coached_at
    from {{ ref('stg_maestroqa_coaching_sessions') }} as sessions
    where not coalesce(sessions.is_deleted, false)
),

points as (
    select
        sessions.id,
        count(*) as points,
        count(*) filter (where {{ qa_text('point.item', 'type') }} = 'strength') as strengths,
        count(*) filter (where {{ qa_text('point.item', 'type') }} = 'opportunity') as opportunities,
        count(*) filter (where {{ qa_text('point.item', 'classification') }} = 'qa') as quality_points
    from sessions
    cross join {{ qa_items('sessions.coaching_points') }} as point(item)
    group by sessions.id
)

select
    sessions.coaching_key,
    'maestroqa' as vendor,
    sessions.id as vendor_coaching_id,
    sessions.agent_key,
    sessions.agent_id as vendor_agent_id,
    {{ qa_name('sessions.agent_name', 'sessions.agent_key', 'agent') }} as agent_name,
    sessions.coach_key,
    sessions.coach_id as vendor_coach_id,
    {{ qa_name('sessions.coach_name', 'sessions.coach_key', 'coach') }} as coach_name,
    sessions.coaching_template_name as template_name,
    sessions.meeting_format,
    sessions.created_at,
    sessions.updated_at,
    sessions.coached_at,
    {{ qa_day('sessions.coached_at') }} as coached_on,
    {{ qa_week(qa_day('sessions.coached_at')) }} as coached_week,
    coalesce(sessions.agent_confirmed, false) as is_confirmed_by_agent,
    coalesce(sessions.coach_confirmed, false) as is_confirmed_by_coach,
    coalesce(points.points, 0) as points,
    coalesce(points.strengths, 0) as strengths,
    coalesce(points.opportunities, 0) as opportunities,
    coalesce(points.quality_points, 0) as quality_points
from sessions
left join points on points.id = sessions.id

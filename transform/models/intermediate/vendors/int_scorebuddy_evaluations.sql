-- `/scores` has ids, points and the stored percentage; `/export/questions` has the names as they were at the time.
with named as (
    select
        score_id,
        min(category) as category,
        min(scorecard_name) as scorecard_name,
        min(evaluator) as evaluator_name,
        min(team_name) as team_name,
        min(group_name) as group_name,
        min(target) as target,
        min(event_name) as event_name,
        min(sub_event_name) as sub_event_name,
        {{ qa_full_name('min(first_name)', 'min(last_name)') }} as agent_name
    from {{ ref('stg_scorebuddy_export_questions') }}
    group by score_id
),

sub_events as (
    select
        events.scorecard_id,
        events.event_id,
        cast({{ qa_text('sub_event.item', 'sub_event_id') }} as bigint) as sub_event_id,
        max({{ qa_text('sub_event.item', 'sub_event_name') }}) as sub_event_name
    from {{ ref('stg_scorebuddy_scorecard_events') }} as events
    cross join {{ qa_items('events.sub_events') }} as sub_event(item)
    group by 1, 2, 3
),

-- Tags that custom objects offer: a score has their bare ids.
offered_tags as (
    select
        objects.scorecard_id,
        objects.object_id,
        {{ qa_text('tag.item', 'tag_id') }} as tag_id,
        {{ qa_text('tag.item', 'tag_name') }} as tag_name
    from {{ ref('stg_scorebuddy_scorecard_custom_objects') }} as objects
    cross join {{ qa_items('objects.object_tags') }} as tag(item)
),

tagged as (
    select
        scores.score_id,
        string_agg(distinct offered_tags.tag_name, '|' order by offered_tags.tag_name) as tags
    from {{ ref('stg_scorebuddy_scores') }} as scores
    cross join {{ qa_items('scores.custom_objects') }} as object(item)
    cross join {{ qa_items("(object.item -> 'tag_ids')") }} as tag(item)
    join offered_tags
        on offered_tags.scorecard_id = scores.scorecard_id
        and offered_tags.object_id = cast({{ qa_text('object.item', 'object_id') }} as bigint)
        and offered_tags.tag_id = cast(tag.item as text)
    group by scores.score_id
),

staff as (
    select staff_id, email_address from {{ ref('stg_scorebuddy_employees') }}
    union all
    select staff_id, email_address from {{ ref('stg_scorebuddy_supervisors') }}
)

select
    'scorebuddy' as vendor,
    cast(s.score_id as text) as vendor_evaluation_id,
    'evaluation' as evaluation_kind,
    cast(s.staff_id as text) as vendor_agent_id,
    {{ qa_address('staff.email_address') }} as agent_email,
    named.agent_name,
    cast(s.evaluator_id as text) as vendor_evaluator_id,
    {{ qa_address('users.email_address') }} as evaluator_email,
    coalesce({{ qa_full_name('users.first_name', 'users.last_name') }}, named.evaluator_name) as evaluator_name,
    cast(s.scorecard_id as text) as vendor_scorecard_id,
    coalesce(versions.scorecard_name, named.scorecard_name) as scorecard_name,
    cast(s.version_number as text) as scorecard_version,
    coalesce(teams.team_name, named.team_name) as team_name,
    coalesce(groups.group_name, named.group_name) as group_name,
    coalesce(categories.category, named.category) as vendor_channel,
    s.reference as interaction_id,
    s.event_date as interaction_at,
    -- The vendor states a day without a time.
    cast(s.score_date as timestamp) as evaluated_at,
    s.score_date as stated_day,
    s.last_edit_date as updated_at,
    -- A fail of all makes the result 0 %, while `score` keeps the points of the answers.
    case when s.fail_all and s.percentage = 0 then 0 else s.score end as points,
    s.max_score as max_points,
    s.percentage as score_percent,
    {{ qa_percent('s.score', 's.max_score') }} as percent_without_auto_fail,
    coalesce(versions.target, named.target) as pass_mark,
    not s.below_target as passed_by_vendor,
    s.fail_all as is_auto_failed,
    'stated' as auto_fail_basis,
    s.auto_score_used as is_automatic,
    cast(null as text) as vendor_status,
    cast(null as text) as calibration_session,
    cast(null as double precision) as vendor_alignment_percent,
    -- What is filled in on a card without points has no score.
    coalesce(cards.scorecard_type, 'standard') <> 'non-numeric' as is_scored,
    coalesce(events.event_name, named.event_name) as event_name,
    coalesce(sub_events.sub_event_name, named.sub_event_name) as sub_event_name,
    tagged.tags
from {{ ref('stg_scorebuddy_scores') }} as s
left join named on named.score_id = s.score_id
left join tagged on tagged.score_id = s.score_id
left join staff on staff.staff_id = s.staff_id
left join {{ ref('stg_scorebuddy_users') }} as users on users.user_id = s.evaluator_id
left join {{ ref('stg_scorebuddy_teams') }} as teams on teams.team_id = s.team_id
left join {{ ref('stg_scorebuddy_groups') }} as groups on groups.group_id = s.group_id
left join {{ ref('stg_scorebuddy_scorecards') }} as cards on cards.scorecard_id = s.scorecard_id
left join {{ ref('stg_scorebuddy_scorecard_versions') }} as versions
    on versions.scorecard_id = s.scorecard_id and versions.version_number = s.version_number
left join {{ ref('stg_scorebuddy_scorecard_categories') }} as categories
    on categories.category_id = versions.category_id
left join {{ ref('stg_scorebuddy_scorecard_events') }} as events
    on events.scorecard_id = s.scorecard_id and events.event_id = s.event_id
left join sub_events
    on sub_events.scorecard_id = s.scorecard_id
    and sub_events.event_id = s.event_id
    and sub_events.sub_event_id = s.sub_event_id

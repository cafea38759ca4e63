-- The export says neither which sections fail a whole grade nor that one did: 0 points of the whole beside points of a
-- section can come from nothing else.
with sections as (
    select {{ qa_maestroqa_grade('sections') }} as grade, max(section_score) as best_score
    from {{ ref('stg_maestroqa_section_scores') }} as sections
    group by 1
),

answers as (
    select
        vendor_evaluation_id,
        {{ qa_percent('sum(points)', 'sum(max_points)') }} as percent_without_auto_fail
    from {{ ref('int_maestroqa_answers') }}
    group by 1
),

-- An agent can be in several groups.
groups as (
    select agent_email, min(group_name) as group_name
    from {{ ref('stg_maestroqa_agent_groups') }}
    group by 1
),

grades as (
    select
        totals.*,
        totals.rubric_score = 0 and coalesce(sections.best_score, 0) > 0 as is_auto_failed
    from {{ ref('stg_maestroqa_total_scores') }} as totals
    left join sections on sections.grade = {{ qa_maestroqa_grade('totals') }}
)

select
    'maestroqa' as vendor,
    g._row_key as vendor_evaluation_id,
    case
        when g.grade_type = 'grading' then 'evaluation'
        when g.grade_type = 'calibration_review' then 'calibration'
        when g.grade_type = 'calibration_final' then 'calibration_benchmark'
        when g.grade_type = 'grader_qa' or g.target_answer_id is not null then 'grader_qa'
        else 'evaluation'
    end as evaluation_kind,
    g.agent_id as vendor_agent_id,
    {{ qa_address('g.agent_email') }} as agent_email,
    g.agent_name,
    g.grader as vendor_evaluator_id,
    {{ qa_address('g.grader') }} as evaluator_email,
    g.grader as evaluator_name,
    g.rubric_id as vendor_scorecard_id,
    g.rubric_name as scorecard_name,
    cast(null as text) as scorecard_version,
    groups.group_name as team_name,
    cast(null as text) as group_name,
    g.source as vendor_channel,
    g.gradable_id as interaction_id,
    g.ticket_created_at as interaction_at,
    g.date_first_graded as evaluated_at,
    cast(null as date) as stated_day,
    g.date_graded as updated_at,
    g.rubric_score as points,
    g.max_rubric_score as max_points,
    {{ qa_percent('g.rubric_score', 'g.max_rubric_score') }} as score_percent,
    case
        when g.is_auto_failed then answers.percent_without_auto_fail
        else {{ qa_percent('g.rubric_score', 'g.max_rubric_score') }}
    end as percent_without_auto_fail,
    cast(null as double precision) as pass_mark,
    cast(null as boolean) as passed_by_vendor,
    g.is_auto_failed,
    'inferred' as auto_fail_basis,
    cast(null as boolean) as is_automatic,
    cast(null as text) as vendor_status,
    case
        when g.grade_type like 'calibration%'
        then g.gradable_id || '/' || coalesce(g.agent_id, '') || '/' || coalesce(g.rubric_id, '')
    end as calibration_session,
    g.alignment_score as vendor_alignment_percent,
    true as is_scored,
    cast(null as text) as event_name,
    cast(null as text) as sub_event_name,
    cast(null as text) as tags
from grades as g
left join answers on answers.vendor_evaluation_id = g._row_key
left join groups on groups.agent_email = g.agent_email

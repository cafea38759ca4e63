select
    evaluations.scorecard_key,
    evaluations.vendor,
    evaluations.vendor_scorecard_id,
    max(evaluations.scorecard_name) as scorecard_name,
    count(distinct evaluations.scorecard_version) as versions_used,
    max(evaluations.pass_mark) as pass_mark,
    max(evaluations.pass_mark_basis) as pass_mark_basis,
    coalesce(max(cards.scorecard_type), 'standard') as scorecard_type,
    coalesce(bool_or(cards.archived or cards.deleted), false) as is_retired,
    count(*) as evaluations,
    min(evaluations.evaluated_on) as first_used_on,
    max(evaluations.evaluated_on) as last_used_on
from {{ ref('qa_evaluations') }} as evaluations
left join {{ ref('stg_scorebuddy_scorecards') }} as cards
    on evaluations.vendor = 'scorebuddy' and cast(cards.scorecard_id as text) = evaluations.vendor_scorecard_id
group by 1, 2, 3

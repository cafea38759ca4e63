select
    md5('betterworks/' || cast(id as text)) as goal_key,
    'betterworks' as vendor,
    cast(id as text) as vendor_goal_id,
    cast(parent_id as text) as vendor_parent_id,
    name as goal_name,
    is_key_result,
    md5('betterworks/' || coalesce({{ qa_text('owner', 'user_id') }}, {{ qa_text("(owner -> 'user')", 'id') }})) as agent_key,
    start as starts_on,
    "end" as ends_on,
    {{ qa_fiscal('year', '"end"') }} as fiscal_year,
    {{ qa_fiscal('quarter', '"end"') }} as fiscal_quarter,
    -- 0 to 1 on the wire; more than 1 is over-achievement.
    100.0 * cast({{ qa_text('measurement', 'progress') }} as double precision) as progress_percent,
    last_checkedin as last_checked_in_at,
    updated as updated_at
from {{ ref('stg_betterworks_goals') }}

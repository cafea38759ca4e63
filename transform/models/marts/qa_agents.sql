-- A row for each person of each vendor: of the vendors' lists, and whoever was scored without standing in one.
with listed as (
    select 'scorebuddy' as vendor, cast(staff_id as text) as vendor_agent_id, email_address, first_name, last_name,
        cast(null as text) as name, role as job, external_id as employee_number, deleted as is_deleted
    from {{ ref('stg_scorebuddy_employees') }}
    union all
    select 'scorebuddy', cast(staff_id as text), email_address, first_name, last_name, null, role, external_id, deleted
    from {{ ref('stg_scorebuddy_supervisors') }}
    union all
    select 'betterworks', cast(id as text), email, first_name, last_name, name, title, employee_id, false
    from {{ ref('stg_betterworks_users') }}
),

scored as (
    select vendor, vendor_agent_id, max(agent_email) as email, max(agent_name) as full_name
    from (
        select vendor, vendor_agent_id, agent_email, agent_name from {{ ref('int_scorebuddy_evaluations') }}
        union all
        select vendor, vendor_agent_id, agent_email, agent_name from {{ ref('int_maestroqa_evaluations') }}
        union all
        select vendor, vendor_agent_id, agent_email, agent_name from {{ ref('int_cxone_evaluations') }}
    ) as evaluations
    where vendor_agent_id is not null
    group by 1, 2
),

people as (
    select vendor, vendor_agent_id, {{ qa_address('email_address') }} as email,
        coalesce(name, {{ qa_full_name('first_name', 'last_name') }}) as full_name, job, employee_number, is_deleted
    from listed
    union all
    select vendor, vendor_agent_id, email, full_name, null, null, null
    from scored
    where not exists (
        select 1 from listed
        where listed.vendor = scored.vendor and listed.vendor_agent_id = scored.vendor_agent_id
    )
),

-- A name is somebody only where exactly one address has it.
names as (
    select {{ qa_fold('full_name') }} as name, min(email) as email
    from people
    where email is not null
    group by 1
    having count(distinct email) = 1
),

identified as (
    select
        people.*,
        md5(people.vendor || '/' || people.vendor_agent_id) as agent_key,
        coalesce(people.email{{ ', names.email' if var('qa_match_by_name') }}) as address,
        case
            when people.email is not null then 'email'
            {% if var('qa_match_by_name') %}when names.email is not null then 'name'{% endif %}
            else 'none'
        end as matched_by
    from people
    left join names on names.name = {{ qa_fold('people.full_name') }}
),

keyed as (
    select identified.*, md5(coalesce(address, vendor || '/' || vendor_agent_id)) as person_key
    from identified
)

select
    agent_key,
    person_key,
    vendor,
    vendor_agent_id,
    {{ qa_personal('email') }} as email,
    {{ qa_name('full_name', 'agent_key', 'agent') }} as full_name,
    job,
    {{ qa_personal('employee_number') }} as employee_number,
    coalesce(is_deleted, false) as is_deleted,
    matched_by,
    count(*) over (partition by person_key) as rows_of_person
from keyed

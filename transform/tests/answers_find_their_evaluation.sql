-- A warning: answers without an evaluation come of a stream that is not selected, or of files of different days.
{{ config(severity='warn') }}
with counts(what, found, wanted) as (
    select 'scorebuddy', (select count(*) from {{ ref('qa_answers') }} where vendor = 'scorebuddy'),
        (select count(*) from {{ ref('stg_scorebuddy_export_questions') }})
    union all
    select 'maestroqa', (select count(*) from {{ ref('qa_answers') }} where vendor = 'maestroqa'),
        (select count(*) from {{ ref('stg_maestroqa_individual_answers') }})
    union all
    select 'cxone', (select count(*) from {{ ref('qa_answers') }} where vendor = 'cxone'),
        (select count(*) from {{ ref('stg_cxone_qm_questions') }})
)

select * from counts where found < wanted

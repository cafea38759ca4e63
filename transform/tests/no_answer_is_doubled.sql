-- MaestroQA's and CXone's files share no id, so the join of answers to evaluations could find two.
with counts(what, found, most) as (
    select 'maestroqa', (select count(*) from {{ ref('qa_answers') }} where vendor = 'maestroqa'),
        (select count(*) from {{ ref('stg_maestroqa_individual_answers') }})
    union all
    select 'cxone', (select count(*) from {{ ref('qa_answers') }} where vendor = 'cxone'),
        (select count(*) from {{ ref('stg_cxone_qm_questions') }})
)

select * from counts where found > most

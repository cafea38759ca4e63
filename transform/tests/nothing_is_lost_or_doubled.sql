-- Every raw evaluation is one row of qa_evaluations, but for what CXone deleted or replaced; every raw answer whose
-- evaluation is there is one row of qa_answers.
with counts(what, found, wanted) as (
    select 'scorebuddy evaluations',
        (select count(*) from {{ ref('qa_evaluations') }} where vendor = 'scorebuddy'),
        (select count(*) from {{ ref('stg_scorebuddy_scores') }})
    union all
    select 'maestroqa evaluations',
        (select count(*) from {{ ref('qa_evaluations') }} where vendor = 'maestroqa'),
        (select count(*) from {{ ref('stg_maestroqa_total_scores') }})
    union all
    select 'cxone evaluations',
        (select count(*) from {{ ref('qa_evaluations') }} where vendor = 'cxone'),
        (select count(*) from {{ ref('stg_cxone_qm_workflows') }}
            where coalesce(workflow_status, '') not in ('Deleted', 'Deleted - Expired', 'Replaced'))
    union all
    select 'scorebuddy answers',
        (select count(*) from {{ ref('qa_answers') }} where vendor = 'scorebuddy'),
        (select count(*) from {{ ref('stg_scorebuddy_export_questions') }}
            where score_id in (select score_id from {{ ref('stg_scorebuddy_scores') }}))
    union all
    select 'calibration grades',
        (select count(*) from {{ ref('int_calibration_grades') }} where role = 'rater'),
        (select count(distinct vendor || calibration_session || evaluator_key) from {{ ref('qa_evaluations') }}
            where evaluation_kind = 'calibration' and calibration_session is not null and score_percent is not null)
    union all
    select 'goals', (select count(*) from {{ ref('qa_goals') }}), (select count(*) from {{ ref('stg_betterworks_goals') }})
)

select * from counts where found <> wanted

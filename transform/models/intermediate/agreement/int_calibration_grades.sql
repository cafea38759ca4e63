-- Who graded which calibrated interaction, and the final grade. Who grades it twice is one rater: the newest grading
-- counts. Scores are those of the answers: an auto-fail says nothing of how near two evaluators are.
with grades as (
    select
        md5(vendor || '/' || calibration_session) as calibration_key,
        case when evaluation_kind = 'calibration' then 'rater' else 'final' end as role,
        evaluations.*
    from {{ ref('qa_evaluations') }} as evaluations
    where calibration_session is not null and score_percent is not null
),

ordered as (
    select
        grades.*,
        -- One final grade an interaction, one grade a rater.
        row_number() over (
            partition by calibration_key, role, case when role = 'rater' then evaluator_key end
            order by evaluated_at desc, updated_at desc, evaluation_key
        ) as newest,
        count(*) over (partition by calibration_key, role, evaluator_key) as gradings
    from grades
)

select
    calibration_key,
    calibration_session,
    role,
    evaluation_key,
    vendor,
    scorecard_key,
    scorecard_name,
    evaluator_key,
    evaluator_name,
    evaluated_on,
    evaluated_week,
    score_percent,
    percent_without_auto_fail,
    is_auto_failed,
    vendor_alignment_percent,
    gradings - 1 as regradings
from ordered
where newest = 1

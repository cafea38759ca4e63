-- The headline figures of each vendor, over all time.
with quality as (
    select
        vendor,
        count(*) as evaluations,
        avg(score_percent) as quality_score,
        {{ qa_percent('sum(points)', 'sum(max_points)') }} as quality_score_by_points,
        count(*) filter (where is_passed) as passed,
        count(*) filter (where is_auto_failed) as auto_failed,
        avg(case when not is_auto_failed then score_percent end) as quality_score_of_others,
        min(auto_fail_basis) as auto_fail_basis
    from {{ ref('qa_evaluations') }}
    where counts_for_quality
    group by 1
),

disputes as (
    select vendor, sum(disputed) as disputed, sum(acknowledged) as acknowledged
    from {{ ref('qa_quality_weekly') }}
    group by 1
),

-- A session counts once, however many took part in it.
sessions as (
    select vendor, count(*) as calibrations, avg(session_variance) as mean_variance
    from (select distinct vendor, calibration_key, session_variance from {{ ref('qa_calibrations') }}) as sessions
    group by 1
),

calibration as (
    select
        vendor,
        count(*) as calibration_grades,
        avg(abs(deviation_percent)) as mean_deviation,
        {{ qa_percent('count(*) filter (where is_aligned)', 'count(*)') }} as aligned_rate,
        sum(alignment_percent * answers_aligned) / nullif(sum(answers_aligned), 0) as alignment
    from {{ ref('qa_calibrations') }}
    group by 1
)

select
    quality.vendor,
    quality.evaluations,
    {{ qa_round('quality.quality_score') }} as quality_score,
    {{ qa_round('quality.quality_score_by_points') }} as quality_score_by_points,
    {{ qa_round(qa_percent('quality.passed', 'quality.evaluations')) }} as pass_rate,
    {{ qa_round(qa_wilson('quality.passed', 'quality.evaluations', 'low')) }} as pass_rate_low,
    {{ qa_round(qa_wilson('quality.passed', 'quality.evaluations', 'high')) }} as pass_rate_high,
    {{ qa_round(qa_percent('quality.auto_failed', 'quality.evaluations')) }} as auto_fail_rate,
    {{ qa_round(qa_wilson('quality.auto_failed', 'quality.evaluations', 'low')) }} as auto_fail_rate_low,
    {{ qa_round(qa_wilson('quality.auto_failed', 'quality.evaluations', 'high')) }} as auto_fail_rate_high,
    quality.auto_fail_basis,
    {{ qa_round('quality.quality_score_of_others') }} as quality_score_of_others,
    {{ qa_round(qa_percent('disputes.disputed', 'quality.evaluations')) }} as dispute_rate,
    {{ qa_round(qa_wilson('disputes.disputed', 'quality.evaluations', 'low')) }} as dispute_rate_low,
    {{ qa_round(qa_wilson('disputes.disputed', 'quality.evaluations', 'high')) }} as dispute_rate_high,
    coalesce(sessions.calibrations, 0) as calibrations,
    coalesce(calibration.calibration_grades, 0) as calibration_grades,
    {{ qa_round('calibration.mean_deviation') }} as mean_deviation,
    {{ qa_round('sessions.mean_variance') }} as mean_variance,
    {{ qa_round('calibration.aligned_rate') }} as aligned_rate,
    {{ qa_round('calibration.alignment') }} as alignment,
    agreement.agreement_percent as agreement,
    agreement.ac1,
    agreement.ac1_low,
    agreement.ac1_high,
    agreement.ac1_verdict,
    agreement.ac2,
    agreement.alpha,
    agreement.note as agreement_note
from quality
left join disputes on disputes.vendor = quality.vendor
left join sessions on sessions.vendor = quality.vendor
left join calibration on calibration.vendor = quality.vendor
left join {{ ref('qa_agreement') }} as agreement
    on agreement.vendor = quality.vendor and agreement.scorecard_key is null

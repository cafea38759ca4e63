-- Do evaluators agree on calibrated interactions? A row a scorecard, and one over all of a vendor's (scorecard_key null).
-- Chance is worked out apart for each set of answers on offer: where only Yes and No are offered, nobody answers "Partly"
-- by chance.
with graded as (
    select vendor, scorecard_key as level, scorecard_key, scorecard_name, calibration_key, evaluator_key
    from {{ ref('int_calibration_grades') }}
    where role = 'rater'
    union all
    select vendor, '', null, null, calibration_key, evaluator_key
    from {{ ref('int_calibration_grades') }}
    where role = 'rater'
),

levels as (
    select
        vendor, level,
        max(scorecard_key) as scorecard_key,
        max(scorecard_name) as scorecard_name,
        count(distinct calibration_key) as interactions,
        count(distinct evaluator_key) as evaluators
    from graded
    group by 1, 2
),

answers as (
    select
        vendor, level,
        {{ qa_count('sum(units)') }} as units,
        {{ qa_count('sum(unanimous_units)') }} as unanimous_units,
        sum(sum_agreement) / sum(units) as agreement,
        sum(expected_agreement * units) / sum(units) as expected,
        max(answers_used) as answers_used,
        {{ qa_count('sum(points_units)') }} as points_units,
        sum(sum_nearness) / nullif(sum(points_units), 0) as nearness,
        sum(expected_nearness * points_units) / nullif(sum(points_units), 0) as expected_nearness,
        max(points_used) as points_used
    from {{ ref('int_agreement_answers') }}
    group by 1, 2
),

judged as (
    select
        levels.*,
        coalesce(answers.units, 0) as units,
        coalesce(answers.unanimous_units, 0) as unanimous_units,
        answers.agreement,
        answers.expected,
        answers.nearness,
        answers.expected_nearness,
        coalesce(answers.points_units, 0) as points_units,
        answers.answers_used,
        coalesce(answers.units >= {{ var('qa_least_units') }} and levels.evaluators >= 2, false) as has_enough,
        coalesce(answers.units >= {{ var('qa_least_units') }} and answers.answers_used > 1, false) as has_chance,
        coalesce(answers.points_units >= {{ var('qa_least_units') }} and answers.points_used > 1, false)
            as has_chance_of_points,
        coalesce(scores.interactions, 0) as scored_interactions,
        case when scores.interactions >= {{ var('qa_least_interactions') }} then scores.alpha end as alpha,
        scores.mean_variance,
        scores.auto_fail_agreement
    from levels
    left join answers on answers.vendor = levels.vendor and answers.level = levels.level
    left join {{ ref('int_agreement_scores') }} as scores
        on scores.vendor = levels.vendor and scores.level = levels.level
)

select
    vendor,
    scorecard_key,
    scorecard_name,
    interactions,
    evaluators,
    units,
    unanimous_units,
    case when units >= 20 then {{ qa_round('100 * agreement') }} end as agreement_percent,
    case when has_chance then {{ qa_round('100 * expected') }} end as chance_percent,
    case when has_chance then {{ qa_round('(agreement - expected) / nullif(1 - expected, 0)', 5) }} end as ac1,
    points_units,
    case when has_chance_of_points
        then {{ qa_round('(nearness - expected_nearness) / nullif(1 - expected_nearness, 0)', 5) }} end as ac2,
    scored_interactions,
    {{ qa_round('alpha', 5) }} as alpha,
    {{ qa_round('mean_variance') }} as mean_variance,
    {{ qa_round('100 * auto_fail_agreement') }} as auto_fail_agreement_percent,
    case
        when units = 0 then 'No interaction was graded by two evaluators: nothing to compare.'
        when not has_enough
            then interactions || ' interactions were calibrated by ' || evaluators || ' evaluators: all agreed on '
            || unanimous_units || ' of ' || units || ' answers. Too few to say whether that is more than chance; '
            || '{{ var("qa_least_units") }} answers are needed.'
        when not has_chance
            then 'All ' || units || ' answers were the same one: agreement cannot be told from habit.'
        when alpha is null
            then scored_interactions || ' interactions have two scores; alpha needs {{ var("qa_least_interactions") }}'
            || ' whose scores are not all the same.'
    end as note
from judged

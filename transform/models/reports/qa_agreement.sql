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

judged as (
    select
        levels.*,
        coalesce(answers.units, 0) as units,
        coalesce(answers.unanimous_units, 0) as unanimous_units,
        answers.agreement,
        answers.expected,
        coalesce(points.units, 0) as points_units,
        coalesce(answers.interactions, 0) as answered_interactions,
        coalesce(answers.units >= {{ var('qa_least_units') }} and levels.evaluators >= 2, false) as has_enough,
        coalesce(answers.units >= {{ var('qa_least_units') }} and answers.used > 1, false) as has_chance,
        case when answers.units >= {{ var('qa_least_units') }} and answers.used > 1 then answers.coefficient end as ac1,
        answers.error as ac1_error,
        case when points.units >= {{ var('qa_least_units') }} and points.used > 1 then points.coefficient end as ac2,
        points.error as ac2_error,
        points.interactions as pointed_interactions,
        coalesce(scores.interactions, 0) as scored_interactions,
        case when scores.interactions >= {{ var('qa_least_interactions') }} then scores.alpha end as alpha,
        scores.error as alpha_error,
        scores.mean_variance,
        scores.auto_fail_agreement
    from levels
    left join {{ ref('int_agreement_answers') }} as answers
        on answers.vendor = levels.vendor and answers.level = levels.level and answers.measure = 'answers'
    left join {{ ref('int_agreement_answers') }} as points
        on points.vendor = levels.vendor and points.level = levels.level and points.measure = 'points'
    left join {{ ref('int_agreement_scores') }} as scores
        on scores.vendor = levels.vendor and scores.level = levels.level
),

bounded as (
    select
        *,
        {{ qa_round(qa_t_bound('ac1', 'ac1_error', 'answered_interactions', 'low'), 5) }} as ac1_low,
        {{ qa_round(qa_t_bound('ac1', 'ac1_error', 'answered_interactions', 'high'), 5) }} as ac1_high
    from judged
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
    {{ qa_round('ac1', 5) }} as ac1,
    ac1_low,
    ac1_high,
    case
        when ac1_low >= 0.8 then 'reliable'
        when ac1_low >= 0.667 then 'tentative'
        when ac1_low is not null then 'to discuss'
    end as ac1_verdict,
    points_units,
    {{ qa_round('ac2', 5) }} as ac2,
    {{ qa_round(qa_t_bound('ac2', 'ac2_error', 'pointed_interactions', 'low'), 5) }} as ac2_low,
    {{ qa_round(qa_t_bound('ac2', 'ac2_error', 'pointed_interactions', 'high'), 5) }} as ac2_high,
    scored_interactions,
    {{ qa_round('alpha', 5) }} as alpha,
    {{ qa_round(qa_t_bound('alpha', 'alpha_error', 'scored_interactions', 'low'), 5) }} as alpha_low,
    {{ qa_round(qa_t_bound('alpha', 'alpha_error', 'scored_interactions', 'high'), 5) }} as alpha_high,
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
        when ac1_low is null
            then 'All answers are of ' || answered_interactions
            || ' interactions: too few to say how far AC1 may be off; 5 are needed.'
        when alpha is null
            then scored_interactions || ' interactions have two scores; alpha needs {{ var("qa_least_interactions") }}'
            || ' whose scores are not all the same.'
    end as note
from bounded

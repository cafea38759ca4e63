-- How answers of calibrated interactions agree: a row a scorecard, one over all of a vendor's (level ''), and each twice,
-- by answer (AC1) and by points, where near points agree in part (AC2). A unit is one question of one interaction.
-- Chance is worked out apart for each set of answers on offer: where only Yes and No are offered, nobody answers "Partly"
-- by chance. Errors are Gwet's, by linearization, but of interactions: the answers in one of them hang together.
-- Windows instead of joins of units: PostgreSQL knows too little of them to join them well.
with ratings as (
    select
        vendor,
        case when is_scorecard then scorecard_key else '' end as level,
        measure,
        scale,
        calibration_key,
        calibration_key || question_key as unit,
        case when measure = 'answers' then category else cast(share as text) end as given,
        share,
        answers_offered
    from {{ ref('int_calibration_answers') }}
    cross join (select true as is_scorecard union all select false) as levels
    cross join (select 'answers' as measure union all select 'points') as measures
    where role = 'rater' and (measure = 'answers' or share is not null)
),

-- The answers that a unit was given, and by how many raters.
answers as (
    select
        vendor, level, measure, scale, calibration_key, unit, given,
        max(share) as share,
        max(answers_offered) as answers_offered,
        count(*) as raters,
        sum(count(*)) over (partition by vendor, level, measure, unit) as all_raters,
        cast(count(*) as double precision) / sum(count(*)) over (partition by vendor, level, measure, unit) as weight
    from ratings
    group by 1, 2, 3, 4, 5, 6, 7
),

-- How often an answer is given: the mean over units of its part in the unit. Units of one rater count here, too.
parts as (
    select
        *,
        sum(weight) over (partition by vendor, level, measure, scale, given)
            / sum(weight) over (partition by vendor, level, measure, scale) as part,
        coalesce(sum(raters) over below, 0) as raters_below,
        coalesce(sum(raters * share) over below, 0) as shares_below
    from answers
    window below as (
        partition by vendor, level, measure, unit order by share rows between unbounded preceding and 1 preceding
    )
),

-- `typical`: how likely its answers are. `agreement`: which part of its pairs of raters is of one mind, or how near their
-- points are.
units as (
    select
        vendor, level, measure, scale, calibration_key, unit,
        sum(weight * part) as typical,
        case when max(all_raters) > 1 then case measure
            when 'answers' then sum(raters * (raters - 1)) / cast(max(all_raters * (all_raters - 1)) as double precision)
            else 1 - 2 * sum(raters * (share * raters_below - shares_below)) / max(all_raters * (all_raters - 1))
        end end as agreement
    from parts
    group by 1, 2, 3, 4, 5, 6
),

shares as (
    select distinct scale, share from {{ ref('int_answer_scales') }} where share is not null
),

nearness as (
    select a.scale, count(distinct a.share) as points_offered, sum(1 - abs(a.share - b.share)) as sum_of_weights
    from shares as a
    join shares as b on b.scale = a.scale
    group by 1
),

-- What turns the sum of parts of unlike answers into the agreement to be expected.
scales as (
    select
        vendor, level, measure, answers.scale,
        count(distinct given) as used,
        coalesce(case measure
            when 'answers' then 1.0 / nullif(greatest(max(answers_offered), count(distinct given)) - 1, 0)
            else max(sum_of_weights) / nullif(max(points_offered) * (max(points_offered) - 1), 0)
        end, 0) as factor
    from answers
    left join nearness on nearness.scale = answers.scale
    group by 1, 2, 3, 4
),

-- The mean of `typical` is the sum of the squares of all parts.
placed as (
    select
        units.*,
        used,
        factor,
        avg(typical) over scale as squares,
        factor * (1 - avg(typical) over scale) as expected,
        count(*) over scale as rated_units,
        count(agreement) over scale as compared_units
    from units
    join scales
        on scales.vendor = units.vendor and scales.level = units.level
        and scales.measure = units.measure and scales.scale = units.scale
    window scale as (partition by units.vendor, units.level, units.measure, units.scale)
),

totals as (
    select
        vendor, level, measure,
        count(*) as units,
        count(*) filter (where agreement = 1) as unanimous_units,
        avg(agreement) as agreement,
        avg(expected) as expected,
        max(used) as used
    from placed
    where agreement is not null
    group by 1, 2, 3
),

coefficients as (
    select *, (agreement - expected) / nullif(1 - expected, 0) as coefficient from totals
),

-- By how much an interaction moves the coefficient.
influences as (
    select
        placed.vendor, placed.level, placed.measure, calibration_key,
        sum(
            coalesce(placed.agreement - c.agreement - (1 - coefficient) * (placed.expected - c.expected), 0)
            - (1 - coefficient) * compared_units * 2 * factor * (squares - typical) / rated_units
        ) / max(units * (1 - c.expected)) as influence
    from placed
    join coefficients as c on c.vendor = placed.vendor and c.level = placed.level and c.measure = placed.measure
    where c.expected < 1
    group by 1, 2, 3, 4
),

errors as (
    select
        vendor, level, measure,
        count(*) as interactions,
        sqrt(sum(influence * influence) * count(*) / nullif(count(*) - 1, 0)) as error
    from influences
    group by 1, 2, 3
)

select
    c.vendor,
    c.level,
    c.measure,
    c.units,
    c.unanimous_units,
    c.agreement,
    {{ qa_round('c.expected', 8) }} as expected,
    c.used,
    c.coefficient,
    coalesce(errors.interactions, 0) as interactions,
    errors.error
from coefficients as c
left join errors on errors.vendor = c.vendor and errors.level = c.level and errors.measure = c.measure

-- How answers of calibrated interactions agree, by what they offer. A unit is one question of one interaction.
-- A row a scorecard and scale, and one over all of a vendor's scorecards (level '').
with answers as (
    select vendor, scorecard_key as level, scale, answers_offered, calibration_key || question_key as unit,
        calibration_key, evaluator_key, category, share
    from {{ ref('int_calibration_answers') }}
    where role = 'rater'
    union all
    select vendor, '', scale, answers_offered, calibration_key || question_key,
        calibration_key, evaluator_key, category, share
    from {{ ref('int_calibration_answers') }}
    where role = 'rater'
),

weighted as (
    select
        answers.*,
        1 / cast(count(*) over (partition by vendor, level, unit) as double precision) as weight,
        case when share is not null then 1.0 / count(share) over (partition by vendor, level, unit) end as share_weight
    from answers
),

-- Which part of a unit's pairs of raters is of one mind, and how near their points are.
units as (
    select
        a.vendor, a.level, a.scale, a.unit,
        avg(cast(case when a.category = b.category then 1 else 0 end as double precision)) as agreement,
        avg(1 - abs(a.share - b.share)) as nearness
    from answers as a
    join answers as b
        on b.vendor = a.vendor and b.level = a.level and b.unit = a.unit and b.evaluator_key <> a.evaluator_key
    group by 1, 2, 3, 4
),

agreed as (
    select
        vendor, level, scale,
        count(*) as units,
        count(*) filter (where agreement = 1) as unanimous_units,
        sum(agreement) as sum_agreement,
        count(nearness) as points_units,
        sum(nearness) as sum_nearness
    from units
    group by 1, 2, 3
),

-- How often an answer is given: the mean over units of its part in the unit. Units of one rater count here, too.
given as (
    select vendor, level, scale, category, max(answers_offered) as answers_offered, sum(weight) as weight
    from weighted
    group by 1, 2, 3, 4
),

parts as (
    select *, weight / sum(weight) over (partition by vendor, level, scale) as part from given
),

chance as (
    select
        vendor, level, scale,
        count(*) as answers_used,
        sum(part * (1 - part)) / nullif(greatest(max(answers_offered), count(*)) - 1, 0) as expected
    from parts
    group by 1, 2, 3
),

-- The same for points, with partial agreement for near points.
given_points as (
    select vendor, level, scale, share, sum(share_weight) as weight
    from weighted
    where share is not null
    group by 1, 2, 3, 4
),

parts_of_points as (
    select *, weight / sum(weight) over (partition by vendor, level, scale) as part from given_points
),

nearness as (
    select a.scale, count(distinct a.share) as points_offered, sum(1 - abs(a.share - b.share)) as sum_of_weights
    from (select distinct scale, share from {{ ref('int_answer_scales') }} where share is not null) as a
    join (select distinct scale, share from {{ ref('int_answer_scales') }} where share is not null) as b
        on b.scale = a.scale
    group by 1
),

chance_of_points as (
    select
        parts.vendor, parts.level, parts.scale,
        count(*) as points_used,
        max(nearness.sum_of_weights) * sum(parts.part * (1 - parts.part))
            / nullif(max(nearness.points_offered) * (max(nearness.points_offered) - 1), 0) as expected
    from parts_of_points as parts
    join nearness on nearness.scale = parts.scale
    group by 1, 2, 3
)

select
    agreed.vendor,
    agreed.level,
    agreed.scale,
    agreed.units,
    agreed.unanimous_units,
    agreed.sum_agreement,
    chance.answers_used,
    coalesce({{ qa_round('chance.expected', 8) }}, 0) as expected_agreement,
    agreed.points_units,
    agreed.sum_nearness,
    coalesce(chance_of_points.points_used, 0) as points_used,
    coalesce({{ qa_round('chance_of_points.expected', 8) }}, 0) as expected_nearness
from agreed
join chance on chance.vendor = agreed.vendor and chance.level = agreed.level and chance.scale = agreed.scale
left join chance_of_points
    on chance_of_points.vendor = agreed.vendor
    and chance_of_points.level = agreed.level
    and chance_of_points.scale = agreed.scale

-- Which questions are failed most. Questions with few answers have a rate, too, but stand apart.
with failures as (
    select
        evaluations.vendor,
        answers.question_key,
        evaluations.scorecard_key,
        max(evaluations.scorecard_name) as scorecard_name,
        max(answers.section_name) as section_name,
        max(answers.question_text) as question_text,
        count(*) as answers,
        count(*) filter (where answers.is_failed) as failures,
        sum(answers.max_points - answers.points) as points_lost
    from {{ ref('qa_answers') }} as answers
    join {{ ref('qa_evaluations') }} as evaluations on evaluations.evaluation_key = answers.evaluation_key
    where evaluations.counts_for_quality and answers.max_points > 0
    group by 1, 2, 3
)

select
    failures.*,
    {{ qa_round(qa_percent('failures', 'answers')) }} as failure_rate,
    {{ qa_round(qa_wilson('failures', 'answers', 'low')) }} as failure_rate_low,
    {{ qa_round(qa_wilson('failures', 'answers', 'high')) }} as failure_rate_high,
    answers < 20 as is_too_few,
    {{ qa_round(qa_percent(
        'sum(failures) over (partition by vendor order by failures desc, question_text, question_key rows unbounded preceding)',
        'sum(failures) over (partition by vendor)',
    )) }} as cumulative_share
from failures

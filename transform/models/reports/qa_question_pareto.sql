-- Which questions are failed most. Questions with few answers have a rate, too, but stand apart.
with failures as (
    select
        vendor,
        question_key,
        scorecard_key,
        max(scorecard_name) as scorecard_name,
        max(section_name) as section_name,
        max(question_text) as question_text,
        {{ qa_count('sum(answers)') }} as answers,
        {{ qa_count('sum(failures)') }} as failures,
        sum(points_lost) as points_lost
    from {{ ref('qa_question_failures') }}
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

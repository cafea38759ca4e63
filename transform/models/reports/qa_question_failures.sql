-- How often each question is failed in each team; sums of it are those of qa_question_pareto.
select
    evaluations.vendor,
    answers.question_key,
    evaluations.team_name,
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
group by 1, 2, 3, 4

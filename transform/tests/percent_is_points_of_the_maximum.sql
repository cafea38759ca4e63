-- A warning: vendors round to cents.
{{ config(severity='warn') }}
select evaluation_key, score_percent, points, max_points
from {{ ref('qa_evaluations') }}
where max_points > 0 and abs(score_percent - 100 * points / max_points) > 0.006

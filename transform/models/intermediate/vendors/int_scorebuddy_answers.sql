-- `/export/questions` has wording and points; which answers a question offers, and which of them mean that it does not
-- apply, only the scorecard's version knows.
with offered as (
    select
        versions.scorecard_id,
        versions.version_number,
        cast({{ qa_text('question.item', 'question_id') }} as bigint) as question_id,
        cast({{ qa_text('answer.item', 'answer_key') }} as bigint) as answer_key,
        {{ qa_text('answer.item', 'answer_label') }} as answer_label,
        coalesce(cast({{ qa_text('answer.item', 'not_applicable') }} as boolean), false) as is_not_applicable
    from {{ ref('stg_scorebuddy_scorecard_versions') }} as versions
    cross join {{ qa_items('versions.questions') }} as question(item)
    cross join {{ qa_items("(question.item -> 'answers')") }} as answer(item)
),

scales as (
    select scorecard_id, version_number, question_id, string_agg(answer_label, '|' order by answer_key) as answer_scale
    from offered
    group by 1, 2, 3
),

-- A question stands several times in a result where it has several causes or comments.
chosen as (
    select
        scores.score_id,
        scores.scorecard_id,
        scores.version_number,
        cast({{ qa_text('question.item', 'question_id') }} as bigint) as question_id,
        min(cast({{ qa_text('question.item', 'answer_key') }} as bigint)) as answer_key
    from {{ ref('stg_scorebuddy_scores') }} as scores
    cross join {{ qa_items('scores.questions') }} as question(item)
    group by 1, 2, 3, 4
),

-- Names of the bare ids of causes and canned comments: a version lists its questions' causes, and the look-ups, where they
-- are synced, know both.
offered_causes as (
    select scorecard_id, version_number, rca_id, max(rca_name) as rca_name
    from (
        select scorecard_id, version_number, rca_id, rca_name from {{ ref('stg_scorebuddy_scorecard_causes') }}
        union all
        select
            versions.scorecard_id,
            versions.version_number,
            cast({{ qa_text('cause.item', 'rca_id') }} as bigint),
            {{ qa_text('cause.item', 'rca_name') }}
        from {{ ref('stg_scorebuddy_scorecard_versions') }} as versions
        cross join {{ qa_items('versions.questions') }} as question(item)
        cross join {{ qa_items("(question.item -> 'causes')") }} as cause(item)
    ) as causes
    group by 1, 2, 3
),

picked as (
    select
        scores.score_id,
        scores.scorecard_id,
        scores.version_number,
        cast({{ qa_text('question.item', 'question_id') }} as bigint) as question_id,
        cast({{ qa_text('question.item', 'cause_id') }} as bigint) as cause_id,
        cast({{ qa_text('question.item', 'comment_id') }} as bigint) as comment_id
    from {{ ref('stg_scorebuddy_scores') }} as scores
    cross join {{ qa_items('scores.questions') }} as question(item)
),

named as (
    select
        picked.score_id,
        picked.question_id,
        string_agg(distinct causes.rca_name, '|' order by causes.rca_name) as cause_names,
        string_agg(distinct comments.comment, '|' order by comments.comment) as canned_comments
    from picked
    left join offered_causes as causes
        on causes.scorecard_id = picked.scorecard_id
        and causes.version_number = picked.version_number
        and causes.rca_id = picked.cause_id
    left join {{ ref('stg_scorebuddy_scorecard_comments') }} as comments
        on comments.scorecard_id = picked.scorecard_id and comments.comment_id = picked.comment_id
    where picked.cause_id is not null or picked.comment_id is not null
    group by 1, 2
),

marked as (
    select chosen.score_id, chosen.question_id, chosen.answer_key, offered.is_not_applicable
    from chosen
    join offered
        on offered.scorecard_id = chosen.scorecard_id
        and offered.version_number = chosen.version_number
        and offered.question_id = chosen.question_id
        and offered.answer_key = chosen.answer_key
),

answers as (
    select
        rows.*,
        marked.answer_key,
        scales.answer_scale,
        named.cause_names,
        named.canned_comments,
        coalesce(marked.is_not_applicable, lower(rows.answer) in ('n/a', 'na', 'not applicable')) as is_not_applicable
    from {{ ref('stg_scorebuddy_export_questions') }} as rows
    left join marked on marked.score_id = rows.score_id and marked.question_id = rows.question_id
    left join named on named.score_id = rows.score_id and named.question_id = rows.question_id
    left join scales
        on scales.scorecard_id = rows.scorecard_id
        and scales.version_number = rows.version_number
        and scales.question_id = rows.question_id
)

select
    'scorebuddy' as vendor,
    cast(score_id as text) as vendor_evaluation_id,
    cast(score_id as text) || '/' || cast(question_id as text) as vendor_answer_id,
    cast(question_id as text) as vendor_question_id,
    question as question_text,
    cast(section_id as text) as vendor_section_id,
    section_name,
    answer as answer_label,
    cast(answer_key as text) as answer_code,
    answer_scale,
    is_not_applicable,
    case when not is_not_applicable then sum end as points,
    case when not is_not_applicable then weighting * {{ qa_largest('answer_values') }} end as max_points,
    fail_all as fails_all,
    fail_section as fails_section,
    true as is_scored,
    cause_names,
    canned_comments
from answers

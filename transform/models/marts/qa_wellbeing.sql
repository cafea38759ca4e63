-- Health data: keep it where few may look.
with scores as (
    select uuid as vendor_score_id, subject_id, survey_id, cast(null as text) as assessment_id, score_id, score_type,
        date_recorded, score_data, extra_data
    from {{ ref('stg_canary_speech_scores') }}
    union all
    select assessment_id || '/' || uuid, null, null, assessment_id, score_id, score_type,
        date_recorded, score_data, extra_data
    from {{ ref('stg_canary_speech_assessment_scores') }}
)

select
    md5('canary_speech/' || vendor_score_id) as score_key,
    'canary_speech' as vendor,
    subject_id,
    survey_id,
    assessment_id,
    score_id as measure,
    score_type,
    date_recorded as recorded_at,
    {{ qa_text('score_data', 'value') }} as value_text,
    -- A word or a number, whichever the measure is.
    case
        when {{ qa_text('score_data', 'value') }} ~ '^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?$'
        then cast({{ qa_text('score_data', 'value') }} as double precision)
    end as value_number,
    coalesce({{ qa_text('extra_data', 'target_qa_mark') }} is not null, false) as is_written_back
from scores

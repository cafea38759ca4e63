{#- MaestroQA: what all files of one grade share; they show no id of it -#}
{% macro qa_maestroqa_grade(row) -%}
{%- for column in ('gradable_id', 'agent_id', 'rubric_id', 'grader', 'grade_type', 'target_answer_id') -%}
coalesce({{ row }}.{{ column }}, ''){{ " || '/' || " if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#- Largest number of a JSON list of numbers -#}
{% macro qa_largest(json) -%}
{%- if target.type == 'postgres' -%}
(select max(cast(item as double precision)) from jsonb_array_elements_text({{ json }}) as value(item))
{%- else -%}
list_max(try_cast({{ json }} as double[]))
{%- endif -%}
{%- endmacro %}

{#- The columns that the answers of all vendors share -#}
{% macro qa_answer_columns() -%}
vendor, vendor_evaluation_id, vendor_answer_id, vendor_question_id, question_text, vendor_section_id, section_name, answer_label, answer_code,
    answer_scale, is_not_applicable, points, max_points, fails_all, fails_section, is_scored, cause_names,
    canned_comments
{%- endmacro %}

{#- What was answered, so that two evaluators can be compared: the form's own number of the answer, else its points,
    else its label (labels change with a form's language). That a question does not apply is an answer, too. -#}
{% macro qa_category(answer) -%}
case
    when {{ answer }}.is_not_applicable then 'N/A'
    when {{ answer }}.answer_code is not null then {{ answer }}.answer_code
    when {{ answer }}.max_points > 0 then cast(cast(round(1000 * {{ answer }}.points / {{ answer }}.max_points) as bigint) as text) || '/1000'
    else coalesce({{ answer }}.answer_label, '')
end
{%- endmacro %}

{#- The part of its points that an answer got, 0 to 1 -#}
{% macro qa_share(answer) -%}
case when {{ answer }}.max_points > 0 then {{ answer }}.points / {{ answer }}.max_points end
{%- endmacro %}

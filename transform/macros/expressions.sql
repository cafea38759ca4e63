{#- Text in a JSON object; in parentheses, since DuckDB 1's ->> binds weaker than = -#}
{% macro qa_text(json, key) -%}({{ json }} ->> '{{ key }}'){%- endmacro %}

{#- Rows of a JSON array, for `cross join … as alias(item)`; none where it is null or no array -#}
{% macro qa_items(json) -%}
{%- if target.type == 'postgres' -%}
jsonb_array_elements(case jsonb_typeof({{ json }}) when 'array' then {{ json }} else '[]'::jsonb end)
{%- else -%}
unnest(try_cast({{ json }} as json[]))
{%- endif -%}
{%- endmacro %}

{#- Calendar day of an instant, in the zone of the reports -#}
{% macro qa_day(instant) -%}
cast((({{ instant }} at time zone 'UTC') at time zone '{{ var("qa_timezone") }}') as date)
{%- endmacro %}

{#- Monday of a day's week -#}
{% macro qa_week(day) -%}cast(date_trunc('week', {{ day }}) as date){%- endmacro %}

{#- Year or quarter of the business year that a day belongs to; the year is that in which it ends -#}
{% macro qa_fiscal(part, day) -%}
cast(extract({{ part }} from {{ day }} + interval '{{ (13 - var("qa_fiscal_year_starts")) % 12 }} months') as bigint)
{%- endmacro %}

{#- 0 to 100; null where there is nothing to divide by -#}
{% macro qa_percent(part, whole) -%}
cast(100.0 * ({{ part }}) as double precision) / nullif(cast({{ whole }} as double precision), 0)
{%- endmacro %}

{#- A figure of a report, rounded once and for all, so that both warehouses, tables and charts show the same -#}
{% macro qa_round(value, digits=4) -%}
{%- if target.type == 'postgres' -%}
cast(round(round(cast({{ value }} as numeric), 10), {{ digits }}) as double precision)
{%- else -%}
{#- By way of a decimal: a binary half is now above, now below. -#}
cast(round(cast({{ value }} as decimal(28, 10)), {{ digits }}) as double)
{%- endif -%}
{%- endmacro %}

{#- A sum of counts, as a count: both warehouses make something wider of it -#}
{% macro qa_count(value) -%}cast({{ value }} as bigint){%- endmacro %}

{#- Text to compare names and addresses by: composed, A to Z in lower case. What lower() does to other letters depends on
    PostgreSQL's locale and on DuckDB's release. -#}
{% macro qa_fold(text) -%}
translate({{ 'normalize' if target.type == 'postgres' else 'nfc_normalize' }}({{ text }}), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')
{%- endmacro %}

{#- Whom an address belongs to: lower case, or the digest that took the address's place. Anything else is no address. -#}
{% macro qa_address(column) -%}
{%- set address = qa_fold('trim(' ~ column ~ ')') -%}
case when {{ column }} like '%@%' or {{ address }} ~ '^[0-9a-f]{64}$' then {{ address }} end
{%- endmacro %}

{% macro qa_full_name(first, last) -%}
nullif(trim(coalesce({{ first }}, '') || ' ' || coalesce({{ last }}, '')), '')
{%- endmacro %}

{#- A name, or a part of the key where names are left out -#}
{% macro qa_name(column, key, noun) -%}
{{ column if var('qa_names') else "'" ~ noun ~ " ' || left(" ~ key ~ ", 8)" }}
{%- endmacro %}

{#- Anything else that names or quotes a person -#}
{% macro qa_personal(column) -%}
{{ column if var('qa_names') else 'cast(null as text)' }}
{%- endmacro %}

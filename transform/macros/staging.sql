{#- One stream's raw table, typed alike on both warehouses: no deleted rows, one row a key.
    A table that is not there is an empty view, a column that is not there is null, so that any choice of vendors,
    streams and releases of the tap builds. `columns` has name and kind: bigint, boolean, date, number, text,
    instant (UTC, without a zone), json, text_list (a JSON list of texts). -#}
{% macro qa_stage(raw, keys, columns) %}
{%- set jsonl = qa_jsonl() -%}
{%- if not execute -%}
{{ qa_empty(columns) }}
{%- elif jsonl -%}
{{ qa_stage_file(jsonl ~ '/' ~ raw.identifier ~ '.jsonl', keys, columns) }}
{%- else -%}
{%- set table = load_relation(raw) -%}
{{ qa_stage_table(table, keys, columns) if table else qa_empty(columns) }}
{%- endif -%}
{% endmacro %}

{#- The folder of JSONL files that are read instead of tables; empty if none -#}
{% macro qa_jsonl() -%}
{{ return((var('qa_jsonl') or env_var('QA_JSONL', '')) if target.type == 'duckdb' else '') }}
{%- endmacro %}

{% macro qa_stage_table(table, keys, columns) %}
{%- set types = {} -%}
{%- for column in adapter.get_columns_in_relation(table) -%}{%- do types.update({column.name: column.dtype | lower}) -%}{%- endfor -%}
{%- set missing = keys | reject('in', types) | list -%}
{%- if missing -%}
  {{ exceptions.raise_compiler_error(table ~ ' has no column ' ~ missing | join(', ') ~ ': it was not written by tap-qa, or by a release whose keys differ; drop the table and sync it again') }}
{%- endif -%}
select
{%- for name, kind in columns.items() %}
    {{ qa_read(adapter.quote(name), kind, types[name]) if name in types else qa_null(kind) }} as {{ adapter.quote(name) }}{{ ',' if not loop.last }}
{%- endfor %}
{%- if var('qa_append_only') %}
from (
    select *, row_number() over (partition by {{ qa_quoted(keys) }} order by {{ qa_newest(types) }}) as newest
    from {{ table }}
) as raw
where newest = 1
{%- else %}
from {{ table }}
where true
{%- endif %}
{%- if '_sdc_deleted_at' in types %} and _sdc_deleted_at is null{% endif -%}
{% endmacro %}

{#- The loader's columns that say which of two rows is the newer one -#}
{% macro qa_newest(types) -%}
{%- set found = ['_sdc_extracted_at', '_sdc_batched_at', '_sdc_sequence'] | select('in', types) | list -%}
{{ (found | join(' desc nulls last, ') ~ ' desc nulls last') if found else 'true' }}
{%- endmacro %}

{% macro qa_quoted(names) -%}
{%- for name in names -%}{{ adapter.quote(name) }}{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}

{#- target-jsonl appends: the last line of a key counts. It knows no deletions. -#}
{% macro qa_stage_file(path, keys, columns) %}
{%- if run_query("select count(*) from glob('" ~ path ~ "')").columns[0].values()[0] == 0 -%}
{{ qa_empty(columns) }}
{%- else -%}
{#- What DuckDB reads without a guess; instants as text, since its releases read their offsets differently. -#}
{%- set reads = {'bigint': 'bigint', 'boolean': 'boolean', 'number': 'double', 'json': 'json', 'text_list': 'json'} -%}
select
{%- for name, kind in columns.items() %}
    {{ qa_read(adapter.quote(name), kind, reads.get(kind, 'varchar')) }} as {{ adapter.quote(name) }}{{ ',' if not loop.last }}
{%- endfor %}
from (
    select *, row_number() over () as line
    from read_json('{{ path }}', format = 'newline_delimited', columns = {
{%- for name, kind in columns.items() %}
        {{ adapter.quote(name) }}: '{{ reads.get(kind, 'varchar') }}'{{ ',' if not loop.last }}
{%- endfor %}
    })
) as raw
qualify row_number() over (partition by {{ qa_quoted(keys) }} order by line desc) = 1
{%- endif -%}
{% endmacro %}

{#- One column as its kind. Loaders make timestamps with and without a zone, jsonb, jsonb[] or text of one schema. -#}
{% macro qa_read(column, kind, type) -%}
{%- if kind == 'instant' and 'with time zone' in type or kind == 'instant' and type == 'timestamptz' -%}
({{ column }} at time zone 'UTC')
{%- elif kind == 'instant' and type in ('text', 'varchar', 'character varying') -%}
(cast({{ column }} as timestamptz) at time zone 'UTC')
{%- elif kind in ('json', 'text_list') -%}
{{ qa_read_json(column, kind, type) }}
{%- else -%}
cast({{ column }} as {{ qa_type(kind) }})
{%- endif -%}
{%- endmacro %}

{#- JSON's own null is no value: loaders write it where a record has none. -#}
{% macro qa_read_json(column, kind, type) -%}
{%- set is_text = type in ('text', 'varchar', 'character varying') -%}
{%- if target.type == 'postgres' -%}
nullif({{ 'cast(' ~ column ~ ' as jsonb)' if is_text else 'to_jsonb(' ~ column ~ ')' }}, 'null'::jsonb)
{%- else -%}
{#- An array of JSON comes through DuckDB's postgres extension as an array of texts. -#}
{%- set value = 'cast(' ~ column ~ ' as json)' if is_text or type == 'json'
    else 'cast(cast(' ~ column ~ ' as json[]) as json)' if kind == 'json' and type in ('varchar[]', 'json[]')
    else 'to_json(' ~ column ~ ')' -%}
case when json_type({{ value }}) <> 'NULL' then {{ value }} end
{%- endif -%}
{%- endmacro %}

{% macro qa_empty(columns) -%}
select
{%- for name, kind in columns.items() %}
    {{ qa_null(kind) }} as {{ adapter.quote(name) }}{{ ',' if not loop.last }}
{%- endfor %}
where false
{%- endmacro %}

{% macro qa_null(kind) -%}cast(null as {{ qa_type(kind) }}){%- endmacro %}

{% macro qa_type(kind) -%}
{%- if kind in ('json', 'text_list') -%}{{ 'jsonb' if target.type == 'postgres' else 'json' }}
{%- else -%}{{ {'number': 'double precision', 'instant': 'timestamp'}.get(kind, kind) }}
{%- endif -%}
{%- endmacro %}

{#- Before a run: which vendors have raw tables, so that empty marts are no riddle -#}
{% macro qa_say_what_is_loaded() -%}
{%- if execute and not qa_jsonl() -%}
  {%- set loaded, absent = [], [] -%}
  {%- for node in graph.sources.values() | selectattr('package_name', 'equalto', 'tap_qa') | sort(attribute='unique_id') -%}
    {%- set relation = adapter.get_relation(node.database, node.schema, node.identifier) -%}
    {%- do (loaded if relation else absent).append(node) -%}
  {%- endfor -%}
  {%- if not loaded -%}
    {%- do exceptions.warn('No raw table of tap-qa in schema ' ~ absent | map(attribute='schema') | unique | join(', ') ~ ' of ' ~ target.type ~ ': all marts will be empty. Run a sync first, or set the variable qa_schema to where the loader writes.') -%}
  {%- else -%}
    {%- set without = absent | map(attribute='source_name') | unique | reject('in', loaded | map(attribute='source_name') | list) | list -%}
    {%- do log('tap-qa: ' ~ loaded | length ~ ' raw tables of ' ~ loaded | map(attribute='source_name') | unique | join(', ') ~ ('; nothing is loaded of ' ~ without | join(', ') if without else ''), info=true) -%}
  {%- endif -%}
{%- endif -%}
select 1
{%- endmacro %}

{#- PostgreSQL joins tables that it knows nothing about row by row; DuckDB knows its own. -#}
{% macro qa_analyze(relation) -%}
{%- if target.type == 'postgres' and model.config.materialized != 'view' -%}analyze {{ relation }}{%- endif -%}
{%- endmacro %}

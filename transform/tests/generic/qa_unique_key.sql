{#- One row a key, no part of it null. Fails where a loader only appends: then set the variable qa_append_only. -#}
{% test qa_unique_key(model, columns) %}
select {{ qa_quoted(columns) }}, count(*) as rows_of_key
from {{ model }}
group by {{ qa_quoted(columns) }}
having count(*) > 1{% for column in columns %} or {{ adapter.quote(column) }} is null{% endfor %}
{% endtest %}

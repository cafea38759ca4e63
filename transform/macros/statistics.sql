{#- A bound of Wilson's 95 % interval of a share, in percent; null for none of none -#}
{% macro qa_wilson(part, whole, bound) -%}
{%- set n = 'nullif(cast(' ~ whole ~ ' as double precision), 0)' -%}
{%- set p = '(cast(' ~ part ~ ' as double precision) / ' ~ n ~ ')' -%}
{%- set z2 = qa_z() ~ ' * ' ~ qa_z() -%}
{%- set sign = '-' if bound == 'low' else '+' -%}
{#- Asked for first: least and greatest would make a number of null. -#}
case when {{ whole }} > 0 and {{ part }} is not null then least(100, greatest(0, 100 * ({{ p }} + {{ z2 }} / (2 * {{ n }})
    {{ sign }} {{ qa_z() }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + {{ z2 }} / (4 * {{ n }} * {{ n }})))
    / (1 + {{ z2 }} / {{ n }}))) end
{%- endmacro %}

{#- Normal quantile of a two-sided 95 % interval -#}
{% macro qa_z() -%}1.959963984540054{%- endmacro %}

{#- Evaluations that give a share to ± margin (both 0 to 1), of so many interactions; null: of any number.
    A share of all or none gives no number: it says nothing of how it varies. -#}
{% macro qa_evaluations_needed(share, margin, interactions) -%}
{%- set endless = '(1.96 * 1.96 * (' ~ share ~ ') * (1 - (' ~ share ~ ')) / ((' ~ margin ~ ') * (' ~ margin ~ ')))' -%}
cast(ceil(
    case when {{ share }} <= 0 or {{ share }} >= 1 then null
        when {{ interactions }} is null then {{ endless }}
        else {{ endless }} / (1 + ({{ endless }} - 1) / {{ interactions }}) end
    - 1e-9
) as bigint)
{%- endmacro %}

{#- A variable that may be missing, as a number -#}
{% macro qa_number(value) -%}cast({{ 'null' if value is none else value }} as double precision){%- endmacro %}

{#- A bound of the 95 % interval of an estimate between -1 and 1, by its standard error and Student's t (a series in the
    degrees of freedom, right to 0.3 % from 4 on). Null below 5 observations: so few do not show how they vary. -#}
{% macro qa_t_bound(estimate, error, observations, bound) -%}
{%- set v = '(cast(' ~ observations ~ ' as double precision) - 1)' -%}
{%- set t = '(' ~ qa_z() ~ ' + 2.37228 / ' ~ v ~ ' + 2.82255 / power(' ~ v ~ ', 2) + 2.55594 / power(' ~ v ~ ', 3))' -%}
case when {{ observations }} >= 5 and {{ estimate }} is not null and {{ error }} is not null
    then {{ 'greatest(-1, ' ~ estimate ~ ' - ' if bound == 'low' else 'least(1, ' ~ estimate ~ ' + ' }}{{ t }} * {{ error }}) end
{%- endmacro %}

#!/usr/bin/env bash
# A weekly report with the number of evaluations and that of a month before: a derived metric with offset_window "1 month" of
# MetricFlow (dbt's semantic layer), asked by week, by month and by day. There is one evaluation a day.
# Versions: metricflow 0.213.0, dbt-metricflow 0.15.0, dbt-core 1.11.16, dbt-duckdb 1.11.1, duckdb 2.0.1.
# Expected: a number for each week that has a week a month before, as there is for each day and each month; or an error that months
#   are no whole weeks.
# Seen: null for all weeks but those of March 2026. A week's Monday is moved by a month, and finds a week only if that is a Monday,
#   too, which is so after a February of 28 days. Growth against the month before is null with it.
source "$(dirname "$0")/common.bash"
python_with "dbt-metricflow[dbt-duckdb]==0.15.0" metricflow==0.213.0 dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==2.0.1
mkdir "$folder/models" && cd "$folder"
cat >dbt_project.yml <<'YML'
{name: qa, version: 1.0.0, profile: qa, flags: {send_anonymous_usage_stats: false}}
YML
cat >profiles.yml <<'YML'
qa: {target: duckdb, outputs: {duckdb: {type: duckdb, path: qa.duckdb, schema: main}}}
YML
cat >models/evaluations.sql <<'SQL'
{{ config(materialized='table') }}
select row_number() over () as id, cast(day as timestamp) as made_at
from (select unnest(generate_series(date '2026-01-01', date '2026-06-30', interval 1 day)) as day) as days
SQL
cat >models/days.sql <<'SQL'
{{ config(materialized='table') }}
select cast(unnest(generate_series(date '2025-01-01', date '2026-12-31', interval 1 day)) as date) as day
SQL
cat >models/metrics.yml <<'YML'
models:
  - {name: days, time_spine: {standard_granularity_column: day}, columns: [{name: day, granularity: day}]}
semantic_models:
  - name: evaluations
    model: ref('evaluations')
    defaults: {agg_time_dimension: made_at}
    entities: [{name: evaluation, type: primary, expr: id}]
    dimensions: [{name: made_at, type: time, type_params: {time_granularity: day}}]
    measures: [{name: evaluations, agg: count, expr: id, create_metric: true}]
metrics:
  - name: month_before
    label: The month before
    type: derived
    type_params: {expr: before, metrics: [{name: evaluations, offset_window: 1 month, alias: before}]}
YML
export DBT_PROFILES_DIR=$folder PATH=$folder/venv/bin:$PATH
dbt build --quiet >build.log 2>&1 || could_not_run "dbt build: $(tail -n 3 build.log)"
for grain in month week day; do
    mf query --metrics evaluations,month_before --group-by "metric_time__$grain" --csv "$grain.csv" >mf.log 2>&1 || cat mf.log
done
seen=$(run_python <<'PY'
import csv

for grain in ("month", "week", "day"):
    rows = sorted(csv.DictReader(open(f"{grain}.csv")), key=lambda row: row[f"metric_time__{grain}"])
    rows = [row for row in rows if "2026-02-02" <= row[f"metric_time__{grain}"] < "2026-07"]
    known = [f"{row[f'metric_time__{grain}'][:10]}: {row['month_before']}" for row in rows if row["month_before"]]
    print(f"{grain}s with the month before: {len(known)} of {len(rows)}", *known[:4] if grain != "day" else [])
PY
) || true
verdict "$seen" "months with the month before: 4 of 4 2026-03-01: 28 2026-04-01: 31 2026-05-01: 30 2026-06-01: 31
weeks with the month before: 4 of 22 2026-03-02: 7 2026-03-09: 7 2026-03-16: 7 2026-03-23: 7
days with the month before: 149 of 149"

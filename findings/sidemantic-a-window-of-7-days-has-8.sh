#!/usr/bin/env bash
# Evaluations of the last 7 days, as a cumulative metric (window: "7 days") of sidemantic's semantic layer on DuckDB.
# Versions: sidemantic 0.13.0, duckdb 2.0.1.
# Expected: with one evaluation a day it is 7 on every day from the 7th on, as in MetricFlow (whose models sidemantic reads) and as the
#   words say: a week of 7 days.
# Seen: 8. The window is a range from 7 days before to today, both included; "1 day" adds yesterday, "28 days" are 29.
source "$(dirname "$0")/common.bash"
python_with ">=3.11" sidemantic==0.13.0 duckdb==2.0.1
seen=$(run_python <<'PY'
from sidemantic import Dimension, Metric, Model
from sidemantic.core.semantic_layer import SemanticLayer

layer = SemanticLayer(connection="duckdb:///:memory:")
layer.adapter.execute(
    "create table evaluations as select row_number() over () as id, day::timestamp as made_at"
    " from (select unnest(generate_series(date '2026-03-01', date '2026-04-30', interval 1 day)) as day)"
)
layer.add_model(
    Model(
        name="evaluations",
        table="evaluations",
        primary_key="id",
        dimensions=[Dimension(name="made_at", type="time", sql="made_at", granularity="day")],
        metrics=[Metric(name="count", agg="count")],
    )
)
for window in ("1 day", "7 days", "28 days"):
    layer.add_metric(Metric(name="of_" + window.replace(" ", "_"), type="cumulative", sql="evaluations.count", window=window))
    days = layer.query(metrics=["of_" + window.replace(" ", "_")], dimensions=["evaluations.made_at__day"]).fetchall()
    print(f"{window}:", sorted({row[-1] for row in days})[-1])
PY
) || true
verdict "$seen" "1 day: 2
7 days: 8
28 days: 29"

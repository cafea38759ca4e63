#!/usr/bin/env bash
# The average score and the number of evaluated agents over the last 28 days, as cumulative metrics of sidemantic's semantic layer.
# Versions: sidemantic 0.13.0, duckdb 2.0.1.
# Expected: the average of the evaluations in the window (about 80) and its different agents (2), as MetricFlow works them out of the
#   rows; or an error, since neither can be added up.
# Seen: the sum of the days' averages (240 after three days with scores of 80) and the sum of each day's agents (3 of 2). A sum of
#   points and a count, which may be added, are right.
source "$(dirname "$0")/common.bash"
python_with ">=3.11" sidemantic==0.13.0 duckdb==2.0.1
seen=$(run_python <<'PY'
from sidemantic import Dimension, Metric, Model
from sidemantic.core.semantic_layer import SemanticLayer

layer = SemanticLayer(connection="duckdb:///:memory:")
layer.adapter.execute(
    "create table evaluations as select * from (values (1, timestamp '2026-03-02', 'ann', 80), (2, timestamp '2026-03-03', 'bob', 70),"
    " (3, timestamp '2026-03-03', 'bob', 90), (4, timestamp '2026-03-04', 'ann', 80)) as rows(id, made_at, agent, score)"
)
layer.add_model(
    Model(
        name="evaluations",
        table="evaluations",
        primary_key="id",
        dimensions=[Dimension(name="made_at", type="time", sql="made_at", granularity="day")],
        metrics=[
            Metric(name="count", agg="count"),
            Metric(name="average", agg="avg", sql="score"),
            Metric(name="agents", agg="count_distinct", sql="agent"),
        ],
    )
)
for name in ("count", "average", "agents"):
    layer.add_metric(Metric(name=f"{name}_of_28_days", type="cumulative", sql=f"evaluations.{name}", window="28 days"))
    day = "evaluations.made_at__day"
    rows = layer.query(metrics=[f"{name}_of_28_days"], dimensions=[day], order_by=[day]).fetchall()
    print(f"{name} of 28 days:", *(float(row[-1]) for row in rows))
PY
) || true
verdict "$seen" "count of 28 days: 1.0 3.0 4.0
average of 28 days: 80.0 160.0 240.0
agents of 28 days: 1.0 2.0 3.0"

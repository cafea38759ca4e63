#!/usr/bin/env bash
# A vendor writes instants with the offset of the place: 01:50+01:00 and, ten minutes later, 01:00+00:00, in the night on which the
# clocks go back in Dublin. dlt loads them incrementally, run after run, by that cursor (dlt.sources.incremental).
# Versions: dlt 1.31.0, duckdb 2.0.1.
# Expected: dlt makes timestamps of these texts and stores them as instants, so its cursor compares instants.
# Seen: the cursor compares the texts: what is scored from 01:00+00:00 to 01:50+00:00 is taken for older than 01:50+01:00 and never
#   loaded; in the same way a row of 08:15Z after one of 09:00+02:00 (07:00Z). Nothing is logged; with last_value_func or with
#   datetimes instead of texts the rows arrive.
source "$(dirname "$0")/common.bash"
python_with "dlt[duckdb]==1.31.0" duckdb==2.0.1
seen=$(RUNTIME__DLTHUB_TELEMETRY=false run_python <<'PY'
import datetime

import dlt
import duckdb


def load(name, runs, convert=str):
    @dlt.resource(name="scores", write_disposition="append")
    def scores(texts, cursor=dlt.sources.incremental("scored_at")):
        yield [{"row": f"of {text}", "scored_at": convert(text)} for text in texts]

    pipeline = dlt.pipeline(name, destination=dlt.destinations.duckdb(f"{name}.duckdb"), dataset_name="qa", pipelines_dir=".")
    for texts in runs:
        pipeline.run(scores(texts))
    rows = duckdb.connect(f"{name}.duckdb").execute("select row from qa.scores").fetchall()
    return [row.removeprefix("of ") for (row,) in rows]


night = [
    ["2026-10-25T00:30:00+01:00", "2026-10-25T01:50:00+01:00"],
    ["2026-10-25T01:00:00+00:00", "2026-10-25T01:40:00+00:00", "2026-10-25T01:55:00+00:00"],
]
day = [["2026-06-01T09:00:00+02:00"], ["2026-06-01T08:15:00Z"]]
for name, runs in (("night", night), ("day", day)):
    sent = [text for texts in runs for text in texts]
    for kind, convert in (("texts", str), ("datetimes", datetime.datetime.fromisoformat)):
        arrived = load(f"{name}_{kind}", runs, convert)
        print(f"{name}, {kind}: {len(arrived)} of {len(sent)}, never loaded:", *(text for text in sent if text not in arrived))
PY
) || true
verdict "$seen" "night, texts: 3 of 5, never loaded: 2026-10-25T01:00:00+00:00 2026-10-25T01:40:00+00:00
night, datetimes: 5 of 5, never loaded:
day, texts: 1 of 2, never loaded: 2026-06-01T08:15:00Z
day, datetimes: 2 of 2, never loaded:"

#!/usr/bin/env bash
# A pool for a vendor account, `concurrency.pools: {granularity: run, default_limit: 1}`: "one sync at a time". Three syncs are queued
# before the daemon runs for the first time, as after a backfill was asked for, or a release.
# Versions: dagster 1.13.27, sqlalchemy 2.0.
# Expected: they run one after the other.
# Seen: all three at once. The daemon learns of a pool in the pass that looks at its first runs, and takes it for one without a limit
#   in that pass; from the next on the limit holds. With `dagster instance concurrency set vendor 1` before, it holds from the start.
source "$(dirname "$0")/common.bash"
python_with dagster==1.13.27 "sqlalchemy<2.1"
export DAGSTER_HOME=$folder/home DAGSTER_DISABLE_TELEMETRY=yes
cat >"$folder/defs.py" <<'PY'
import json
import os
import time

import dagster as dg


@dg.op(pool="vendor")
def read():
    began = time.time()
    time.sleep(15)
    with open(os.environ["SPANS"], "a") as file:
        print(json.dumps([began, time.time()]), file=file)


@dg.job(executor_def=dg.in_process_executor)
def sync():
    read()


defs = dg.Definitions(jobs=[sync])
PY

# run_queued NAME: queues three, starts the daemon, and says how many ran at the same time
run_queued() {
    export SPANS=$folder/$1.spans
    for _ in 1 2 3; do
        "$folder/venv/bin/dagster" job launch -f "$folder/defs.py" -j sync >"$folder/log" 2>&1 || could_not_run "$(tail -3 "$folder/log")"
    done
    "$folder/venv/bin/dagster-daemon" run -f "$folder/defs.py" >"$folder/log" 2>&1 &
    local daemon=$!
    for _ in $(seq 180); do
        sleep 1
        [[ -f $SPANS && $(wc -l <"$SPANS") -eq 3 ]] && break
    done
    kill "$daemon"
    wait "$daemon" || true
    "$folder/venv/bin/python" - "$1" "$SPANS" <<'PY'
import json
import sys

spans = [json.loads(line) for line in open(sys.argv[2])]
most = max(sum(start <= at < end for start, end in spans) for at, _ in spans)
print(f"{sys.argv[1]}: {len(spans)} ran, at the same time {'one' if most == 1 else 'several'}")
PY
}

home() {
    rm -rf "$DAGSTER_HOME" && mkdir "$DAGSTER_HOME"
    echo "concurrency: {pools: {granularity: run, default_limit: 1}}" >"$DAGSTER_HOME/dagster.yaml"
}

seen=$(
    home
    run_queued "default limit"
    home
    "$folder/venv/bin/dagster" instance concurrency set vendor 1 >/dev/null 2>&1
    run_queued "limit that was set"
)
verdict "$seen" "default limit: 3 ran, at the same time several
limit that was set: 3 ran, at the same time one"

"""From the vendors' servers to PostgreSQL, twice: a full sync, then, a day later, one of what is new and edited.

dbt makes the marts; a figure of theirs goes back to a vendor as a score, and is read again; one page shows them all.
With --duckdb, files and DuckDB take PostgreSQL's place, and no server runs.

Everything runs on this machine: the vendors are simulators on 127.0.0.1, PostgreSQL lives in a temporary folder, and
the real `meltano run tap-qa target-postgres` connects them through this repository's `meltano.yml`.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from qa_report.warehouse import ReportError
from qa_sandbox.clock import SandboxClock, real_monotonic, real_now
from qa_sandbox.demo import write_back
from qa_sandbox.demo.database import canonical_expected_records
from qa_sandbox.demo.duckdb_destination import DuckDbDestination
from qa_sandbox.demo.pipeline import Pipeline, PipelineError, tap_variables
from qa_sandbox.demo.postgres import Postgres, PostgresError
from qa_sandbox.demo.postgres_destination import PostgresDestination
from qa_sandbox.demo.report import StreamReport, table
from qa_sandbox.demo.stream_stats import StreamStats, parse_summary
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.discovery import vendor_types
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from qa_sandbox.vendors.scorebuddy.seed_data import Size

if TYPE_CHECKING:
    from types import FrameType

    from qa_sandbox.demo.destination import Destination
    from qa_sandbox.vendor import SimulatedVendor

CHECKOUT = Path(__file__).parents[3]
TAP = "tap-qa"
PAGE = "qa-report.html"
SECONDS_BETWEEN_LINES = 10.0
KEEP = "To look at the tables yourself: add --keep, which leaves them."
FAILED = 1
INTERRUPTED = 130


class ProgressPrinter:
    """Prints what continues, with the time since the start; never silent for long while something runs."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._start = self._said = real_monotonic()

    def say(self, text: str) -> None:
        """Print a line."""
        self._said = real_monotonic()
        print(f"[{self._said - self._start:5.1f} s] {text}", flush=True)  # noqa: T201

    def heartbeat(self) -> None:
        """Print a line if the last one was long ago."""
        if real_monotonic() - self._said >= SECONDS_BETWEEN_LINES:
            requests = sum(len(vendor.request_log) for vendor in self._sandbox.vendors.values())
            self.say(f"  still at it; the vendors have answered {requests:,} requests")


def pipeline_of(folder: Path, *, sandbox: Sandbox, destination: Destination, printer: ProgressPrinter) -> Pipeline:
    """Return Meltano with the settings of this sandbox and destination, its plugins installed."""
    variables = {
        **tap_variables(sandbox.config()),
        **destination.variables(),
        **write_back.variables(sandbox, folder),
    }
    pipeline = Pipeline(CHECKOUT, folder, variables, printer.heartbeat)
    if pipeline.missing(*destination.plugins):
        printer.say("Installing Meltano's plugins, once ...")
        pipeline.install(*destination.plugins)
    return pipeline


def sync_twice(
    pipeline: Pipeline, *, sandbox: Sandbox, destination: Destination, printer: ProgressPrinter
) -> list[StreamReport]:
    """Sync, let a day pass, sync again; return what happened to each stream.

    Raises:
        PipelineError: Meltano failed.
    """
    reports = [StreamReport(stream) for stream in sandbox.streams if stream not in left_out()]
    for name in ("first", "second"):
        printer.say(f"The {name} sync: meltano run {TAP} {destination.loader} ...")
        done = parse_summary(pipeline.run(TAP, destination.loader, name=f"{name}-sync"))
        printer.say("  comparing the tables with what the vendors hold ...")
        tables = destination.read_tables()
        for report in reports:
            report.syncs.append(done.get(report.stream, StreamStats()))
            report.tables.append(tables.get(report.stream, {}))
            report.truths.append(canonical_expected_records(sandbox.expected_records(report.stream)))
        if name == "first":
            printer.say("A day passes at the vendors: new rows come, old ones are edited ...")
            sandbox.pass_time(days=1)
    return reports


def write_figure_back(
    pipeline: Pipeline, *, sandbox: Sandbox, destination: Destination, printer: ProgressPrinter
) -> tuple[str, list[str]]:
    """Send a figure of the marts to a vendor, and read it again; return it and what is wrong with it there.

    Raises:
        PipelineError: Meltano failed.
    """
    score = destination.prepare_score(at=sandbox.clock.now())
    printer.say(f"The way back: target-qa sends {write_back.FIGURE} {score} of the mart {write_back.MART} ...")
    destination.send_score(pipeline)
    printer.say("Reading that vendor again ...")
    only = '["canary_speech_assessment_scores"]'
    pipeline.run(TAP, destination.loader, name="last-sync", TAP_QA__SELECT_FILTER=only)
    return score, destination.score_differences()


def extractor() -> dict[str, Any]:
    """Return the tap's definition in `meltano.yml`."""
    project = yaml.safe_load((CHECKOUT / "meltano.yml").read_text(encoding="utf-8"))
    definition: dict[str, Any] = project["plugins"]["extractors"][0]
    return definition


def left_out() -> set[str]:
    """Return the streams that `meltano.yml` leaves out."""
    rules = extractor()["select"]
    return {rule.removeprefix("!").removesuffix(".*") for rule in rules if rule.startswith("!")}


def vendors(clock: SandboxClock) -> list[SimulatedVendor]:
    """Return the imitated vendors that the tap can read, none of them larger than a demo needs."""
    settings = {setting["name"].partition(".")[0] for setting in extractor()["settings"]}
    small = {Scorebuddy.name: Scorebuddy(clock, Size(scores_per_day=24))}
    return [small.get(name) or kind(clock) for name, kind in vendor_types().items() if name in settings]


def verdict(reports: list[StreamReport], score: str, lost: list[str]) -> list[str]:
    """Return whether tables and vendors hold the same."""
    differences = [line for report in reports for line in report.differences]
    same = f"After both syncs, all {len(reports)} tables held exactly what the vendors held, row by row."
    back = f"The marts' quality score {score} of Scorebuddy went to Canary Speech once and came back as it was sent."
    return [
        *(
            ["Not all tables equal what the vendors hold:", *(f"  {line}" for line in differences)]
            if differences
            else [same]
        ),
        *(["The way back failed:", *(f"  {line}" for line in lost)] if lost else [back]),
    ]


def main(arguments: list[str] | None = None) -> None:
    """Run the command `demo`."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--duckdb", action="store_true", help="files and DuckDB instead of PostgreSQL: no server")
    parser.add_argument(
        "--keep", action="store_true", help="leave the tables (and the server running), to look at them"
    )
    parser.add_argument(
        "--output", metavar="FILE", type=Path, default=Path(PAGE), help="of the page; default: %(default)s"
    )
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # else it is ignored, as under nohup
        signal.signal(signal.SIGHUP, _interrupt)
    folder = Path(tempfile.mkdtemp(prefix="tap-qa-demo-"))
    try:
        status = _demo(folder, options)
    except KeyboardInterrupt:
        print("\nStopped; nothing is left running.", file=sys.stderr)  # noqa: T201
        status = INTERRUPTED
    except (PipelineError, PostgresError, ReportError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        sys.exit(FAILED)
    shutil.rmtree(folder)
    sys.exit(status)


def _demo(folder: Path, options: argparse.Namespace) -> int:
    # Frozen, so that nothing happens at the vendors while they are read. From yesterday on, so that the day that passes
    # ends today: the tap reads up to the later of the vendors' clocks and this machine's.
    clock = SandboxClock(real_now().replace(minute=0, second=0, microsecond=0) - timedelta(days=1), frozen=True)
    sandbox = Sandbox(vendors(clock), clock=clock)
    printer = ProgressPrinter(sandbox)
    with ExitStack() as open_until_end:
        printer.say("Starting the vendors on 127.0.0.1 ...")
        open_until_end.enter_context(sandbox)
        destination: Destination
        if options.duckdb:
            destination = open_until_end.enter_context(DuckDbDestination(keep=options.keep))
        else:
            printer.say(f"Starting PostgreSQL 18 for {', '.join(sandbox.vendors)} ...")
            destination = PostgresDestination(open_until_end.enter_context(Postgres(keep=options.keep)))
        pipeline = pipeline_of(folder, sandbox=sandbox, destination=destination, printer=printer)
        reports = sync_twice(pipeline, sandbox=sandbox, destination=destination, printer=printer)
        printer.say(f"From tables to answers: meltano run {destination.marts} ...")
        pipeline.run(destination.marts, name="marts")
        score, lost = write_figure_back(pipeline, sandbox=sandbox, destination=destination, printer=printer)
        printer.say("The marts with what was written back ...")
        pipeline.run(destination.marts, name="marts-again")
        destination.write_page(options.output)
        printer.say("Done.")
        answers = f"What the tables say, as a page to open in a browser: {options.output.resolve()}"
        lines = ["", table(reports), "", *verdict(reports, score, lost), answers, ""]
        lines += destination.connection_help() if options.keep else [KEEP]
        print(*lines, sep="\n")  # noqa: T201 - the command's output
    return FAILED if lost or any(report.differences for report in reports) else 0


def _interrupt(signum: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - as the signal module calls it
    raise KeyboardInterrupt

"""MaestroQA: exports of what was last updated within a window, as one table or a zip of them, and of the audit log."""

from __future__ import annotations

import json
from collections import deque
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.vendors.maestroqa import streams
from tests.model.intercepted_request import Asked, Reply
from tests.model.vendors.base import Row, Shown, VendorModel
from tests.model.vendors.export_jobs import FILES, FileWriter, JobStore, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tap_qa.streams.base import QAStream
    from tests.model.change_log import Entity, Version
    from tests.model.clocks import VendorTime
    from tests.model.vendors.base import VendorBehaviour
    from tests.model.vendors.export_jobs import Job

ROOT = "/api/v1/"
FORM = "%Y-%m-%dT%H:%M:%SZ"
QUESTIONS = ("q1", "q2")
MIN_WIDTH = timedelta(hours=2, seconds=2)
"""A window that is no wider is never too large for an export."""

MINUTE = timedelta(minutes=1)
GRADE = ("gradable_id", "agent_id", "rubric_id", "grader", "grade_type")
HEADERS = {
    "total_scores": (*GRADE, "date_first_graded", "rubric_score", "comment"),
    "individual_answers": (*GRADE, "question_id", "question_score", "comment"),
    "csat": ("gradable_id", "csat_score"),
}
CHOICES = (
    ["maestroqa_total_scores"],
    ["maestroqa_individual_answers"],
    ["maestroqa_total_scores", "maestroqa_individual_answers"],
    ["maestroqa_total_scores", "maestroqa_individual_answers", "maestroqa_audit_logs"],
    ["maestroqa_audit_logs"],
)


class MaestroqaModel(VendorModel):
    """An account with grades, each of which has two answers, and a log of all that was done to them."""

    name = "maestroqa"
    title = "MaestroQA"
    streams: ClassVar[dict[str, type[QAStream]]] = {
        stream.name: stream for stream in (streams.TotalScores, streams.IndividualAnswers, streams.AuditLogs)
    }
    identities: ClassVar = {
        "maestroqa_total_scores": ("gradable_id",),
        "maestroqa_individual_answers": ("gradable_id", "question_id"),
        "maestroqa_audit_logs": ("activity_id",),
    }

    def __init__(self, rng: Random, time: VendorTime, temper: VendorBehaviour) -> None:
        """Choose the account's habits."""
        self._window_days = rng.choice((1, 3, 7))
        self.ends_are_in = rng.random() < 0.5
        self._polled_by_path = rng.random() < 0.5
        self._says_nothing_of_nothing = rng.random() < 0.5
        self._most_rows = rng.choice((None,) * 5 + (16,))
        self._poll_seconds = rng.choice((5, 30))
        self._kitchen = JobStore(rng, time, link_seconds=rng.choice((30, 3600)), links_come_late=False)
        self._scribe = FileWriter(rng)
        self._demands: deque[datetime] = deque(maxlen=30)
        super().__init__(rng, time, temper)

    @override
    def config(self, url: str) -> Row:
        return {
            "url": f"{url}/api/v1",
            "api_token": "the-api-token",
            "window_days": self._window_days,
            "poll_seconds": self._poll_seconds,
            "job_timeout_minutes": 10,
        }

    @override
    def borders(self) -> list[datetime]:
        width = timedelta(days=self._window_days)
        return [self.start_date + count * width for count in range(1 + self.history // width)]

    @override
    def _choose(self) -> list[str]:
        return self.rng.choice(CHOICES)

    @override
    def rewind(self, moment: datetime) -> None:
        super().rewind(moment)
        self._kitchen.jobs.clear()
        self._demands.clear()

    # The API

    @override
    def answer(self, asked: Asked) -> Reply:
        if asked.path.startswith(FILES):
            return self._kitchen.fetch(asked)
        if asked.method == "HEAD":
            return Reply(404)
        if asked.headers.get("apitoken") != "the-api-token":
            return Reply(401, {"error": "unauthorized"})
        path = asked.path.removeprefix(ROOT)
        if asked.method == "POST":
            return self._demand(path, json.loads(asked.body))
        by_path = path.removeprefix("export-data/") if self._polled_by_path and path != "get-export-data" else None
        by_header = asked.headers.get("exportId") if not self._polled_by_path and path == "get-export-data" else None
        job = self._kitchen.jobs.get(by_path or by_header or "")
        return Reply(404, {"error": "not found"}) if job is None else self._status(job, asked)

    def _demand(self, path: str, body: Row) -> Reply:
        """Begin an export, unless too many are demanded: 30 a minute at most."""
        if len(self._demands) == self._demands.maxlen and self.time.now - self._demands[0] < MINUTE:
            return Reply(429)
        self._demands.append(self.time.now)
        start, end = (datetime.strptime(body[name], FORM).replace(tzinfo=timezone.utc) for name in BOUNDS)
        makers: dict[str, Callable[[], bytes | None]] = {
            "request-raw-export": lambda: self._raw_export(start, end, body.get("singleFileExport")),
            "request-audit-log-export": lambda: self._audit_log(start, end),
        }
        return Reply(200, {"exportId": self._kitchen.take(makers[path], trouble=self.trouble).name})

    def _status(self, job: Job, asked: Asked) -> Reply:
        if self._kitchen.is_running(job):
            return Reply(200, {"status": self.rng.choice(("requested", "in_progress")), "dataUrl": ""})
        if self._kitchen.has_failed(job):
            return Reply(200, {"status": "errored", "dataUrl": ""})
        link = self._kitchen.link(job, asked.root, trouble=self.trouble)
        return Reply(200, {"status": "complete", "dataUrl": link or ""})

    def _raw_export(self, start: datetime, end: datetime, single: str | None) -> bytes | None:
        found = self._between(self.ledger.shown(), start, end)
        if not found and self._says_nothing_of_nothing:
            return None
        tables = {
            "total_scores": [_total(thing, version) for thing, version in found],
            "individual_answers": [_answer(thing, version, name) for thing, version in found for name in QUESTIONS],
            "csat": [],
        }
        if single:
            return self._scribe.table(HEADERS[single], [list(row.values()) for row in tables[single]])
        return self._scribe.archive(
            {
                name: self._scribe.table(HEADERS[name], [list(row.values()) for row in rows])
                for name, rows in tables.items()
            }
        )

    def _audit_log(self, start: datetime, end: datetime) -> bytes | None:
        shown = [pair for pair in self._entries() if pair[1].shown_from <= self.time.now]
        found = self._between(shown, start, end)
        if not found and self._says_nothing_of_nothing:
            return None
        rows = [_entry(thing, version) for thing, version in found]
        header = ("activity_id", "time_stamp", "description")
        return self._scribe.table(header, [[row[name] for name in header] for row in rows])

    def _between(self, shown: Shown, start: datetime, end: datetime) -> Shown:
        if self.ends_are_in:
            found = [pair for pair in shown if start <= pair[1].stamp <= end]
        else:
            found = [pair for pair in shown if start < pair[1].stamp < end]
        if self._most_rows is not None and len(found) > self._most_rows and end - start > MIN_WIDTH:
            raise TooLargeError
        return self.ordered(found, "place")

    def _entries(self) -> Shown:
        """Return what the audit log holds: all that ever happened to what there is."""
        return [(thing, version) for thing in self.ledger.things.values() for version in thing.versions]

    # The expected records

    @override
    def expected(self, stream: str) -> dict[tuple[Any, ...], tuple[Version, Row]]:
        if stream == "maestroqa_audit_logs":
            return {
                (str(version.revision),): (version, {**_entry(thing, version), "time_stamp": version.stamp.isoformat()})
                for thing, version in self._entries()
            }
        last = [(thing, thing.versions[-1]) for thing in self.ledger.things.values()]
        if stream == "maestroqa_total_scores":
            return {
                (_name(thing),): (
                    version,
                    {**_total(thing, version), "date_first_graded": thing.versions[0].stamp.isoformat()},
                )
                for thing, version in last
            }
        return {
            (_name(thing), question): (version, _answer(thing, version, question))
            for thing, version in last
            for question in QUESTIONS
        }


BOUNDS = ("startDate", "endDate")


def _name(thing: Entity) -> str:
    return f"t{thing.key}"


def _grade(thing: Entity) -> Row:
    return dict(zip(GRADE, (_name(thing), f"agent{thing.key % 3}", "rubric", "grader", "grading"), strict=True))


def _total(thing: Entity, version: Version) -> Row:
    first = f'="{thing.versions[0].stamp:%Y-%m-%d %H:%M:%S}"'
    # A comment now and then has all that makes a table hard to read.
    comment = f"r{version.revision}" + (', said "she",\nand left' if thing.key % 7 == 0 else "")
    return {**_grade(thing), "date_first_graded": first, "rubric_score": version.revision, "comment": comment}


def _answer(thing: Entity, version: Version, question: str) -> Row:
    return {
        **_grade(thing),
        "question_id": question,
        "question_score": version.revision + int(question[1:]) / 4,
        "comment": f"r{version.revision}",
    }


def _entry(thing: Entity, version: Version) -> Row:
    return {
        "activity_id": str(version.revision),
        "time_stamp": f"{version.stamp:%Y-%m-%dT%H:%M:%SZ}",
        "description": f"changed {thing.key}",
    }

"""CXone: one extraction job a tenant, over whole UTC days of submission; what was submitted continues changing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.vendors.cxone import streams
from tests.model.change_log import Entity, Version
from tests.model.clocks import BEGIN
from tests.model.intercepted_request import Asked, Reply
from tests.model.vendors.base import Row, VendorModel
from tests.model.vendors.export_jobs import FILES, FileWriter, JobStore, TooLargeError

if TYPE_CHECKING:
    from random import Random

    from tap_qa.streams.base import QAStream
    from tests.model.clocks import VendorTime
    from tests.model.vendors.base import VendorBehaviour
    from tests.model.vendors.export_jobs import Job

JOBS = "/data-extraction/v1/jobs"
BY_KEY = "/authentication/v1/token/access-key"
BY_PASSWORD = "/auth/token"  # noqa: S105 - a path
DAY = timedelta(days=1)
EVALUATORS = {"Evaluation": ("Ann",), "Calibration": ("Ann", "Bob")}
QUESTIONS = ("q1", "q2")


class CxoneModel(VendorModel):
    """A tenant with evaluations, calibrations by two evaluators, and the answers of both."""

    name = "cxone"
    title = "NICE CXone"
    streams: ClassVar[dict[str, type[QAStream]]] = {
        stream.name: stream for stream in (streams.QmWorkflows, streams.QmQuestions)
    }
    identities: ClassVar = {
        "cxone_qm_workflows": ("segment_id", "evaluator_first_name"),
        "cxone_qm_questions": ("workflow_instance_id", "question_id", "evaluator_first_name"),
    }
    shown_after = timedelta(minutes=30)
    ends_are_in = False  # a bookmark is the midnight that the last day ends at

    def __init__(self, rng: Random, time: VendorTime, temper: VendorBehaviour) -> None:
        """Choose the tenant's habits."""
        self._window_days = rng.choice((2, 5, 14))
        self._lookback_days = rng.choice((None, None, 5, 2))
        self._last_day_is_in = rng.random() < 0.5
        # If the last day were out, too, a tenant that refuses days to come would never show today's rows.
        self._refuses_tomorrow = self._last_day_is_in and rng.random() < 0.5
        self._interval = timedelta(seconds=rng.choice((30, 30, 0)))
        self._busy_status = rng.choice((400, 403, 409))
        self._has_workflow_ids = rng.random() < 0.7
        self._nothing = rng.choice(("header", "no bytes", "no link"))
        self._most_rows = rng.choice((None,) * 5 + (16,))
        self._by_password = rng.random() < 0.3
        self._token_seconds = rng.choice((3600, 61, 5))
        self._style = rng.choice(("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"))
        self._poll_seconds = rng.choice((10, 40))
        self._tokens: dict[str, datetime] = {}
        self._kitchen = JobStore(rng, time, link_seconds=30, links_come_late=True)
        self._scribe = FileWriter(rng)
        self._last_job: datetime | None = None
        self._rival_until = time.now
        super().__init__(rng, time, temper)

    @override
    def config(self, url: str) -> Row:
        by_password = {"token_url": f"{url}{BY_PASSWORD}", "client_id": "the-client", "client_secret": "the-other"}
        return {
            "url": url,
            "access_key_id": "the-id",
            "access_key_secret": "the-secret",
            "window_days": self._window_days,
            "call_interval_seconds": int(self._interval.total_seconds()),
            "poll_seconds": self._poll_seconds,
            "job_timeout_minutes": 20,
            "qm_workflows_version": "3" if self._has_workflow_ids else "1",
            **(by_password if self._by_password else {}),
            **({} if self._lookback_days is None else {"lookback_days": self._lookback_days}),
        }

    @override
    def borders(self) -> list[datetime]:
        first = self.start_date.replace(hour=0, minute=0, second=0) + DAY
        return [first + count * DAY - timedelta(seconds=count % 2) for count in range(self.history // DAY)]

    @override
    def latest_bookmark(self, stream: str) -> datetime:
        today = self.time.now.replace(hour=0, minute=0, second=0, microsecond=0)
        return min(today, super().latest_bookmark(stream))

    @override
    def _choose(self) -> list[str]:
        return self.rng.choice((["cxone_qm_workflows"], ["cxone_qm_questions"], sorted(self.streams)))

    @override
    def rewind(self, moment: datetime) -> None:
        super().rewind(moment)
        self._kitchen.jobs.clear()
        self._last_job = None

    # The API

    @override
    def answer(self, asked: Asked) -> Reply:
        if asked.path.startswith(FILES):
            return self._kitchen.fetch(asked)
        if asked.path in {BY_KEY, BY_PASSWORD}:
            return self._token(asked)
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token, self.time.now) <= self.time.now:
            return Reply(401, {"message": "Unauthorized"})
        if asked.path != JOBS:
            job = self._kitchen.jobs.get(asked.path.removeprefix(f"{JOBS}/"))
            return Reply(404) if job is None else self._status(job, asked)
        return self._begin(json.loads(asked.body)) if asked.method == "POST" else self._list()

    def _token(self, asked: Asked) -> Reply:
        assert (asked.path == BY_PASSWORD) == self._by_password
        assert b"the-id" in asked.body
        assert b"the-secret" in asked.body
        token = f"token-{len(self._tokens)}"
        self._tokens[token] = self.time.now + timedelta(seconds=self._token_seconds)
        return Reply(200, {"access_token": token, "token_type": "Bearer", "expires_in": self._token_seconds})

    def _begin(self, body: Row) -> Reply:
        """Begin a job, if none runs and the last one began long enough ago."""
        if self._last_job is not None and self.time.now - self._last_job < self._interval:
            return Reply(403, {"message": "Forbidden"})
        if self.rng.random() < self.trouble / 3:
            self._rival_until = self.time.now + timedelta(minutes=self.rng.randrange(20))
        if self._kitchen.any_running() or self._rival_is_at_work:
            return Reply(self._busy_status, {"message": "another job is running"})
        start, end = (date.fromisoformat(body[name]) for name in ("startDate", "endDate"))
        if self._refuses_tomorrow and end > self.time.now.date():
            return Reply(400, {"message": "endDate"})
        entity = body["entityName"]
        job = self._kitchen.take(lambda: self._file(entity, start, end), trouble=self.trouble)
        self._last_job = self.time.now
        return Reply(202, job.name)

    @property
    def _rival_is_at_work(self) -> bool:
        return bool(self.trouble) and self.time.now < self._rival_until

    def _list(self) -> Reply:
        jobs = [
            {"id": name, "status": "RUNNING" if self._kitchen.is_running(job) else "SUCCEEDED"}
            for name, job in list(self._kitchen.jobs.items())[-3:]
        ]
        return Reply(200, {"jobs": [*jobs, {"id": "rival", "status": "RUNNING"}] if self._rival_is_at_work else jobs})

    def _status(self, job: Job, asked: Asked) -> Reply:
        result: Row = {"url": "", "errorMessage": ""}
        if self._kitchen.is_running(job):
            word = "RUNNING"
        elif self._kitchen.has_failed(job):
            word, result["errorMessage"] = self.rng.choice(("FAILED", "CANCELLED", "EXPIRED")), "out of memory"
        else:
            word, result["url"] = "SUCCEEDED", self._kitchen.link(job, asked.root, trouble=self.trouble)
        return Reply(self.rng.choice((200, 202)), {"jobStatus": {"id": job.name, "status": word, "result": result}})

    def _file(self, entity: str, start: date, end: date) -> bytes | None:
        last = end if self._last_day_is_in else end - DAY
        found = [
            (thing, version) for thing, version in self.ledger.shown() if start <= _submitted(thing).date() <= last
        ]
        if self._most_rows is not None and len(found) > self._most_rows and end - start > DAY:
            raise TooLargeError
        show = self._workflows if entity == "qm-workflows" else _questions
        rows = [row for thing, version in self.ordered(found, "place") for row in show(thing, version)]
        if not rows and self._nothing != "header":
            return None if self._nothing == "no link" else b""
        header = list(show(_ANY, _ANY.versions[0])[0])
        return self._scribe.table(header, [list(map(self._cell, row.values())) for row in rows])

    def _cell(self, value: object) -> object:
        return value.strftime(self._style) if isinstance(value, datetime) else value

    def _workflows(self, thing: Entity, version: Version) -> list[Row]:
        ids = {"Workflow ID": f"w{thing.key}"} if self._has_workflow_ids else {}
        return [
            {
                **ids,
                "Agent ID": f"agent{thing.key % 3}",
                "Type": kind,
                "Form Name": "form, the usual",
                "Form Version": "1",
                "Start Date": _submitted(thing) - timedelta(hours=1),
                "Submission Date": _submitted(thing),
                "Last Updated": version.stamp,
                "User Review Comments": f"r{version.revision}",
                "Segment ID": f"s{thing.key}",
                "FirstName (Eva)": evaluator,
                "LastName (Eva)": "Other",
            }
            for kind in (_kind(thing),)
            for evaluator in EVALUATORS[kind]
        ]

    # The expected records

    @override
    def expected(self, stream: str) -> dict[tuple[Any, ...], tuple[Version, Row]]:
        """Return rows; those submitted longer ago than is read again at each run only with what never changes."""
        again_from = self.time.now - timedelta(days=30 if self._lookback_days is None else self._lookback_days)
        found: dict[tuple[Any, ...], tuple[Version, Row]] = {}
        for thing in self.ledger.things.values():
            last = thing.versions[-1]
            version = replace(last, stamp=_submitted(thing))
            for row in self._workflows(thing, last) if stream == "cxone_qm_workflows" else _questions(thing, last):
                if stream == "cxone_qm_workflows":
                    key: tuple[Any, ...] = (row["Segment ID"], row["FirstName (Eva)"])
                    fields = {"submission_date": row["Submission Date"].isoformat(), "form_name": row["Form Name"]}
                    changing = {"user_review_comments": row["User Review Comments"]}
                    changing["last_updated"] = row["Last Updated"].isoformat()
                else:
                    key = (row["WorkflowInstance ID"], row["Question ID"], row["FirstName (Eva)"])
                    fields = {"evaluation_submission_date": row["Evaluation Submission Date"].isoformat()}
                    changing = {"answer": row["Answer"]}
                found[key] = version, fields | changing if version.stamp >= again_from else fields
        return found


_ANY = Entity(0, 0, [Version(BEGIN, 0, BEGIN)])
"""A thing that stands for all, to tell the names of columns by."""


def _submitted(thing: Entity) -> datetime:
    return thing.versions[0].stamp


def _kind(thing: Entity) -> str:
    return "Calibration" if thing.key % 5 == 0 else "Evaluation"


def _questions(thing: Entity, version: Version) -> list[Row]:
    return [
        {
            "WorkflowInstance ID": f"w{thing.key}",
            "Question ID": question,
            "Answer": f"r{version.revision}",
            "Evaluation Start Date": _submitted(thing) - timedelta(hours=1),
            "Evaluation Submission Date": _submitted(thing),
            "Workflow Type": kind,
            "FirstName (Eva)": evaluator,
        }
        for kind in (_kind(thing),)
        for evaluator in EVALUATORS[kind]
        for question in QUESTIONS
    ]

"""MaestroQA's streams: what each export holds, and what tells its rows apart.

No public vendor text lists the columns; those here were met by public connectors in 2020 and 2023.
"""

from __future__ import annotations

import abc
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.bookmarks import stamp
from tap_qa.errors import ShapeError
from tap_qa.http.call import Call
from tap_qa.row_keys import Columns
from tap_qa.rows import Finished, Rows
from tap_qa.streams.base import QAStream
from tap_qa.streams.exported import ExportedStream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_qa.jobs.plan import Plan
    from tap_qa.rows import Part
    from tap_qa.vendors.maestroqa.account import Account
    from tap_qa.windows import Window

_GRADE = ("gradable_id", "agent_id", "rubric_id", "grader", "grade_type")
_SINCE = ("date_first_graded", "date_first_started", "date_graded", "date_reported_as", "ticket_created_at")


# How long before it shows in an export a change may have happened. The vendor tells nothing of it.
_SETTLING = timedelta(minutes=5)


class MaestroStream(ExportedStream, abc.ABC):
    """A table of one of the vendor's CSV files."""

    vendor = "maestroqa"
    primary_keys = ("_row_key",)
    null_words = frozenset({"unknown", "n/a"})
    connection: Account

    @override
    def span(self) -> Window | None:
        """Read a little more than from the last bookmark on: a lookback of a day adds nothing to it in a daily run."""
        whole = super().span()
        if whole is None or self.is_probe or self.backfill is not None:
            return whole
        return replace(whole, start=max(self.dates.start, whole.start - _SETTLING))

    @property
    @override
    def file_names(self) -> tuple[str, ...]:  # type: ignore[override] # follows from the stream's name
        own = self.name.removeprefix("maestroqa_")
        return (own, *self.further_file_names)

    further_file_names: ClassVar[tuple[str, ...]] = ()


class ScoreStream(MaestroStream, abc.ABC):
    """One of the five files of a raw export, which holds what was last updated within a window."""

    replication_key = "_window_end"
    renames: ClassVar[Mapping[str, str]] = {"ticket_id": "gradable_id"}

    @cached_property
    @override
    def plan(self) -> Plan:
        return self.connection.scores(self.name, SCORE_FILES)

    @override
    def constants(self, window: Window | None) -> Mapping[str, Any]:
        assert window is not None  # noqa: S101 - a raw export has one
        return {"_window_end": stamp(window.end)}


class TotalScores(ScoreStream):
    """One row a grade."""

    name = "maestroqa_total_scores"
    further_file_names = ("total_rubric_scores", "rubric_scores")
    identity = Columns((*_GRADE, "date_first_graded"), optional=("target_answer_id",), stable=_SINCE)


class SectionScores(ScoreStream):
    """One row a section of a grade."""

    name = "maestroqa_section_scores"
    identity = Columns((*_GRADE, "section_id"), optional=("target_answer_id",), stable=_SINCE)


class IndividualAnswers(ScoreStream):
    """One row an answer of a grade."""

    name = "maestroqa_individual_answers"
    further_file_names = ("individual_answer_scores", "answers")
    identity = Columns((*_GRADE, "question_id"), optional=("target_answer_id",), stable=(*_SINCE, "answer_label"))


class Annotations(ScoreStream):
    """One row a passage that a grader marked."""

    name = "maestroqa_annotations"
    identity = Columns(("gradable_id", "annotation_id"), stable=(*_SINCE, "question_id"))


class Csat(ScoreStream):
    """One row a customer's answer."""

    name = "maestroqa_csat"
    identity = Columns(("gradable_id",), stable=("ticket_created_at", "source"))


SCORE_FILES = tuple(
    stream.name.removeprefix("maestroqa_")
    for stream in (TotalScores, SectionScores, IndividualAnswers, Annotations, Csat)
)


class AgentGroups(MaestroStream):
    """One row an agent in a group; a whole snapshot each time."""

    name = "maestroqa_agent_groups"
    identity = Columns(("group_id", "agent_ids"), stable=("agent_email", "agent_name"))

    @cached_property
    @override
    def plan(self) -> Plan:
        return self.connection.groups(self.name, (AgentGroups.name, ScreenCaptureUsage.name))

    @override
    def read(self) -> Iterator[Part | Finished]:
        if self.is_probe:
            self.connection.exports.knock()
            return
        yield from super().read()


class AuditLogs(MaestroStream):
    """One row a thing that a user did."""

    name = "maestroqa_audit_logs"
    replication_key = "time_stamp"
    identity = Columns(("activity_id", "time_stamp"), optional=("description",), stable=("user_email", "item_type"))

    @cached_property
    @override
    def plan(self) -> Plan:
        return self.connection.audit_logs(self.name)


class ScreenCaptureUsage(QAStream):
    """One row an agent, for the groups that the agent groups export names."""

    vendor = "maestroqa"
    name = "maestroqa_screen_capture_usage"
    primary_keys = ("agent_id", "interval", "extracted_on")
    bundle = ExportedStream.bundle
    renames: ClassVar[Mapping[str, str]] = {
        "agentId": "agent_id",
        "numberExpectedRecordings": "number_expected_recordings",
        "numberRecordings": "number_recordings",
        "percentRecorded": "percent_recorded",
    }
    connection: Account

    @cached_property
    def groups(self) -> Plan:
        """The jobs of the agent groups export."""
        plan = self.connection.groups(self.name, (AgentGroups.name, self.name))
        groups = self.tap.streams[AgentGroups.name]
        assert isinstance(groups, AgentGroups)  # noqa: S101 - for the type checker
        plan.join(self.name, None, groups.wanted)
        return plan

    @override
    def look_ahead(self) -> None:
        self.connection.greet()
        _ = self.groups

    @property
    @override
    def ready(self) -> bool:
        return self.groups.ready(self.name)

    @override
    def abandon(self) -> None:
        self.groups.leave(self.name)

    @override
    def read(self) -> Iterator[Part | Finished]:
        if self.is_probe:
            self.connection.exports.knock()
            return
        group_ids = self._group_ids()
        if group_ids:
            yield Rows(self._usage(group_ids))
        yield Finished()

    def _group_ids(self) -> list[str]:
        delivery = self.groups.take(self.name)
        if delivery is None:
            return []
        try:
            found = (record.group_id for records in delivery.records({}) for record in records)
            return [group_id for group_id in dict.fromkeys(found) if group_id]
        finally:
            delivery.done()

    def _usage(self, group_ids: list[str]) -> list[dict[str, Any]]:
        interval = self.own_config["screen_capture_interval"]
        call = Call(
            "screen-capture-usage-stats",
            method="POST",
            json={"groupIds": group_ids, "interval": interval},
            pacer=self.connection.exports.easy,
            purpose="screen capture usage",
        )
        body = self.connection.client.json(call)
        rows = body.get("data") if isinstance(body, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ShapeError(self.name, "the answer holds no list of rows under data.")
        today = self.connection.vendor_clock.now().date().isoformat()
        return [{**row, "interval": interval, "extracted_on": today} for row in rows]

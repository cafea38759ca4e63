"""MaestroQA's streams: what each export holds, and what identifies its rows.

No public vendor text lists the columns; those here were met by public connectors in 2020 and 2023.
"""

from __future__ import annotations

import abc
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.http.request import Request
from tap_qa.pagination.envelope import EnvelopeSpec, parse_list_response
from tap_qa.pagination.page import Page
from tap_qa.records.chunks import ParsedRows, RawRows
from tap_qa.records.row_key import Columns
from tap_qa.state.bookmarks import format_timestamp
from tap_qa.streams.base import QAStream
from tap_qa.streams.checkpoint import Checkpoint
from tap_qa.streams.export import PLANNED_REQUESTS, ExportStream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_qa.jobs.export import Export
    from tap_qa.records.chunks import RowChunk
    from tap_qa.state.windows import Window
    from tap_qa.vendors.maestroqa.client import Account

_GRADE = ("gradable_id", "agent_id", "rubric_id", "grader", "grade_type")
# The reported date is the one date here that the vendor's warehouse keeps apart from those of edits. It distinguishes
# two grades of one ticket in the files that lack the date of the first save.
_FURTHER = ("target_answer_id", "date_reported_as")
_TIEBREAK_COLUMNS = ("date_first_graded", "date_first_started", "date_graded", "date_reported_as", "ticket_created_at")


# How long before it shows in an export a change may have happened. No document says.
_EXPORT_DELAY = timedelta(minutes=5)


class MaestroStream(ExportStream, abc.ABC):
    """A table of one of the vendor's CSV files."""

    vendor = "maestroqa"
    primary_keys = ("_row_key",)
    null_values = frozenset({"unknown", "n/a"})
    allow_empty_file = True
    connection: Account

    @override
    def date_range(self) -> Window | None:
        """Read a little more than from the last bookmark on: a lookback of a day adds nothing to it in a daily run."""
        date_range = super().date_range()
        if date_range is None or self.is_connection_test or self.backfill is not None:
            return date_range
        return replace(date_range, start=max(self.dates.start, date_range.start - _EXPORT_DELAY))

    @property
    @override
    def file_names(self) -> tuple[str, ...]:  # type: ignore[override] # follows from the stream's name
        own = self.name.removeprefix("maestroqa_")
        return (own, *self.further_file_names)

    further_file_names: ClassVar[tuple[str, ...]] = ()


class ScoreStream(MaestroStream, abc.ABC):
    """One of the five files of a raw export, which holds what was last updated within a window."""

    replication_key = "_window_end"
    property_aliases: ClassVar[Mapping[str, str]] = {"ticket_id": "gradable_id"}

    @cached_property
    @override
    def export(self) -> Export:
        return self.connection.scores(self.name, SCORE_FILES)

    @override
    def constants(self, window: Window | None) -> Mapping[str, Any]:
        assert window is not None  # noqa: S101 - a raw export has one
        return {"_window_end": format_timestamp(window.end)}


class TotalScores(ScoreStream):
    """One row a grade."""

    name = "maestroqa_total_scores"
    further_file_names = ("total_rubric_scores", "rubric_scores")
    identity = Columns(
        (*_GRADE, "date_first_graded"), optional=("target_answer_id",), tiebreak_columns=_TIEBREAK_COLUMNS
    )


class SectionScores(ScoreStream):
    """One row a section of a grade."""

    name = "maestroqa_section_scores"
    identity = Columns((*_GRADE, "section_id"), optional=_FURTHER, tiebreak_columns=_TIEBREAK_COLUMNS)


class IndividualAnswers(ScoreStream):
    """One row for each answer of a grade."""

    name = "maestroqa_individual_answers"
    further_file_names = ("individual_answer_scores", "answers")
    identity = Columns(
        (*_GRADE, "question_id"), optional=_FURTHER, tiebreak_columns=(*_TIEBREAK_COLUMNS, "answer_label")
    )


class Annotations(ScoreStream):
    """One row a passage that a grader marked."""

    name = "maestroqa_annotations"
    identity = Columns(("gradable_id", "annotation_id"), tiebreak_columns=(*_TIEBREAK_COLUMNS, "question_id"))


class Csat(ScoreStream):
    """One row for each customer's answer."""

    name = "maestroqa_csat"
    identity = Columns(("gradable_id",), tiebreak_columns=("ticket_created_at", "source"))


SCORE_FILES = {
    (own := stream.name.removeprefix("maestroqa_")): (own, *stream.further_file_names)
    for stream in (TotalScores, SectionScores, IndividualAnswers, Annotations, Csat)
}
"""The names of each file of a raw export, the vendor's own first."""


class AgentGroups(MaestroStream):
    """One row an agent in a group; a whole snapshot each time."""

    name = "maestroqa_agent_groups"
    identity = Columns(("group_id", "agent_ids"), tiebreak_columns=("agent_email", "agent_name"))

    @cached_property
    @override
    def export(self) -> Export:
        return self.connection.groups(self.name, (AgentGroups.name, ScreenCaptureUsage.name))

    @override
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        if self.is_connection_test:
            self.connection.exports.check_token()
            return
        yield from super().read_chunks()


class AuditLogs(MaestroStream):
    """One row for each action of a user."""

    name = "maestroqa_audit_logs"
    replication_key = "time_stamp"
    identity = Columns(
        ("activity_id", "time_stamp"), optional=("description",), tiebreak_columns=("user_email", "item_type")
    )

    @cached_property
    @override
    def export(self) -> Export:
        return self.connection.audit_logs(self.name)


class ScreenCaptureUsage(QAStream):
    """One row an agent, for the groups that the agent groups export names."""

    vendor = "maestroqa"
    name = "maestroqa_screen_capture_usage"
    primary_keys = ("agent_id", "interval", "extracted_on")
    turn_group = ExportStream.turn_group
    property_aliases: ClassVar[Mapping[str, str]] = {
        "agentId": "agent_id",
        "numberExpectedRecordings": "number_expected_recordings",
        "numberRecordings": "number_recordings",
        "percentRecorded": "percent_recorded",
    }
    connection: Account

    @cached_property
    def groups(self) -> Export:
        """The jobs of the agent groups export."""
        export = self.connection.groups(self.name, (AgentGroups.name, self.name))
        groups = self.tap.streams[AgentGroups.name]
        assert isinstance(groups, AgentGroups)  # noqa: S101 - for the type checker
        export.subscribe(self.name, None, groups.table_spec)
        return export

    @override
    def planned_requests(self, rows: int = 0) -> int:
        return 1 + PLANNED_REQUESTS

    @override
    def prefetch(self) -> None:
        self.connection.ensure_server_time()
        _ = self.groups

    @property
    @override
    def is_ready(self) -> bool:
        return self.groups.ready(self.name)

    @override
    def cancel(self) -> None:
        self.groups.unsubscribe(self.name)

    @override
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        if self.is_connection_test:
            self.connection.exports.check_token()
            return
        group_ids = self._group_ids()
        if not group_ids:
            self.logger.warning("%s: the agent groups export names no group to ask for.", self.name)
            return  # unfinished: the table was not requested
        yield ParsedRows(self._usage(group_ids))
        yield Checkpoint()

    def _group_ids(self) -> list[str]:
        window_table = self.groups.next_window(self.name)
        if window_table is None:
            return []
        try:
            found = (record.group_id for records in window_table.records({}) for record in records)
            return [group_id for group_id in dict.fromkeys(found) if group_id]
        finally:
            window_table.release()

    def _usage(self, group_ids: list[str]) -> list[dict[str, Any]]:
        interval = self.vendor_config["screen_capture_interval"]
        request = Request(
            "screen-capture-usage-stats",
            method="POST",
            json={"groupIds": group_ids, "interval": interval},
            rate_limiter=self.connection.exports.easy,
            description="screen capture usage",
        )
        form = EnvelopeSpec(rows=("data",))
        page = Page(self.connection.client.send(request, lambda response: parse_list_response(response, form)).array)
        today = self.connection.server_clock.now().date().isoformat()
        return [{**row, "interval": interval, "extracted_on": today} for row in RawRows(page.rows).parsed()]

"""The streams of Canary Speech, as its REST reference describes them (docs.canaryspeech.com/rest/v2/…).

The API lists neither subjects nor assessments: the settings name those to read. Messages name them by their place in
the settings, since an id stands for a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
import requests
from msgspec import Raw
from typing_extensions import override

from tap_qa.errors import RequestRejectedError
from tap_qa.http.request import Request, path_segment
from tap_qa.pagination.envelope import parse_list_response
from tap_qa.pagination.page import Page
from tap_qa.records import row_key
from tap_qa.records.chunks import ParsedRows, RowChunk
from tap_qa.records.timestamps import zulu
from tap_qa.state.windows import SECOND, Window, split_into_windows
from tap_qa.streams.base import QAStream
from tap_qa.streams.checkpoint import Checkpoint
from tap_qa.streams.paginated import FullTableStream, PagedList
from tap_qa.vendors.canary_speech.dense_windows import ResponseTraits, read_window
from tap_qa.vendors.canary_speech.scores import ENVELOPE, read_scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tap_qa.http.request import Response
    from tap_qa.vendors.canary_speech.client import CanarySpeech

_encode = msgspec.json.Encoder(decimal_format="number").encode
WINDOW_WIDTH = timedelta(days=90)


class CanarySpeechStream(QAStream):
    """A stream of scores."""

    vendor = "canary_speech"
    property_aliases: ClassVar[Mapping[str, str]] = {
        "UUID": "uuid",  # so written in version 2's other responses
        "subjectId": "subject_id",
        "surveyId": "survey_id",
        "assessmentId": "assessment_id",
        "assessmentUUIDs": "assessment_uuids",
        "dateRecorded": "date_recorded",
        "scoreId": "score_id",
        "scoreType": "score_type",
        "scoreData": "score_data",
        "extraData": "extra_data",
    }
    connection: CanarySpeech

    def configured(self, setting: str) -> list[Any]:
        """Return what a setting lists, or the first of it if this is only a test; say so if it lists nothing."""
        found = list(self.vendor_config.get(setting) or [])
        if not found:
            self.logger.warning("%s: canary_speech.%s is empty, so there is nothing to read.", self.name, setting)
        return found[:1] if self.is_connection_test else found


@dataclass(frozen=True)
class Subject:
    """A subject in a survey, as the settings name it."""

    subject_id: str
    survey_id: str
    place: str
    """Its position in the settings, as `canary_speech.subjects[2]`, for messages."""

    @property
    def columns(self) -> dict[str, str]:
        """The fields that a response does not repeat, by the vendor's names."""
        return {"subjectId": self.subject_id, "surveyId": self.survey_id}


class Scores(CanarySpeechStream):
    """Scores of the configured subjects in the configured surveys."""

    name = "canary_speech_scores"
    primary_keys = ("uuid",)
    replication_key = "date_recorded"

    @override
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        subjects = self._subjects()
        date_range = self.date_range() if subjects else None
        if date_range is None:
            return
        windows = list(split_into_windows(date_range, WINDOW_WIDTH))
        self.stats.windows_planned = len(windows)
        for window in windows:
            for subject in subjects:
                yield from self._read_window(subject, window)
            yield Checkpoint(window)
        if not self.stats.rows and not self.is_connection_test:
            self.logger.warning(
                "%s: there is no score of any of canary_speech.subjects from %s on. A project that was made under "
                "version 3 of the API may list its scores by assessment only: name those in "
                "canary_speech.assessment_ids and select canary_speech_assessment_scores.",
                self.name,
                f"{date_range.start:%Y-%m-%d}",
            )

    @cached_property
    def _traits(self) -> ResponseTraits:
        return ResponseTraits()

    @override
    def planned_windows(self, date_range: Window) -> Iterable[Window]:
        return split_into_windows(date_range, WINDOW_WIDTH)

    @override
    def planned_requests(self, rows: int = 0) -> int:
        return len(self.vendor_config.get("subjects") or [])

    def _subjects(self) -> list[Subject]:
        found = {
            (named["subject_id"], named["survey_id"]): Subject(**named, place=f"canary_speech.subjects[{position}]")
            for position, named in enumerate(self.configured("subjects"))
        }
        return list(found.values())

    def _read_window(self, subject: Subject, window: Window) -> Iterator[ParsedRows]:
        # A second earlier, since no document says whether the bounds belong to the window.
        wide = Window(window.start - SECOND, window.end)
        parts = read_window(
            self.name,
            wide,
            partial(self._fetch, subject),
            date=lambda row: row.get("dateRecorded"),
            key=lambda row: row.get("uuid", row.get("UUID")),
            traits=self._traits,
        )
        for rows in parts:
            yield ParsedRows([{**row, **subject.columns} for row in rows])

    def _fetch(self, subject: Subject, window: Window) -> list[dict[str, Any]]:
        params = {"surveyId": subject.survey_id, "start": zulu(window.start), "end": zulu(window.end)}
        path = f"v2/data/query-subject-scores/{path_segment(self.name, subject.subject_id)}"
        request = Request(path, params=params, description=f"the scores of {subject.place}")
        return self.connection.client.send(request, read_scores)


class AssessmentScores(CanarySpeechStream, FullTableStream):
    """Scores of the configured assessments."""

    name = "canary_speech_assessment_scores"
    primary_keys = ("assessment_id", "uuid")

    @cached_property
    def _assessment_ids(self) -> list[str]:
        return list(dict.fromkeys(self.configured("assessment_ids")))

    @override
    def planned_requests(self, rows: int = 0) -> int:
        return len(self.vendor_config.get("assessment_ids") or [])

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        for position, assessment_id in enumerate(self._assessment_ids):
            pages = partial(self._page, assessment_id, f"canary_speech.assessment_ids[{position}]")
            yield PagedList(pages, {"assessmentId": assessment_id})

    def _page(self, assessment_id: str, place: str) -> Iterator[Page]:
        """Read an assessment's scores as version 2 lists them; if it has none, as version 3 does."""
        path = f"v2/org/assessment/{path_segment(self.name, assessment_id)}/get-scores"
        rejection = None
        try:
            page = self.connection.client.send(Request(path, description=f"the scores of {place}"), _page)
        except RequestRejectedError as error:
            if error.status != requests.codes.not_found:
                raise
            page, rejection = Page(Raw(b"[]")), error
        if not page.is_empty:
            yield page
            return
        found = self._of_version_3(assessment_id, place)
        if found is None and rejection is not None:
            raise rejection
        yield Page(Raw(_encode(found or [])))

    def _of_version_3(self, assessment_id: str, place: str) -> list[dict[str, Any]] | None:
        """Return the scores that version 3 lists, in the form of version 2; None if it refuses to."""
        params = {"assessmentId": assessment_id}
        request = Request("v3/api/list-scores", params=params, description=f"the scores of {place}")
        try:
            rows = self.connection.client.send(request, read_scores)
        except RequestRejectedError:
            return None
        return [as_version_2(row, assessment_id) for row in rows]


def as_version_2(row: Mapping[str, Any], assessment_id: str) -> dict[str, Any]:
    """Return a score of version 3 in the form of version 2, with an id made of what identifies it.

    By the reference, such a score has `code`, `timestamp`, `source`, `type` and `data.result`, and no id.
    """
    rest = dict(row)
    code, stamp, data = rest.pop("code", None), rest.pop("timestamp", None), rest.pop("data", None)
    given = {name: value for name, value in data.items() if name != "result"} if isinstance(data, dict) else {}
    return {
        "uuid": row_key.key([assessment_id, str(code), row_key.canonical_instant(str(stamp))]),
        "assessmentUUIDs": [assessment_id],
        "dateRecorded": stamp,
        "scoreId": code,
        "scoreType": rest.pop("type", None),
        "scoreData": {"value": data.get("result"), **given} if isinstance(data, dict) else data,
        **rest,
    }


def _page(response: Response) -> Page:
    return Page(parse_list_response(response, ENVELOPE).array)

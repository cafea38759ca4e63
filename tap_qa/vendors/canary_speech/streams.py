"""The streams of Canary Speech, as its REST reference describes them (docs.canaryspeech.com/rest/v2/…).

The API lists neither subjects nor assessments: the settings name those to read. Messages name them by their place in
the settings, since an id stands for a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from typing_extensions import override

from tap_qa.http.call import Call
from tap_qa.lists import read_list
from tap_qa.paging import Page
from tap_qa.streams.base import Finished, Part, QAStream, Rows
from tap_qa.streams.listed import FullTableStream, Listing
from tap_qa.vendors.canary_speech.scores import FORM, read_scores
from tap_qa.vendors.canary_speech.walk import walk
from tap_qa.windows import SECOND, Window, cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from tap_qa.http.call import Answer
    from tap_qa.vendors.canary_speech.api import CanarySpeech

WINDOW_WIDTH = timedelta(days=90)


class CanarySpeechStream(QAStream):
    """A stream of scores."""

    vendor = "canary_speech"
    renames: ClassVar[Mapping[str, str]] = {
        "UUID": "uuid",  # so written in version 2's other answers
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
        found = list(self.own_config.get(setting) or [])
        if not found:
            self.logger.warning("%s: canary_speech.%s is empty, so there is nothing to read.", self.name, setting)
        return found[:1] if self.is_probe else found


@dataclass(frozen=True)
class Subject:
    """A subject in a survey, as the settings name it."""

    subject_id: str
    survey_id: str
    place: str
    """Where in the settings it stands."""

    @property
    def columns(self) -> dict[str, str]:
        """What an answer does not repeat, under the vendor's own names."""
        return {"subjectId": self.subject_id, "surveyId": self.survey_id}


class Scores(CanarySpeechStream):
    """Scores of the configured subjects in the configured surveys."""

    name = "canary_speech_scores"
    primary_keys = ("uuid",)
    replication_key = "date_recorded"

    @override
    def read(self) -> Iterator[Part | Finished]:
        subjects = self._subjects()
        whole = self.span() if subjects else None
        if whole is None:
            return
        windows = list(cut(whole, WINDOW_WIDTH))
        self.tally.windows_planned = len(windows)
        for window in windows:
            for subject in subjects:
                yield from self._read_window(subject, window)
            yield Finished(window)

    def _subjects(self) -> list[Subject]:
        found = {
            (named["subject_id"], named["survey_id"]): Subject(**named, place=f"canary_speech.subjects[{position}]")
            for position, named in enumerate(self.configured("subjects"))
        }
        return list(found.values())

    def _read_window(self, subject: Subject, window: Window) -> Iterator[Rows]:
        # A second earlier, since nobody says whether the bounds belong to the window.
        wide = Window(window.start - SECOND, window.end)
        parts = walk(
            self.name,
            wide,
            partial(self._ask, subject),
            date=lambda row: row.get("dateRecorded"),
            key=lambda row: row.get("uuid", row.get("UUID")),
        )
        for rows in parts:
            yield Rows([{**row, **subject.columns} for row in rows])

    def _ask(self, subject: Subject, window: Window) -> list[dict[str, Any]]:
        params = {"surveyId": subject.survey_id, "start": stamp(window.start), "end": stamp(window.end)}
        path = f"v2/data/query-subject-scores/{quote(subject.subject_id, safe='')}"
        call = Call(path, params=params, purpose=f"the scores of {subject.place}")
        return self.connection.client.call(call, read_scores)


class AssessmentScores(CanarySpeechStream, FullTableStream):
    """Scores of the configured assessments."""

    name = "canary_speech_assessment_scores"
    primary_keys = ("assessment_id", "uuid")

    @override
    def lists(self) -> Iterator[Listing]:
        for position, assessment_id in enumerate(dict.fromkeys(self.configured("assessment_ids"))):
            pages = partial(self._page, assessment_id, f"canary_speech.assessment_ids[{position}]")
            yield Listing(pages, {"assessmentId": assessment_id})

    def _page(self, assessment_id: str, place: str) -> Iterator[Page]:
        path = f"v2/org/assessment/{quote(assessment_id, safe='')}/get-scores"
        yield self.connection.client.call(Call(path, purpose=f"the scores of {place}"), _page)


def _page(answer: Answer) -> Page:
    return Page(read_list(answer, FORM).array)


def stamp(instant: datetime) -> str:
    """Write an instant as the API's samples do: `2024-10-12T04:40:35Z`, with milliseconds where there are any."""
    milliseconds = instant.microsecond // 1000
    return f"{instant:%Y-%m-%dT%H:%M:%S}" + (f".{milliseconds:03}Z" if milliseconds else "Z")

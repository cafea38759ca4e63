"""Scorebuddy: evaluations behind pages with totals, answers behind pages without, reviews by day."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from typing_extensions import override

from tap_qa.vendors.scorebuddy.streams.scores import ExportQuestions, ScoreReviews, Scores
from tests.model.intercepted_request import Asked, Reply
from tests.model.vendors.base import Row, Shown, VendorModel

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tap_qa.streams.base import QAStream
    from tests.model.change_log import Version
    from tests.model.clocks import VendorTime
    from tests.model.vendors.base import VendorBehaviour

ROOT = "/1234567/api/v1/"
FORM = "%Y-%m-%d %H:%M:%S"
QUESTIONS = (1, 2)


class ScorebuddyModel(VendorModel):
    """An instance with evaluations, each of which has two answers and a review."""

    name = "scorebuddy"
    title = "Scorebuddy"
    streams: ClassVar[dict[str, type[QAStream]]] = {
        stream.name: stream for stream in (Scores, ExportQuestions, ScoreReviews)
    }

    def __init__(self, rng: Random, time: VendorTime, temper: VendorBehaviour) -> None:
        """Choose the instance's habits."""
        self._zone = ZoneInfo(rng.choice(("UTC", "Europe/Dublin", "America/St_Johns", "Asia/Kolkata")))
        self._window_days = rng.choice((1, 2, 7))
        self.page_size = rng.choice((2, 3, 5, 10))
        self.order = rng.choice(("newest", "oldest", "id", "place"))
        self._onward = rng.choice(("absolute", "relative", "number"))
        self._token_seconds = rng.choice((3600, 61, 5))
        self._tokens: dict[str, datetime] = {}
        self._shown: Shown = []
        self._found: dict[tuple[str, str, str], Shown] = {}
        """What lies between bounds, while nothing else is shown: the pages of a list ask for it again and again."""
        super().__init__(rng, time, temper)

    @override
    def config(self, url: str) -> Row:
        return {
            "url": f"{url}/1234567",
            "client_id": "the-client",
            "client_secret": "the-secret",
            "timezone": self._zone.key,
            "window_days": self._window_days,
        }

    @override
    def borders(self) -> list[datetime]:
        width = timedelta(days=self._window_days)
        return [self.start_date + count * width for count in range(1 + self.temper.history // width)]

    # The API

    @override
    def answer(self, asked: Asked) -> Reply:
        path = asked.path.removeprefix(ROOT)
        if path == "authorisation/token":
            token = f"token-{len(self._tokens)}"
            self._tokens[token] = self.time.now + timedelta(seconds=self._token_seconds)
            return Reply(200, {"token_type": "Bearer", "expires_in": self._token_seconds, "access_token": token})
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token, self.time.now) <= self.time.now:
            return Reply(401, {"error": {"type": "UNAUTHORIZED"}})
        lists: dict[str, Callable[[Asked], Reply]] = {
            "scores": self._scores,
            "scores/reviews": self._reviews,
            "export/questions": self._export,
        }
        return lists[path](asked)

    def _scores(self, asked: Asked) -> Reply:
        if "from_score_date" in asked.query:  # no score of this model gets a new date
            return self._page(asked, "scores", [], _score)
        return self._page(
            asked, "scores", self._between(asked, "from_last_edit_date", "to_last_edit_date", FORM), _score
        )

    def _reviews(self, asked: Asked) -> Reply:
        found = self._between(asked, "from_review_date", "to_review_date", "%Y-%m-%d")
        return self._page(asked, "reviews", found, _review)

    def _export(self, asked: Asked) -> Reply:
        """Give rows, and say nothing of how many there are."""
        found = self._between(asked, "from_last_edit_date", "to_last_edit_date", FORM)
        start = (int(asked.query.get("page", "1")) - 1) * self.page_size
        page = found[start : start + self.page_size]
        rows = [_answer(thing.key, number, version, self._zone) for thing, version in page for number in QUESTIONS]
        return Reply(200, {"export": rows})

    def _between(self, asked: Asked, low: str, high: str, form: str) -> Shown:
        """Return what lies between two bounds, both included; texts of one form compare like times."""
        # Only a look at the whole list's total has no bounds.
        lowest, highest = ("0" * len(f"{self.time.now:{form}}"), "9" * len(f"{self.time.now:{form}}"))
        start, end = asked.query.get(low, lowest), asked.query.get(high, highest)
        shown = self.ledger.shown()
        if shown is not self._shown:
            self._shown = shown
            self._found.clear()
        found = self._found.get((low, start, end))
        if found is None:
            length = len(f"{self.time.now:{form}}")
            if len(start) != length or len(end) != length:
                raise AssertionError(asked)
            between = [pair for pair in shown if start <= _stamp(pair[1], self._zone)[:length] <= end]
            found = self._found[low, start, end] = self.ordered(between, self.order)
        return found

    def _page(self, asked: Asked, name: str, found: Shown, show: Callable[[int, Version, ZoneInfo], Row]) -> Reply:
        page = int(asked.query.get("page", "1"))
        end = page * self.page_size
        onward: Any = None
        if end < len(found):
            query = f"?page={page + 1}"
            onward = {
                "absolute": f"https://elsewhere.example{asked.path}{query}",
                "relative": f"{asked.path}{query}",
                "number": page + 1,
            }[self._onward]
        rows = [show(thing.key, version, self._zone) for thing, version in found[end - self.page_size : end]]
        return Reply(200, {name: rows, "total": len(found), "next_page": onward, "previous_page": None})

    # The expected records

    @override
    def expected(self, stream: str) -> dict[tuple[Any, ...], tuple[Version, Row]]:
        truth = self.ledger.truth()
        show: dict[str, Callable[[int, Version], list[tuple[tuple[Any, ...], Row]]]] = {
            "scorebuddy_scores": lambda key, version: [((key,), _score(key, version, self._zone))],
            "scorebuddy_score_reviews": lambda key, version: [((key,), _review(key, version, self._zone))],
            "scorebuddy_export_questions": lambda key, version: [
                ((key, number), _answer(key, number, version, self._zone)) for number in QUESTIONS
            ],
        }
        return {
            row_key: (version, self._in_utc(row))
            for key, version in truth.items()
            for row_key, row in show[stream](key, version)
        }

    def _in_utc(self, row: Row) -> Row:
        return {name: _utc(value, self._zone) if name.endswith("_date") else value for name, value in row.items()}


@lru_cache(10_000)
def _stamp(version: Version, zone: ZoneInfo) -> str:
    return version.stamp.astimezone(zone).strftime(FORM)


def _score(key: int, version: Version, zone: ZoneInfo) -> Row:
    return {"score_id": key, "last_edit_date": _stamp(version, zone), "reference": f"r{version.revision}"}


def _review(key: int, version: Version, zone: ZoneInfo) -> Row:
    return {"review_id": key, "review_date": _stamp(version, zone), "score_id": version.revision}


def _answer(key: int, number: int, version: Version, zone: ZoneInfo) -> Row:
    return {**_score(key, version, zone), "question_id": number}


@lru_cache(10_000)
def _utc(text: str, zone: ZoneInfo) -> str:
    naive = datetime.strptime(text, FORM)  # noqa: DTZ007 - naive it is; hours that are told twice mean the first
    return naive.replace(tzinfo=zone).astimezone(timezone.utc).isoformat()

"""Pages of JSON as Scorebuddy gives them, made so quickly that a server of few lines keeps up with any client.

Some hundred pages are made up row by row; every other page is one of them with other ids and another day.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from benchmarks.data import generated_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

_encode = msgspec.json.Encoder(decimal_format="number").encode
_TEMPLATES = 500
"""More than the usual cases have pages, so that none of their rows comes twice."""

_QUESTIONS = 12
_ID = b'"score_id":9'
_FIRST_ID = 900_000
_FIRST_DAY = date(2012, 1, 1)
_OF_A_QUESTION = (
    "question_id", "question", "section_id", "section_name", "answer", "sum", "answer_values", "weighting",
    "fail_section", "fail_all", "comment_ids", "answer_comments",
)  # fmt: skip


@dataclass(frozen=True)
class Pages:
    """The pages of one list."""

    table: str
    """`export_questions`, flat rows of 1 KB, or `scores`, with twelve answers inside each row."""

    envelope: str
    page_rows: int

    stamp_end: str
    """What stands behind a timestamp's second: nothing, as the vendor writes it, or an offset."""

    odd_every: int = 0
    """Of how many rows one has an integer for a reference, which is a text; none if 0."""

    def page(self, number: int, rows: int, next_page: str) -> bytes:
        """Return a page.

        Args:
            number: Its number, from 1.
            rows: How many rows the whole list has.
            next_page: The address of the page behind it.
        """
        last = number * self.page_rows >= rows
        wanted = min(self.page_rows, max(0, rows - (number - 1) * self.page_rows))
        array = self._array(number, wanted)
        onward = b"null" if last else _encode(next_page)
        return b'{"%s":%b,"total":%d,"next_page":%b}' % (self.envelope.encode(), array, rows, onward)

    def _array(self, number: int, wanted: int) -> bytes:
        template = _kept_template(self, number % _TEMPLATES)
        if wanted < self.page_rows:
            template = _encode(msgspec.json.decode(template, type=list[msgspec.Raw])[:wanted])
        day = _FIRST_DAY + timedelta(days=number * self.page_rows // 1000)
        return template.replace(_ID, b'"score_id":%d' % number).replace(
            generated_rows.DAY.encode(), day.isoformat().encode()
        )

    def _template(self, number: int) -> bytes:
        rng = random.Random(number)  # noqa: S311 - made-up rows
        schema = generated_rows.schema("scorebuddy", self.table)
        made = self._export(schema, rng) if self.table == "export_questions" else self._scores(schema, rng)
        rows = [next(made) for _ in range(self.page_rows)]
        for row in rows[:: self.odd_every] if self.odd_every else ():
            row["reference"] = rng.randrange(10**8)
        return _encode(rows)

    def _export(self, schema: Any, rng: random.Random) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
        """Yield the rows of results, one a question; what belongs to the result is the same in all of its rows."""
        columns = generated_rows.columns(schema)
        for score_id in range(_FIRST_ID, _FIRST_ID + self.page_rows):
            common = self._row(columns, rng)
            for question_id in range(1, _QUESTIONS + 1):
                own = self._row({name: columns[name] for name in _OF_A_QUESTION}, rng)
                yield {**common, **own, "score_id": score_id, "question_id": question_id}

    def _scores(self, schema: Any, rng: random.Random) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
        columns = generated_rows.columns(schema)
        question = columns["questions"]["items"]["properties"]
        for score_id in range(_FIRST_ID, _FIRST_ID + self.page_rows):
            answers = [{**self._row(question, rng), "question_id": number} for number in range(1, _QUESTIONS + 1)]
            yield {**self._row(columns, rng), "score_id": score_id, "questions": answers}

    def _row(self, columns: Any, rng: random.Random) -> dict[str, Any]:  # noqa: ANN401 - JSON
        return {
            name: generated_rows.value(name, column, rng, stamp_end=self.stamp_end) for name, column in columns.items()
        }


@lru_cache(2 * _TEMPLATES)
def _kept_template(pages: Pages, number: int) -> bytes:
    return pages._template(number)  # noqa: SLF001 - of this module


EXPORT = Pages("export_questions", "export", 1000, "")
SCORES = Pages("scores", "scores", 100, "")

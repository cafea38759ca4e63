"""The tap, broken on purpose: each mutant takes one safeguard away, and the trials must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

from msgspec import Raw

from tap_qa.errors import TapQAError
from tap_qa.http import server_clock as vendor_clock
from tap_qa.pagination import consistency as paging
from tap_qa.pagination import envelope
from tap_qa.pagination import paginator as lists
from tap_qa.records import chunks as rows
from tap_qa.singer import message_writer as messages
from tap_qa.state import bookmarks, windows
from tap_qa.state.windows import Window
from tap_qa.streams import base
from tap_qa.streams import paginated as listed
from tap_qa.streams.checkpoint import Checkpoint
from tap_qa.vendors.scorebuddy import totals
from tap_qa.vendors.scorebuddy.streams import base as scorebuddy

if TYPE_CHECKING:
    from tap_qa.pagination.page import Page

Patch = Callable[[], Any]


@dataclass(frozen=True)
class Mutant:
    """A safeguard that is gone, and whose trials must find that out."""

    vendor: str
    patches: tuple[Patch, ...]
    rush: bool = False
    """Whether it takes more luck than other trials have."""


def setting(owner: Any, name: str, value: Any) -> Patch:  # noqa: ANN401
    return lambda: mock.patch.object(owner, name, value)


def lookback(span: timedelta) -> Patch:
    return setting(base.QAStream, "lookback", property(lambda _: span))


def _any_pass_is_whole(this: paging.Scan, _before: object, **_rest: bool) -> bool:
    return this is not None


def _count_is_proof(this: paging.Scan, before: paging.Scan | None, *, had_pages: bool, **_rest: bool) -> bool:
    return _really_whole(this, before, closed=True, had_pages=had_pages)


_really_whole = paging.is_consistent


def state_first(stream: base.QAStream, _context: object) -> Iterator[Any]:
    """Move the bookmark before the rows of its window go out."""
    held: list[Any] = []
    for step in stream.read_chunks():
        if isinstance(step, Checkpoint):
            stream._checkpoint(step.window)  # noqa: SLF001
            yield from held
            held.clear()
        else:
            held.extend(map(rows.as_dict, step.records(stream.conformer, stream.decoder)))
    yield from held


def row_bookmark(stream: base.QAStream, _context: object) -> Iterator[Any]:
    """Move the bookmark with the newest row so far, page by page."""
    newest = ""
    key = stream.replication_key or ""
    for step in stream.read_chunks():
        if isinstance(step, Checkpoint):
            continue
        for record in map(rows.as_dict, step.records(stream.conformer, stream.decoder)):
            newest = max(newest, record.get(key) or "")
            yield record
        if newest and key:
            stream.bookmark.state["replication_key"] = key
            stream.bookmark.state["replication_key_value"] = newest
            stream.tap.write_state()


def _exclusive(window: Window, zone: Any) -> Any:  # noqa: ANN401
    """Ask as if the vendor's bounds were not part of what it gives."""
    start, end = _local_bounds(window, zone)
    second = timedelta(seconds=1)
    return (start + second, end - second) if end - start > 2 * second else (start, end)


_local_bounds = windows.local_bounds


def _with_gaps(whole: Window, width: timedelta) -> Iterator[Window]:
    """Leave some minutes out between two windows."""
    for window in _cut(whole, width):
        start = window.start if window.start == whole.start else window.start + timedelta(minutes=20)
        yield Window(min(start, window.end), window.end)


_cut = windows.split_into_windows


def _without_the_rest(whole: Window, width: timedelta) -> Iterator[Window]:
    """Leave out the last window if it is a partial one, but not its bookmark."""
    for window in _cut(whole, width):
        yield window if window.width == width else Window(window.end - timedelta(seconds=1), window.end)


def _swallowing(stream: Any, window: Window, *, closed: bool, halvings: int = 3) -> Iterator[Any]:  # noqa: ANN401
    """Take a window that can't be read for one that was."""
    try:
        yield from _read_window(stream, window, closed=closed, halvings=halvings)
    except TapQAError:
        return


_read_window = listed.WindowedStream._read_window  # noqa: SLF001


def _error_is_empty(answer: Any, form: envelope.EnvelopeSpec) -> envelope.ListResponse:  # noqa: ANN401
    """Take an answer without the list for an empty list."""
    if answer.body.startswith(b'{"error"'):
        return envelope.ListResponse(Raw(b"[]"), total=0, announces_last_page=True)
    return _read_list(answer, form)


_read_list = envelope.parse_list_response


def _first_page_only(*arguments: Any) -> Iterator[Page]:  # noqa: ANN401
    """Ask for no further page."""
    for page in _list_pages(*arguments):
        yield replace(page, total=None, may_have_more=False)
        return


_list_pages = lists.list_pages


def _short_page_ends(*arguments: Any) -> Iterator[Page]:  # noqa: ANN401
    """Take an empty page for the end, whatever else the vendor says."""
    for page in _list_pages(*arguments):
        if page.is_empty:
            return
        yield replace(page, total=None, may_have_more=False)


def _first_pass_only(*arguments: Any, **named: Any) -> Iterator[Any]:  # noqa: ANN401
    """Prove that a list is whole by a second pass, but pass on only what the first one showed."""
    passes = 0

    def counted() -> Iterator[Page]:
        nonlocal passes
        passes += 1
        return arguments[1]()  # type: ignore[no-any-return]

    for part in _read_whole(arguments[0], counted, **named):
        if passes == 1:
            yield part


_read_whole = paging.read_consistently


def _moved_back(self: bookmarks.Bookmark, end: Any, *, latest: Any, horizon: Any) -> None:  # noqa: ANN401, ARG001
    """Let the lookback move the bookmark back."""
    self.state["replication_key"] = self.replication_key
    self.state["replication_key_value"] = bookmarks.format_timestamp(min(end, latest) - timedelta(days=1))


def _uncapped(self: bookmarks.Bookmark, end: Any, *, latest: Any, horizon: Any) -> None:  # noqa: ANN401, ARG001
    """Move the bookmark to the end of the day."""
    self.state["replication_key"] = self.replication_key
    self.state["replication_key_value"] = bookmarks.format_timestamp(end.replace(hour=23, minute=59))


@contextmanager
def _newest_window_first() -> Iterator[None]:
    def backwards(whole: Window, width: timedelta) -> Iterator[Window]:
        yield from reversed(list(_cut(whole, width)))

    with mock.patch.object(listed, "split_into_windows", backwards):
        yield


def _state_overtakes_records(writer: messages.LineWriter, message: Any) -> None:  # noqa: ANN401
    """Write a state at once, while records wait to be worth a write."""
    if message.type == "STATE" and message.value.get("bookmarks"):
        pending, writer._pending = writer._pending, bytearray()  # noqa: SLF001
        _write_message(writer, message)
        writer._pending = pending  # noqa: SLF001
    else:
        _write_message(writer, message)


_write_message = messages.LineWriter.write_message

_NO_MOVE = setting(vendor_clock.ServerClock, "observe", lambda *_: None)

MUTANTS = {
    "no lookback": Mutant("scorebuddy", (lookback(timedelta()),)),
    "short lookback": Mutant("scorebuddy", (lookback(timedelta(minutes=10)),)),
    "no lag": Mutant("betterworks", (setting(base.QAStream, "lag", timedelta()),)),
    "no settle check": Mutant("scorebuddy", (setting(paging, "is_consistent", _any_pass_is_whole),)),
    "count is proof": Mutant("scorebuddy", (setting(paging, "is_consistent", _count_is_proof),), rush=True),
    "state before records": Mutant("scorebuddy", (setting(base.QAStream, "get_records", state_first),)),
    "state overtakes records": Mutant(
        "scorebuddy", (setting(messages.LineWriter, "write_message", _state_overtakes_records),)
    ),
    "bounds taken as exclusive": Mutant("scorebuddy", (setting(scorebuddy, "local_bounds", _exclusive),)),
    "newest row is the bookmark": Mutant("scorebuddy", (setting(base.QAStream, "get_records", row_bookmark),)),
    "newest row is the bookmark, of goals": Mutant(
        "betterworks", (setting(base.QAStream, "get_records", row_bookmark),)
    ),
    "failed window taken for read": Mutant(
        "scorebuddy", (setting(listed.WindowedStream, "_read_window", _swallowing),)
    ),
    "error taken for an empty page": Mutant("scorebuddy", (setting(lists, "parse_list_response", _error_is_empty),)),
    "first page only": Mutant("scorebuddy", (setting(totals, "list_pages", _first_page_only),)),
    "empty page is the end": Mutant(
        "scorebuddy",
        (setting(totals, "list_pages", _short_page_ends), setting(paging, "is_consistent", _any_pass_is_whole)),
    ),
    "first pass only": Mutant("scorebuddy", (setting(listed, "read_consistently", _first_pass_only),)),
    "first pass only, of goals": Mutant("betterworks", (setting(listed, "read_consistently", _first_pass_only),)),
    "gaps between windows": Mutant("scorebuddy", (setting(listed, "split_into_windows", _with_gaps),)),
    "last partial window left out": Mutant("scorebuddy", (setting(listed, "split_into_windows", _without_the_rest),)),
    "newest window first": Mutant("scorebuddy", (_newest_window_first,)),
    "bookmark moved back": Mutant("scorebuddy", (setting(bookmarks.Bookmark, "advance", _moved_back),)),
    "bookmark beyond now": Mutant("scorebuddy", (setting(bookmarks.Bookmark, "advance", _uncapped),)),
    "this machine's clock": Mutant("scorebuddy", (_NO_MOVE,)),
    "this machine's clock, for goals": Mutant("betterworks", (_NO_MOVE,)),
}

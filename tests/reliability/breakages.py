"""The tap, broken on purpose: each breakage takes one safeguard away, and the trials must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from unittest import mock

from msgspec import Raw

from tap_qa import bookmarks, lists, messages, paging, rows, vendor_clock, windows
from tap_qa.errors import TapQAError
from tap_qa.streams import base, listed
from tap_qa.vendors.scorebuddy import streams as scorebuddy
from tap_qa.windows import Window

Patch = Callable[[], Any]


@dataclass(frozen=True)
class Breakage:
    """A safeguard that is gone, and whose trials must find that out."""

    vendor: str
    patches: tuple[Patch, ...]
    rush: bool = False
    """Whether it takes more luck than other trials have."""


def setting(owner: Any, name: str, value: Any) -> Patch:  # noqa: ANN401
    return lambda: mock.patch.object(owner, name, value)


def lookback(span: timedelta) -> Patch:
    return setting(base.QAStream, "lookback", property(lambda _: span))


def _any_pass_is_whole(this: paging.Pass, _before: object, *, cold: bool) -> bool:  # noqa: ARG001
    return this is not None


def _count_is_proof(this: paging.Pass, before: paging.Pass | None, *, cold: bool) -> bool:  # noqa: ARG001
    return _really_whole(this, before, cold=True)


_really_whole = paging.is_whole


def state_first(stream: base.QAStream, _context: object) -> Iterator[Any]:
    """Move the bookmark before the rows of its window go out."""
    held: list[Any] = []
    for step in stream.read():
        if isinstance(step, base.Finished):
            stream._finish(step.window)  # noqa: SLF001
            yield from held
            held.clear()
        else:
            held.extend(map(rows.as_dict, step.records(stream.shape, stream.typed)))
    yield from held


def row_bookmark(stream: base.QAStream, _context: object) -> Iterator[Any]:
    """Move the bookmark with the newest row so far, page by page."""
    newest = ""
    key = stream.replication_key or ""
    for step in stream.read():
        if isinstance(step, base.Finished):
            continue
        for record in map(rows.as_dict, step.records(stream.shape, stream.typed)):
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


_cut = windows.cut


def _without_the_rest(whole: Window, width: timedelta) -> Iterator[Window]:
    """Leave out the last window if it is a partial one, but not its bookmark."""
    for window in _cut(whole, width):
        yield window if window.width == width else Window(window.end - timedelta(seconds=1), window.end)


def _swallowing(stream: Any, window: Window, *, cold: bool, halvings: int = 3) -> Iterator[Any]:  # noqa: ANN401
    """Take a window that can't be read for one that was."""
    try:
        yield from _read_window(stream, window, cold=cold, halvings=halvings)
    except TapQAError:
        return


_read_window = listed.WindowedStream._read_window  # noqa: SLF001


def _error_is_empty(answer: Any, form: lists.ListForm) -> lists.ListBody:  # noqa: ANN401
    """Take an answer without the list for an empty list."""
    if answer.body.startswith(b'{"error"'):
        return lists.ListBody(Raw(b"[]"), total=0, says_if_last=True)
    return _read_list(answer, form)


_read_list = lists.read_list


def _first_page_only(*arguments: Any) -> Iterator[paging.Page]:  # noqa: ANN401
    """Ask for no further page."""
    for page in _list_pages(*arguments):
        yield replace(page, total=None, may_go_on=False)
        return


_list_pages = lists.list_pages


def _short_page_ends(client: Any, call: Any, form: Any) -> Iterator[paging.Page]:  # noqa: ANN401
    """Take an empty page for the end, whatever else the vendor says."""
    for page in _list_pages(client, call, form):
        if page.is_empty:
            return
        yield replace(page, total=None, may_go_on=False)


def _first_pass_only(*arguments: Any, **named: Any) -> Iterator[Any]:  # noqa: ANN401
    """Prove that a list is whole by a second pass, but pass on only what the first one showed."""
    passes = 0

    def counted() -> Iterator[paging.Page]:
        nonlocal passes
        passes += 1
        return arguments[1]()  # type: ignore[no-any-return]

    for part in _read_whole(arguments[0], counted, **named):
        if passes == 1:
            yield part


_read_whole = paging.read_whole


def _moved_back(self: bookmarks.Bookmark, end: Any, *, latest: Any) -> None:  # noqa: ANN401
    """Let the lookback move the bookmark back."""
    self.state["replication_key"] = self.replication_key
    self.state["replication_key_value"] = bookmarks.stamp(min(end, latest) - timedelta(days=1))


def _uncapped(self: bookmarks.Bookmark, end: Any, *, latest: Any) -> None:  # noqa: ANN401, ARG001
    """Move the bookmark to the end of the day."""
    self.state["replication_key"] = self.replication_key
    self.state["replication_key_value"] = bookmarks.stamp(end.replace(hour=23, minute=59))


@contextmanager
def _newest_window_first() -> Iterator[None]:
    def backwards(whole: Window, width: timedelta) -> Iterator[Window]:
        yield from reversed(list(_cut(whole, width)))

    with mock.patch.object(listed, "cut", backwards):
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

_NO_MOVE = setting(vendor_clock.VendorClock, "observe", lambda *_: None)

BREAKAGES = {
    "no lookback": Breakage("scorebuddy", (lookback(timedelta()),)),
    "short lookback": Breakage("scorebuddy", (lookback(timedelta(minutes=10)),)),
    "no lag": Breakage("betterworks", (setting(base.QAStream, "lag", timedelta()),)),
    "no settle check": Breakage("scorebuddy", (setting(paging, "is_whole", _any_pass_is_whole),)),
    "count is proof": Breakage("scorebuddy", (setting(paging, "is_whole", _count_is_proof),), rush=True),
    "state before records": Breakage("scorebuddy", (setting(base.QAStream, "get_records", state_first),)),
    "state overtakes records": Breakage(
        "scorebuddy", (setting(messages.LineWriter, "write_message", _state_overtakes_records),)
    ),
    "bounds taken as exclusive": Breakage("scorebuddy", (setting(scorebuddy, "local_bounds", _exclusive),)),
    "newest row is the bookmark": Breakage("scorebuddy", (setting(base.QAStream, "get_records", row_bookmark),)),
    "newest row is the bookmark, of goals": Breakage(
        "betterworks", (setting(base.QAStream, "get_records", row_bookmark),)
    ),
    "failed window taken for read": Breakage(
        "scorebuddy", (setting(listed.WindowedStream, "_read_window", _swallowing),)
    ),
    "error taken for an empty page": Breakage("scorebuddy", (setting(lists, "read_list", _error_is_empty),)),
    "first page only": Breakage("scorebuddy", (setting(scorebuddy, "list_pages", _first_page_only),)),
    "empty page is the end": Breakage(
        "scorebuddy",
        (setting(scorebuddy, "list_pages", _short_page_ends), setting(paging, "is_whole", _any_pass_is_whole)),
    ),
    "first pass only": Breakage("scorebuddy", (setting(listed, "read_whole", _first_pass_only),)),
    "first pass only, of goals": Breakage("betterworks", (setting(listed, "read_whole", _first_pass_only),)),
    "gaps between windows": Breakage("scorebuddy", (setting(listed, "cut", _with_gaps),)),
    "last partial window left out": Breakage("scorebuddy", (setting(listed, "cut", _without_the_rest),)),
    "newest window first": Breakage("scorebuddy", (_newest_window_first,)),
    "bookmark moved back": Breakage("scorebuddy", (setting(bookmarks.Bookmark, "advance", _moved_back),)),
    "bookmark beyond now": Breakage("scorebuddy", (setting(bookmarks.Bookmark, "advance", _uncapped),)),
    "this machine's clock": Breakage("scorebuddy", (_NO_MOVE,)),
    "this machine's clock, for goals": Breakage("betterworks", (_NO_MOVE,)),
}

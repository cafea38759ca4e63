"""Rows that somebody made up, through the tap's own way from a vendor's row to Singer messages."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from typing_extensions import override

from qa_harness.capture import captured, captured_logs, restored_process_state
from qa_harness.clock import FakeClock
from tap_qa.records.chunks import RawRows, RowChunk
from tap_qa.state.windows import Window
from tap_qa.streams.base import QAStream
from tap_qa.streams.checkpoint import Checkpoint
from tap_qa.tap import TapQA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import IO

    from tap_qa.vendor import Vendor

STREAM = "scorebuddy_made_up"
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
CONFIG: dict[str, Any] = {
    "start_date": START.isoformat(),
    "scorebuddy": {"url": "https://example.com/1", "client_id": "me", "client_secret": "mine"},
}


class GivenRowsStream(QAStream):
    """A stream of given rows, window by window if it has a replication key, else as one whole table."""

    vendor = "scorebuddy"
    primary_keys: ClassVar[Sequence[str]] = ("id",)
    windows: ClassVar[Iterable[Sequence[bytes]]] = ((),)
    """The rows of each window, as JSON."""

    @override
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        for number, rows in enumerate(self.windows):
            yield RawRows([msgspec.Raw(row) for row in rows])
            start = START + timedelta(days=number)
            yield Checkpoint(Window(start, start + timedelta(days=1)) if self.replication_key else None)


GivenRowsStream.name = STREAM  # only now: a class that is defined with a name registers itself


class GivenRowsTap(TapQA):
    """The tap with that one stream."""

    clock = FakeClock(NOW)
    stream_type: ClassVar[type[GivenRowsStream]] = GivenRowsStream

    @override
    def discover_streams(self) -> list[QAStream]:
        self.discovered: list[QAStream] = [self.stream_type(self)]
        return self.discovered

    @override
    def _streams_of(self, vendor: Vendor) -> list[QAStream]:
        return self.discovered if vendor.name == GivenRowsStream.vendor else []

    @override
    def connection(self, vendor_name: str) -> Any:
        now = self.clock.now()
        return SimpleNamespace(
            track_requests=id, ensure_server_time=dict, server_clock=SimpleNamespace(run_start=lambda: (now, now))
        )


def tap_type(**attributes: Any) -> type[GivenRowsTap]:  # noqa: ANN401 - the stream's class attributes, as `windows`
    """Return a tap whose stream has these attributes."""
    stream = type("Stream", (GivenRowsStream,), attributes)
    return type("OneStreamTap", (GivenRowsTap,), {"stream_type": stream})


def write_messages(file: IO[bytes], **attributes: Any) -> None:  # noqa: ANN401 - as above
    """Append the messages of one run to a file.

    Args:
        file: Takes whole lines.
        attributes: The stream's class attributes, as `schema`, `primary_keys`, `windows`; `versions` asks for
            ACTIVATE_VERSION messages, `now` is the time of the run, `deselected` names columns that its catalog
            leaves out, `stream_maps` are the config's.
    """
    versions, now = attributes.pop("versions", False), attributes.pop("now", NOW)
    deselected, maps = attributes.pop("deselected", ()), attributes.pop("stream_maps", {})
    config = {**CONFIG, "emit_activate_version_messages": versions}
    if maps:
        config["stream_maps"] = {STREAM: maps}
    tap = tap_type(**attributes)
    tap.clock = FakeClock(now)
    with restored_process_state(), captured_logs(), captured() as output:
        catalog = tap(config=config, parse_env_config=False).catalog_dict
        for entry in catalog["streams"][0]["metadata"]:
            entry["metadata"]["selected"] = not {*entry["breadcrumb"]} & {*deselected}
        tap(config=config, catalog=catalog, parse_env_config=False).sync_all()
        output.seek(0)
        while piece := output.read(1 << 20):
            file.write(piece)

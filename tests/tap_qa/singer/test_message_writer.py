"""Writing messages: nothing is claimed that was not written, whenever the run is ended."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import signal
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk.singerlib import RecordMessage, StateMessage
from typing_extensions import override

from tap_qa.singer import message_writer as messages
from tap_qa.singer.message_writer import FLUSH_BYTES, LineWriter
from tap_qa.tap import TapQA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Output(io.BytesIO):
    """A standard output that takes a few bytes at a time, or fails."""

    def __init__(self, most: int | None = None, failure: OSError | None = None) -> None:
        """Say how much one write takes, and what it fails with, if it does."""
        super().__init__()
        self.most = most
        self.failure = failure
        self.flushes = 0

    @override
    def write(self, data: Any, /) -> int:
        if self.failure is not None:
            raise self.failure
        return super().write(bytes(data[: self.most]))

    @override
    def flush(self) -> None:
        self.flushes += 1

    @property
    def lines(self) -> list[dict[str, Any]]:
        """All messages; fails if one is cut off."""
        text = self.getvalue()
        assert text == b"" or text.endswith(b"\n")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> Output:
    out = Output()
    # pytest puts its own standard output in place at each phase of a test, so it is replaced in this module only.
    monkeypatch.setattr(messages, "sys", SimpleNamespace(stdout=SimpleNamespace(buffer=out)))
    return out


@pytest.fixture(autouse=True)
def harmless_leaving(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep this process' own standard output and alarm."""
    handler = signal.getsignal(signal.SIGALRM)
    monkeypatch.setattr(os, "dup2", lambda _from, _to: None)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, handler)


def row(number: int, size: int = 10) -> RecordMessage:
    return RecordMessage(stream="things", record={"id": number, "text": "x" * size})


def state(number: int) -> StateMessage:
    return StateMessage(value={"bookmarks": {"things": {"at": number}}})


def test_records_are_collected_and_leave_before_any_other_message(output: Output) -> None:
    writer = LineWriter()
    for number in range(3):
        writer.write_message(row(number))
    writer.write_lines(b'{"type":"RECORD","stream":"things","record":{"id":3}}\n')
    assert output.lines == []
    writer.write_message(state(3))
    assert [line["type"] for line in output.lines] == ["RECORD"] * 4 + ["STATE"]
    assert [line["record"]["id"] for line in output.lines[:4]] == [0, 1, 2, 3]
    assert output.flushes == 1


def test_many_records_leave_by_themselves(output: Output) -> None:
    writer = LineWriter()
    for number in range(20):
        writer.write_message(row(number, FLUSH_BYTES // 8))
    assert len(output.lines) >= 16
    writer.write_lines(b"\n" * FLUSH_BYTES)
    assert len(output.getvalue()) > FLUSH_BYTES * 2


def test_an_output_that_takes_a_part_gets_the_rest(output: Output) -> None:
    output.most = 7
    writer = LineWriter()
    writer.write_message(row(1, 500))
    writer.write_message(state(1))
    assert [line["type"] for line in output.lines] == ["RECORD", "STATE"]


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "the target closed its input"),
        (OSError(errno.ENOSPC, "No space left on device"), "the output can't be written (ENOSPC)"),
        (OSError("what"), "the output can't be written (unknown error)"),
    ],
)
def test_an_output_that_fails_ends_the_run_in_a_line(
    failure: OSError, told: str, output: Output, caplog: pytest.LogCaptureFixture
) -> None:
    writer = LineWriter()
    writer.write_message(row(1))
    output.failure = failure
    with pytest.raises(SystemExit) as end:
        writer.write_message(state(1))
    assert end.value.code == 1
    assert len(caplog.messages) == 1
    assert told in caplog.text


def test_a_signal_while_nothing_is_written_ends_the_run_at_once(output: Output) -> None:
    writer = LineWriter()
    writer.write_message(row(1))
    with pytest.raises(SystemExit) as end:
        writer.end(143)
    assert end.value.code == 143
    assert output.lines == []


def test_a_signal_while_a_line_is_written_waits_for_its_end(output: Output) -> None:
    writer = LineWriter()
    tap: Any = SimpleNamespace(message_writer=writer)
    output.most = 10
    taken: list[int] = []
    write = output.write

    def interrupted(data: Any) -> int:  # noqa: ANN401
        taken.append(1)
        if len(taken) == 3:
            TapQA._handle_termination(tap, signal.SIGINT, None)  # noqa: SLF001 - what the system calls
        return write(data)

    output.write = interrupted  # type: ignore[method-assign]
    writer.write_message(row(1))
    with pytest.raises(SystemExit) as end:
        writer.write_message(state(1))
    assert end.value.code == 130
    assert [line["type"] for line in output.lines] == ["RECORD", "STATE"]


def run_with_a_signal_at(step: int) -> bool:
    """Write rows and a state as a stream does, and let a signal come at the nth line of the writer's code.

    Returns:
        Whether the signal came.
    """
    writer = LineWriter()
    steps = 0
    claimed = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:  # noqa: ANN401
        nonlocal steps
        if frame.f_code.co_filename != messages.__file__ or frame.f_code.co_name == "end":
            return None
        if event == "line":
            steps += 1
            if steps == step:
                writer.end(143)
        return trace

    sys.settrace(trace)
    try:
        for window in range(2):
            for number in range(2):
                writer.write_message(row(window * 10 + number))
            claimed = window + 1
            writer.write_message(state(claimed))
    except SystemExit:
        pass
    finally:
        sys.settrace(None)
        # As the tap does at its end, whatever happened.
        with contextlib.suppress(SystemExit):
            writer.write_message(state(claimed))
    return steps >= step


def test_no_state_is_ever_ahead_of_its_rows_whenever_a_signal_comes(output: Output) -> None:
    step = 0
    came = True
    while came:
        step += 1
        output.seek(0)
        output.truncate()
        came = run_with_a_signal_at(step)
        seen: set[int] = set()
        for line in output.lines:
            if line["type"] == "RECORD":
                seen.add(line["record"]["id"])
            else:
                windows = line["value"]["bookmarks"]["things"]["at"]
                wanted = {window * 10 + number for window in range(windows) for number in range(2)}
                assert wanted <= seen, f"at step {step}"
    assert step > 20


def test_an_output_that_takes_nothing_more_does_not_hold_a_signal_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    writer = LineWriter()
    writer._busy = True  # noqa: SLF001 - as while it writes
    writer.end(143)
    assert signal.getitimer(signal.ITIMER_REAL)[0] <= 1
    os.kill(os.getpid(), signal.SIGALRM)
    assert ended == [143]

"""Comparing tables with what the vendor holds, in words that name the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qa_harness.destination import Destination
    from qa_sandbox.sandbox import Sandbox

_MAX_NAMED = 5


def differences(got: Mapping[Any, Mapping[str, Any]], truth: Mapping[Any, Mapping[str, Any]]) -> list[str]:
    """Name lost, extra and wrong rows, at most a few of each kind."""
    lost = [key for key in truth if key not in got]
    extra = [key for key in got if key not in truth]
    wrong = [key for key in truth if key in got and got[key] != truth[key]]
    lines = [f"{len(keys)} {kind}: {keys[:_MAX_NAMED]}" for kind, keys in (("lost", lost), ("extra", extra)) if keys]
    if wrong:
        lines.append(f"{len(wrong)} wrong:")
        lines += [f"  {key}: {_cells(got[key], truth[key])}" for key in wrong[:_MAX_NAMED]]
    return lines


def _cells(got: Mapping[str, Any], truth: Mapping[str, Any]) -> str:
    nothing = object()
    names = [name for name in {**truth, **got} if got.get(name, nothing) != truth.get(name, nothing)]
    told = [f"{name} is {got.get(name, 'absent')!r} for {truth.get(name, 'absent')!r}" for name in names]
    return "; ".join(told)[:600]


def assert_equals_expected_records(destination: Destination, sandbox: Sandbox, streams: Iterable[str]) -> None:
    """Fail unless each stream's table holds exactly what the vendor holds."""
    found = {
        stream: lines
        for stream in streams
        if (lines := differences(destination.tables.get(stream, {}), sandbox.expected_records(stream)))
    }
    assert not found, "\n".join(line for stream, lines in found.items() for line in (f"{stream}:", *lines))

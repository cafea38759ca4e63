"""Runs of the doctor's command against a sandbox."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from click.testing import CliRunner

from tap_qa.doctor import command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from qa_harness.clock import FakeClock
    from qa_sandbox.sandbox import Sandbox


@dataclass
class Visit:
    """What a run of the command gave."""

    status: int
    text: str
    report: dict[str, Any]

    @property
    def probes(self) -> list[dict[str, Any]]:
        """All entries of the report."""
        return [probe for vendor in self.report["vendors"] for probe in vendor["probes"]]

    def __getitem__(self, probe: str) -> dict[str, Any]:
        return next(entry for entry in self.probes if entry["id"] == probe)


class Examine(Protocol):
    """Runs the command with a sandbox's config."""

    def __call__(self, sandbox: Sandbox, *options: str, **changed: Any) -> Visit:  # noqa: ANN401 - settings
        """Run it with these options; `changed` are settings by vendor, None to leave one out."""
        ...


def examiner(clock: FakeClock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Return what runs the command, on this clock, as if at a terminal."""
    monkeypatch.setattr(command.ExaminedTap, "clock", clock)
    monkeypatch.setattr(command, "has_terminal", lambda: True)

    def examine(sandbox: Sandbox, *options: str, **changed: Any) -> Visit:  # noqa: ANN401 - settings
        config = sandbox.config()
        for vendor in sandbox.vendors:
            given = config[vendor] | changed.get(vendor, {})
            config[vendor] = {name: value for name, value in given.items() if value is not None}
        (folder / "config.json").write_text(json.dumps(config))
        output = folder / "report.json"
        arguments = ["--config", str(folder / "config.json"), "--output", str(output), *options]
        result = CliRunner().invoke(command.doctor, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        report = json.loads(output.read_text()) if output.exists() else {"vendors": []}
        return Visit(result.exit_code, result.output, report)

    return examine


def on_prompt(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> list[str]:
    """Do this when the command asks for something done by hand; return what it asks for."""
    asked: list[str] = []

    def press_enter(what: str) -> None:
        asked.append(what)
        act()

    monkeypatch.setattr(command, "press_enter", press_enter)
    return asked

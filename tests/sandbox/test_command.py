from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from qa_sandbox.__main__ import main
from qa_sandbox.vendors.discovery import vendor_types

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """One Enter, then the end of the input, then Ctrl-C."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("qa_sandbox.__main__.wait_for_ever", interrupt)


def test_it_prints_a_config(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    printed = capsys.readouterr()
    config = json.loads(printed.out)
    assert set(config) == {"start_date", *vendor_types()}
    assert config["scorebuddy"]["url"].startswith("http://127.0.0.1:")
    assert "Ctrl-C stops" in printed.err
    assert "It is 20" in printed.err
    assert printed.err.endswith("Stopped.\n")


def test_it_writes_a_config_for_some_vendors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["betterworks", "--config", str(tmp_path / "config.json")])
    assert set(json.loads((tmp_path / "config.json").read_text())) == {"start_date", "betterworks"}
    assert capsys.readouterr().out == ""


def test_it_refuses_unknown_vendors(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["nobody"])
    assert "unknown vendor: nobody" in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--first-port", "80000"), ("--config", "no/such/folder/config.json")])
def test_what_can_not_be_opened_is_one_line(option: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["betterworks", *option])
    assert capsys.readouterr().err.splitlines()[-1].startswith("sandbox: error: ")

"""Which streams windows of history read: those that the tap's own plan cuts by time."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from qa_dagster.commands import CommandError, windowed_streams
from qa_dagster.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TAP = str(Path(sys.executable).with_name("tap-qa"))
CONFIG = {
    "start_date": "2024-01-01T00:00:00Z",
    "betterworks": {"api_token": "x"},
    "cxone": {"access_key_id": "x", "access_key_secret": "x"},
}


@pytest.fixture
def environment() -> Iterator[None]:
    with mock.patch.dict(os.environ):
        os.environ.pop("QA_WINDOWED_STREAMS", None)
        yield


def settings(folder: Path, config: Mapping[str, object], tap: str = TAP) -> Settings:
    path = folder / "config.json"
    path.write_text(json.dumps(config))
    return Settings(path, path, tap, "cat", "2024-01-01", None, 7, (), ())


@pytest.mark.usefixtures("environment")
def test_the_plan_is_asked_once_what_windows_hold(tmp_path: Path) -> None:
    found = windowed_streams(settings(tmp_path, CONFIG))
    # No date cuts the lists of Betterworks: the daily sync reads them whole.
    assert found == {"cxone": ["cxone_qm_workflows", "cxone_qm_questions"]}
    assert windowed_streams(settings(tmp_path, CONFIG, tap="there is no such program")) == found


@pytest.mark.usefixtures("environment")
def test_a_config_that_the_tap_refuses_is_told_in_its_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="access_key_secret") as raised:
        windowed_streams(settings(tmp_path, {**CONFIG, "cxone": {"access_key_id": "x"}}))
    assert not raised.value.may_pass

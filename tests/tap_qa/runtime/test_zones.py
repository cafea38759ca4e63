"""Of the system's rules of time zones and PyPI's, the newer ones count."""

from __future__ import annotations

import shutil
import zoneinfo
from datetime import datetime, timedelta, timezone
from importlib import resources
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import tzdata  # type: ignore[import-untyped] # a version and files

from tap_qa.runtime.zones import use_newest_rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 30, tzinfo=timezone.utc)
WINTER = datetime(2026, 12, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[Path]:
    """A system whose Winnipeg is at Greenwich."""
    before = zoneinfo.TZPATH
    (tmp_path / "America").mkdir()
    with resources.as_file(resources.files("tzdata.zoneinfo") / "UTC") as file:
        shutil.copy(file, tmp_path / "America" / "Winnipeg")
    zoneinfo.reset_tzpath([str(tmp_path)])
    ZoneInfo.clear_cache()
    yield tmp_path
    zoneinfo.reset_tzpath(before)
    ZoneInfo.clear_cache()


def winnipeg() -> timedelta | None:
    return WINTER.astimezone(ZoneInfo("America/Winnipeg")).utcoffset()


@pytest.mark.parametrize(
    ("file", "text", "is_system_newer"),
    [
        ("tzdata.zi", "# version 2019a\n", False),
        ("tzdata.zi", "# version 2025b\n# This zic input file is in the public domain.\n", False),
        ("tzdata.zi", "# version 2099a\n", True),
        ("+VERSION", "2099a\n", True),
        ("+VERSION", "2025b\n", False),
        ("tzdata.zi", f"# version {tzdata.IANA_VERSION}\n", True),
        ("tzdata.zi", "# no version\n", False),
        ("other", "", False),
    ],
)
def test_the_newer_rules_count(file: str, text: str, is_system_newer: bool, system: Path) -> None:  # noqa: FBT001
    (system / file).write_text(text)
    assert winnipeg() == timedelta()
    use_newest_rules(now=NOW)
    assert (winnipeg() == timedelta()) == is_system_newer
    assert ZoneInfo("Europe/Dublin")


def test_without_the_systems_rules_there_is_no_choice(system: Path) -> None:
    shutil.rmtree(system)
    ZoneInfo.clear_cache()
    use_newest_rules(now=NOW)
    assert winnipeg() != timedelta()


def test_the_changes_of_2026_are_known() -> None:
    # Winnipeg stays at its summer time from November 2026 on.
    use_newest_rules(now=NOW)
    assert winnipeg() == timedelta(hours=-5)


def test_rules_that_are_over_a_year_old_are_told_of(system: Path, caplog: pytest.LogCaptureFixture) -> None:
    (system / "tzdata.zi").write_text("# version 2019a\n")
    use_newest_rules(now=NOW)
    assert not caplog.messages
    use_newest_rules(now=NOW.replace(year=int(tzdata.IANA_VERSION[:4]) + 2))
    assert len(caplog.messages) == 1
    assert tzdata.IANA_VERSION in caplog.messages[0]

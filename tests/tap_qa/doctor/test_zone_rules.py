"""The query that compares a warehouse's rules of time zones: what it asks; tests/transform has the answers."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from tap_qa.doctor import command
from tap_qa.doctor.zone_rules import configured_zones, zone_query

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
NOW = datetime(2026, 11, 30, tzinfo=timezone.utc)
ROW = re.compile(r"\('([\w/]+)', '([^']+)', '([^']+)'\)")


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Dublin", "2026-03-29 01:00:00"),
        ("Europe/Dublin", "2026-10-25 01:00:00"),
        ("Africa/Cairo", "2026-04-23 22:00:00"),
        ("Australia/Lord_Howe", "2026-04-04 15:00:00"),
        ("Europe/Dublin", "2027-10-31 01:00:00"),
    ],
)
def test_it_asks_on_both_sides_of_each_change(zone: str, change: str) -> None:
    asked = {utc for _, utc, _ in ROW.findall(zone_query([zone], START, NOW))}
    before = datetime.fromisoformat(change) - timedelta(seconds=1)
    assert {change, str(before)} <= asked


def test_it_tells_what_the_tap_takes_for_the_local_time_and_looks_each_week() -> None:
    rows = ROW.findall(zone_query(["America/Winnipeg", "Europe/Dublin"], START, NOW))
    assert {zone for zone, _, _ in rows} == {"America/Winnipeg", "Europe/Dublin"}
    for zone, utc, local in rows:
        instant = datetime.fromisoformat(f"{utc}+00:00")
        assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.fromisoformat(local)
    times = sorted(datetime.fromisoformat(utc) for zone, utc, _ in rows if zone == "Europe/Dublin")
    assert times[-1] > datetime(2027, 11, 20)  # noqa: DTZ001 - as the query has it
    gaps = [times[place + 1] - times[place] for place in range(len(times) - 1)]
    assert max(gaps) <= timedelta(days=7)


def test_zones_are_those_of_the_settings() -> None:
    config = {
        "start_date": "2026-01-01",
        "scorebuddy": {"timezone": "Europe/Dublin"},
        "maestroqa": {"timezone": "UTC"},
        "cxone": {},
    }
    assert configured_zones(config) == ["Europe/Dublin", "UTC"]


def test_the_command_prints_it_and_asks_nobody(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(
        json.dumps({"start_date": "2026-01-01T00:00:00Z", "maestroqa": {"api_token": "x", "timezone": "Asia/Manila"}})
    )
    arguments = ["--config", str(tmp_path / "config.json"), "--zone-query", "--zone"]
    done = CliRunner().invoke(command.doctor, [*arguments, "America/Winnipeg"])
    assert done.exit_code == 0, done.output
    assert {zone for zone, _, _ in ROW.findall(done.output)} == {"Asia/Manila", "America/Winnipeg"}
    assert CliRunner().invoke(command.doctor, [*arguments, "Nowhere'; drop table x"]).exit_code == 2

"""The SDK's own suite over real servers, what it leaves unchecked, and what we rely on inside the SDK."""

from __future__ import annotations

import inspect
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk import Stream, Tap
from singer_sdk.contrib.msgspec import MsgSpecWriter
from singer_sdk.testing import SuiteConfig, get_tap_test_class

from qa_harness.clock import FakeClock
from qa_harness.run import full_catalog, run_tap, select
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.betterworks import Betterworks
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tap_qa.singer.message_writer import LineWriter
from tap_qa.streams.base import QAStream
from tap_qa.tap import VENDORS, TapQA
from tests.conftest import SMALL, SMALL_ORGANISATION
from tests.support.snapshots import assert_matches_snapshot
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import OpenSandbox


class ClockedTapQA(TapQA):
    """The tap at the sandbox's time."""

    clock = FakeClock()


# The suite is made when tests are collected, and looks at the config only when it runs: until then no server is needed.
CONFIG: dict[str, Any] = {
    "start_date": "2026-06-01T00:00:00Z",
    "scorebuddy": {"url": "http://127.0.0.1:1/1", "client_id": "id", "client_secret": "none"},
    "betterworks": {"url": "http://127.0.0.1:1/1", "api_token": "none"},
}
OTHERS = [
    str(vars(stream)["name"])
    for vendor in VENDORS
    for stream in vendor.streams
    if vendor.name not in {"scorebuddy", "betterworks"}
]
StandardTests = get_tap_test_class(
    ClockedTapQA,
    config=CONFIG,
    suite_config=SuiteConfig(ignore_no_records_for_streams=[*OTHERS, "scorebuddy_score_reviews"]),
    include_stream_attribute_tests=True,
)


@pytest.fixture(scope="module")
def servers() -> Iterator[None]:
    clock = ClockedTapQA.clock
    with Sandbox((Scorebuddy(clock, SMALL), Betterworks(clock, SMALL_ORGANISATION)), clock=clock) as sandbox:
        CONFIG.update(config_of(sandbox))
        yield


@pytest.mark.usefixtures("servers")
@pytest.mark.filterwarnings("ignore:Class-scoped fixtures")  # the SDK's own
@pytest.mark.filterwarnings("ignore:No records were available")
class TestStandard(StandardTests):  # type: ignore[misc, valid-type] # made at run time
    """What the SDK asks of every tap."""


def test_no_key_comes_twice_from_a_quiet_vendor(
    scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(*sandbox.streams)).succeeded()
    keys = {message["stream"]: message["key_properties"] for message in run.of_type("SCHEMA")}
    for stream in sandbox.streams:
        counts = Counter(tuple(row[name] for name in keys[stream]) for row in run.records(stream))
        assert counts
        # The days that two windows of reviews share are read twice, since its filter knows days only.
        assert max(counts.values()) <= (2 if stream == "scorebuddy_score_reviews" else 1), stream
        assert all(part is not None for key in counts for part in key)


def test_the_final_state_holds_nothing_that_is_still_going_on(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    stale = {
        "replication_key": "last_edit_date",
        "replication_key_value": "2026-06-01T00:00:00+00:00",
        "replication_key_signpost": "2026-06-01T00:00:00+00:00",
        "starting_replication_value": "2026-05-01T00:00:00+00:00",
        "progress_markers": {"replication_key": "last_edit_date", "replication_key_value": "2026-06-02T00:00:00+00:00"},
    }
    state = {"bookmarks": {"scorebuddy_scores": stale, "a_stream_of_another_tap": {"anything": [1]}}}
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, state=state, catalog=select("scorebuddy_scores"))
    assert "progress_markers" not in str(run.succeeded().state)
    assert run.bookmark("scorebuddy_scores") == "2026-06-15T05:59:58+00:00"
    assert run.state["bookmarks"]["a_stream_of_another_tap"] == {"anything": [1]}


@pytest.mark.parametrize("vendor", [vendor.name for vendor in VENDORS])
def test_the_catalog_is_as_it_was_reviewed(vendor: str, pytestconfig: pytest.Config) -> None:
    entries = [entry for entry in full_catalog()["streams"] if entry["tap_stream_id"].startswith(f"{vendor}_")]
    assert entries
    reviewed = {}
    for entry in entries:
        root = next(item["metadata"] for item in entry["metadata"] if not item["breadcrumb"])
        reviewed[entry["tap_stream_id"]] = {
            "key_properties": entry["key_properties"],
            "replication_key": entry.get("replication_key"),
            "replication_method": entry.get("replication_method"),
            "selected_by_default": root.get("selected-by-default", root.get("selected", True)),
            "columns": {name: _kind(part) for name, part in sorted(entry["schema"]["properties"].items())},
        }
    assert_matches_snapshot(pytestconfig, f"catalog_{vendor}", reviewed)


def _kind(schema: dict[str, Any]) -> Any:  # noqa: ANN401 - a text, or more below it
    declared = schema.get("type", "anything")
    kind = " or ".join([declared] if isinstance(declared, str) else declared)
    if "format" in schema:
        kind += f" ({schema['format']})"
    if "properties" in schema:
        return {kind: {name: _kind(part) for name, part in sorted(schema["properties"].items())}}
    if "items" in schema:
        return {kind: _kind(schema["items"])}
    return kind


USED: dict[type, tuple[str, ...]] = {
    Stream: (
        "_generate_record_messages",
        "_write_activate_version_message",
        "_write_state_message",
        "_sync_records",
        "_sync_batches",
        "_check_max_record_limit",
        "sync",
        "stream_state",
        "stream_maps",
        "mask",
        "selected",
        "selected_by_default",
        "ABORT_AT_RECORD_COUNT",
    ),
    Tap: (
        "_reset_state_progress_markers",
        "write_message",
        "append_builtin_config",
        "state",
        "input_catalog",
        "streams",
    ),
}
"""What we call, or rely on being called, beside what we override."""


def test_what_we_use_inside_the_sdk_is_as_it_was_reviewed(pytestconfig: pytest.Config) -> None:
    ours = ((QAStream, Stream), (TapQA, Tap), (LineWriter, MsgSpecWriter))
    hooks: dict[str, dict[str, str]] = {}
    for own, base in ours:
        classes = [one for one in own.__mro__ if one.__module__.startswith("tap_qa.")]
        overridden = {
            name for one in classes for name in vars(one) if hasattr(base, name) and not hasattr(object, name)
        }
        names = {name for name in {*overridden, *USED.get(base, ())} if not name.startswith(("__", "_abc"))}
        hooks[base.__name__] = {name: _signature(base, name) for name in sorted(names)}
    assert "_increment_stream_state" in hooks["Stream"]
    assert_matches_snapshot(pytestconfig, "sdk_hooks", hooks)


def _signature(base: type, name: str) -> str:
    found = inspect.getattr_static(base, name, None)
    if isinstance(found, (classmethod, staticmethod)):
        return f"{type(found).__name__}{inspect.signature(found.__func__)}"
    if inspect.isfunction(found):
        return str(inspect.signature(found))
    return "missing" if found is None and not hasattr(base, name) else type(found).__name__

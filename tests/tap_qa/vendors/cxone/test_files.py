"""CXone's files in every form that public code has met."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.http import effects
from qa_sandbox.vendors.cxone.file_variant import PERCENTAGE_HEADERS, STAMP_FORMS
from tests.tap_qa.exports import Syncs, rows_of
from tests.tap_qa.vendors.cxone.support import WORKFLOWS, bodies

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.cxone import CxOne


@pytest.mark.parametrize("evaluators_share_id", [True, False])
@pytest.mark.parametrize("version", ["1", "3", "4"])
def test_every_version_is_read(
    syncs: Callable[..., Syncs], tenant: CxOne, version: str, *, evaluators_share_id: bool
) -> None:
    tenant.dataset.version = version
    if not evaluators_share_id:
        for place, evaluation in enumerate(tenant.dataset.evaluations):
            evaluation.workflow_id = f"W{place}"
    made = syncs()
    run = made.run().succeeded()
    rows = rows_of(run, WORKFLOWS)
    assert len(rows) == len(made.sandbox.expected_records(WORKFLOWS))
    if version == "4":
        assert {json.dumps(row["_unmapped"]) for row in rows} == {'{"Evaluation Channel ID": "ch-7"}'}
        for row in made.destination.tables[WORKFLOWS].values():
            row["_unmapped"] = None
    made.assert_equals_expected_records()


STYLES: dict[str, dict[str, Any]] = {
    **{f"stamps {name}": {"stamps": (name,)} for name in STAMP_FORMS},
    **{f"percentage {name}": {"percentage_header": header} for name, header in enumerate(PERCENTAGE_HEADERS)},
    "capitals": {"header": str.upper},
    "byte order mark": {"bom": True},
    "line feeds": {"line_end": "\n"},
}


@pytest.mark.parametrize("changes", STYLES.values(), ids=STYLES)
def test_every_form_of_the_files_gives_the_same_tables(
    syncs: Callable[..., Syncs], tenant: CxOne, changes: dict[str, Any]
) -> None:
    for name, value in changes.items():
        setattr(tenant.style, name, value)
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()


@pytest.mark.parametrize("empty", [True, False])
def test_files_without_rows_are_no_failure(syncs: Callable[..., Syncs], tenant: CxOne, *, empty: bool) -> None:
    tenant.dataset.evaluations.clear()
    tenant.style.empty_file_without_rows = empty
    run = syncs().run().succeeded()
    assert run.records(WORKFLOWS) == []
    assert run.bookmark(WORKFLOWS) == "2026-06-15T00:00:00+00:00"


def test_new_and_missing_columns(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.style.new_columns = {"Brand New": "x"}
    tenant.style.missing_columns = {"Rank", "Phone Number"}
    run = syncs(WORKFLOWS).run().succeeded()
    assert all(row["_unmapped"] == {"Brand New": "x"} and row["rank"] is None for row in run.records(WORKFLOWS))


def test_a_link_that_died_is_renewed_at_the_same_job(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.faults.add(effects.reply(403, b"<Error><Code>AccessDenied</Code></Error>"), server="files", times=2)
    made = syncs(WORKFLOWS)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(bodies(tenant)) == 2


def test_files_are_fetched_within_a_second_of_their_link(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.jobs.link_lifetime = timedelta(seconds=1)
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert {call.status for call in tenant.request_log.matching(server="files")} == {200}

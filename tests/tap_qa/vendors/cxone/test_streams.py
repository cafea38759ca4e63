"""CXone, from the settings to the tables, against its sandbox on a clock of the test."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.http import effects
from qa_sandbox.vendors.cxone import CxOne, app
from qa_sandbox.vendors.cxone.app import JOBS
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from qa_sandbox.vendors.cxone.file_variant import PERCENTAGE_HEADERS, STAMP_FORMS
from tap_qa.records.row_key import key
from tests.tap_qa.exports import Syncs, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa_harness.clock import FakeClock
    from tests.conftest import OpenSandbox

WORKFLOWS, QUESTIONS = "cxone_qm_workflows", "cxone_qm_questions"
BOTH = (WORKFLOWS, QUESTIONS)
DAYS = 18


@pytest.fixture
def tenant(clock: FakeClock) -> Iterator[CxOne]:
    tenant = CxOne(clock, CxOneDataset(clock, days=DAYS, evaluators_share_id=True), call_interval_seconds=30)
    tenant.pacer.clock = clock.monotonic
    tenant.jobs.plans.usual = JobScript(timedelta(seconds=45))
    yield tenant
    tenant.close()


@pytest.fixture
def syncs(tenant: CxOne, clock: FakeClock, open_sandbox: OpenSandbox) -> Callable[..., Syncs]:
    """Open the sandbox and get ready to sync some streams."""

    def made(*streams: str, **settings: Any) -> Syncs:  # noqa: ANN401
        sandbox = open_sandbox(tenant)
        shared = {"start_date": (clock.now() - timedelta(days=DAYS + 2)).isoformat()}
        return Syncs(sandbox, clock, streams or BOTH, {"cxone": settings}, shared)

    return made


def bodies(tenant: CxOne, *, accepted: bool = True) -> list[dict[str, Any]]:
    """Return what jobs were asked for, by default only those that the tenant took."""
    calls = tenant.request_log.matching(JOBS, method="POST")
    return [json.loads(call.body) for call in calls if not accepted or call.status == 202]


def days_of(body: dict[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(body["startDate"]), date.fromisoformat(body["endDate"])


def test_tables_equal_the_tenant_s_truth_also_after_disputes(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()
    for _ in range(3):
        made.sandbox.pass_time(days=1)
        made.run().succeeded()
        made.assert_equals_expected_records()
    assert tenant.pacer.refused == 0


def test_rows_that_appear_half_an_hour_late_are_not_lost(syncs: Callable[..., Syncs], clock: FakeClock) -> None:
    made = syncs(WORKFLOWS, lookback_days=0)
    clock.advance(timedelta(hours=18) - timedelta(minutes=1))
    for _ in range(4):
        made.run().succeeded()
        made.sandbox.pass_time(days=1)
    made.run().succeeded()
    made.sandbox.vendors["cxone"].dataset.advance(hours=1)
    made.run().succeeded()
    submitted = {row["submission_date"] for row in made.sandbox.expected_records(WORKFLOWS).values()}
    assert {row["submission_date"] for row in made.destination.tables[WORKFLOWS].values()} == submitted


def test_windows_are_whole_days_share_their_border_and_are_not_too_wide(
    syncs: Callable[..., Syncs], tenant: CxOne
) -> None:
    syncs(WORKFLOWS).run().succeeded()
    found = [days_of(body) for body in bodies(tenant)]
    assert found == [(date(2026, 5, 26), date(2026, 6, 9)), (date(2026, 6, 9), date(2026, 6, 16))]
    assert [body["version"] for body in bodies(tenant)] == ["3", "3"]


@pytest.mark.parametrize("inclusive", [True, False])
def test_no_reading_of_the_end_date_loses_a_row(syncs: Callable[..., Syncs], tenant: CxOne, *, inclusive: bool) -> None:
    tenant.jobs.end_inclusive = inclusive
    made = syncs(window_days=3)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_the_bookmark_never_passes_the_current_day(syncs: Callable[..., Syncs], clock: FakeClock) -> None:
    run = syncs().run().succeeded()
    for state in run.states:
        for bookmark in state.get("bookmarks", {}).values():
            assert bookmark.get("replication_key_value", "") <= "2026-06-15T00:00:00+00:00"
    assert run.bookmark(WORKFLOWS) == "2026-06-15T00:00:00+00:00"
    assert clock.now() < datetime(2026, 6, 15, 12, tzinfo=timezone.utc)


def test_a_run_just_after_midnight_leaves_yesterday_open(syncs: Callable[..., Syncs], clock: FakeClock) -> None:
    made = syncs(WORKFLOWS)
    clock.advance(timedelta(hours=18, minutes=10))
    run = made.run().succeeded()
    assert "2026-06-15" <= run.bookmark(WORKFLOWS) <= "2026-06-16T00:00:00+00:00"


def test_the_lookback_is_its_own(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(WORKFLOWS, lookback_days=5)
    made.run().succeeded()
    tenant.request_log.clear()
    made.run().succeeded()
    assert days_of(bodies(tenant)[0])[0] == date(2026, 6, 10)


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


def test_keys_follow_the_workflow_and_survive_its_edits(syncs: Callable[..., Syncs]) -> None:
    made = syncs(WORKFLOWS)
    rows = rows_of(made.run().succeeded(), WORKFLOWS)
    ordinary = [row for row in rows if row["type"] == "Evaluation" and row["evaluation_flow_trigger"] != "Calibration"]
    assert all(row["_row_key"] == key([row["workflow_id"]]) for row in ordinary)
    made.sandbox.pass_time(days=3)
    later = {row["_row_key"]: row for row in rows_of(made.run().succeeded(), WORKFLOWS)}
    assert any(later[row["_row_key"]]["last_updated"] != row["last_updated"] for row in ordinary)
    assert all(later[row["_row_key"]]["workflow_id"] == row["workflow_id"] for row in ordinary)


def test_answers_of_several_evaluators_keep_a_key_each(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    shared = [e for e in tenant.dataset.evaluations if e.trigger == "Calibration"][:3]
    assert len({e.workflow_id for e in shared}) == 1
    assert shared[2].submitted_at - shared[0].submitted_at > timedelta(days=14), "in another file"
    made = syncs(window_days=3)
    run = made.run().succeeded()
    workflows = [row for row in rows_of(run, WORKFLOWS) if row["workflow_id"] == shared[0].workflow_id]
    assert len(workflows) == 3
    answers = [row for row in rows_of(run, QUESTIONS) if row["workflow_instance_id"] == shared[0].workflow_id]
    assert len(answers) == 3 * len(list(shared[0].form.questions))
    assert "share their identifying columns" not in run.log_text()
    made.assert_equals_expected_records()


def test_keys_of_ordinary_answers_follow_workflow_and_question(syncs: Callable[..., Syncs]) -> None:
    rows = rows_of(syncs(QUESTIONS).run().succeeded(), QUESTIONS)
    ordinary = [row for row in rows if row["workflow_type"] == "Evaluation"]
    assert ordinary
    assert all(row["_row_key"] == key([row["workflow_instance_id"], row["question_id"]]) for row in ordinary)


def test_a_file_of_answers_may_call_the_workflow_by_its_other_name(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.style.header = lambda name: name.replace("WorkflowInstance ID", "Workflow ID")
    made = syncs(QUESTIONS)
    made.run().succeeded()
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


ANSWERS: list[dict[str, Any]] = [
    {"job_id": "object"},
    {"poll_status": 202},
    {"success": "SUCCESS"},
    {"success": "Succeeded"},
    {"running_result": "null"},
    {"running_result": "empty"},
]


@pytest.mark.parametrize("changes", ANSWERS, ids=str)
def test_every_form_of_answers_is_understood(
    syncs: Callable[..., Syncs], tenant: CxOne, changes: dict[str, Any]
) -> None:
    for name, value in changes.items():
        setattr(tenant.answers, name, value)
    made = syncs(WORKFLOWS)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_one_job_runs_at_a_time(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    most = 0

    def count(_call: object) -> None:
        nonlocal most
        most = max(most, sum(tenant.jobs.status(job) == "RUNNING" for job in tenant.jobs.done.values()))

    tenant.dataset.on_request.append(count)
    syncs(window_days=4).run().succeeded()
    assert most == 1


def test_the_global_token_works_as_well(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.global_login = True
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()
    [call] = tenant.request_log.matching("token")
    assert call.headers["authorization"].startswith("Basic ")
    assert b"grant_type=password" in call.body
    assert b"%3D%3D" in call.body


def test_a_token_that_ends_is_renewed_before(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.tokens.lifetime = timedelta(seconds=100)
    made = syncs(window_days=3)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(tenant.request_log.matching("token")) > 2
    assert not [call for call in tenant.request_log if call.status == 401]


def test_a_token_that_is_revoked_is_renewed_once(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(WORKFLOWS)

    def revoke(call: Any) -> None:  # noqa: ANN401
        if call.path.startswith(f"{JOBS}/"):
            tenant.tokens.issued.clear()
            tenant.dataset.on_request.clear()

    tenant.dataset.on_request.append(revoke)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(tenant.request_log.matching("token")) == 2


@pytest.mark.parametrize("global_login", [True, False])
def test_a_wrong_key_says_so(syncs: Callable[..., Syncs], tenant: CxOne, *, global_login: bool) -> None:
    tenant.global_login = global_login
    made = syncs(access_key_secret="secret-canary-7")  # noqa: S106 - a wrong one
    run = made.run()
    assert run.status == 1
    assert len([line for line in run.errors if "cxone.access_key_secret" in line]) == 2
    assert "secret-canary-7" not in run.log_text()


def test_a_missing_permission_names_both_causes_after_bounded_waits(
    syncs: Callable[..., Syncs], tenant: CxOne, clock: FakeClock
) -> None:
    tenant.permitted = {"qm-questions"}
    made = syncs()
    run = made.run()
    assert run.status == 1
    [line] = [line for line in run.errors if line.startswith(WORKFLOWS)]
    assert "QM Workflow API" in line
    assert "throttles" in line
    assert clock.slept < 1200
    made.streams = [QUESTIONS]
    made.assert_equals_expected_records()


def test_a_throttle_is_waited_out(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.faults.add(effects.reply(403, {"message": "Forbidden"}), method="POST", path=JOBS, times=3)
    tenant.faults.add(effects.reply(403, {"message": "Forbidden"}), method="GET", path=f"{JOBS}/", times=3)
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_submit_waits_for_foreign_job(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(WORKFLOWS)
    tenant.jobs.start_foreign(timedelta(minutes=20))
    run = made.run().succeeded()
    made.assert_equals_expected_records()
    assert run.log_text().count("another job is running") == 1


def test_a_foreign_job_without_end_is_an_error(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(WORKFLOWS)
    tenant.jobs.start_foreign(timedelta(days=2))
    run = made.run()
    assert run.status == 1
    assert [line for line in run.errors if "another job kept it busy for 60 minutes" in line]


def test_an_unknown_version_names_its_setting(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(qm_workflows_version="99")
    run = made.run()
    assert run.status == 1
    [line] = [line for line in run.errors if line.startswith(WORKFLOWS)]
    assert "cxone.qm_workflows_version" in line
    assert len([body for body in bodies(tenant, accepted=False) if body["version"] == "99"]) == 1
    made.streams = [QUESTIONS]
    made.assert_equals_expected_records()


@pytest.mark.parametrize("outcome", ["FAILED", "CANCELLED", "EXPIRED"])
def test_a_job_that_ends_badly_is_asked_for_anew(syncs: Callable[..., Syncs], tenant: CxOne, outcome: str) -> None:
    tenant.jobs.plans.add(JobScript(outcome=outcome), JobScript(outcome=outcome))
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()


@pytest.mark.parametrize("field", ["errorMessage", "messageError"])
def test_a_job_that_always_fails_tells_in_the_vendor_s_words(
    syncs: Callable[..., Syncs],
    tenant: CxOne,
    field: Any,  # noqa: ANN401
) -> None:
    tenant.answers.error_field = field
    tenant.jobs.plans.usual = JobScript(
        outcome="FAILED", message="No data for eva@example.com, see https://x/?sig=5ecr3t"
    )
    made = syncs(WORKFLOWS)
    run = made.run()
    assert run.status == 1
    [line] = [line for line in run.errors if line.startswith(WORKFLOWS)]
    assert "No data for (address), see (link)" in line
    assert "2026-05-26T00:00:00Z to 2026-05-27T00:00:00Z" in line
    assert "5ecr3t" not in run.log_text()


def test_too_large_extractions_are_halved(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.jobs.max_rows = 60
    made = syncs(WORKFLOWS)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert min((end - start).days for start, end in map(days_of, bodies(tenant))) < 7


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


def test_a_request_that_broke_off_does_not_make_two_jobs_run(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.faults.add(effects.reset(accept=True), method="POST", path=JOBS)
    made = syncs(WORKFLOWS)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert tenant.request_log.matching(f"{JOBS}$", method="GET")
    assert tenant.pacer.refused == 0


def test_a_tenant_that_takes_no_future_date_is_asked_up_to_today(
    syncs: Callable[..., Syncs], tenant: CxOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    understood = app._extraction  # noqa: SLF001

    def strict(body: Any) -> Any:  # noqa: ANN401
        found = understood(body)
        return None if found is None or found.end > tenant.clock.now().date() else found

    monkeypatch.setattr(app, "_extraction", strict)
    made = syncs(WORKFLOWS)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_a_test_of_the_connection_asks_for_two_days_at_most(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    syncs().test().succeeded()
    assert all((end - start).days <= 2 for start, end in map(days_of, bodies(tenant)))
    assert len(bodies(tenant)) == 2


def test_tokens_links_and_names_appear_nowhere(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.faults.add(effects.reply(500, b"secret body"), times=3)
    tenant.faults.add(effects.reply(403, b"<Error/>"), server="files", times=1)
    run = syncs().run().succeeded()
    text = run.log_text()
    for secret in (*tenant.tokens.issued, tenant.tokens.key_secret, "X-Amz-Signature", "secret body"):
        assert secret not in text
    assert not {evaluation.agent.email for evaluation in tenant.dataset.evaluations} & set(text.split())

"""A target that dies at any moment, beside a vendor that stumbles, leaves neither doubles nor gaps."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests
from typing_extensions import override

from qa_sandbox.http import effects
from qa_sandbox.plausible_data import seeded_rng as seeded
from tap_qa.http.attempt_errors import TransientError
from target_qa.delivery.dead_letters import DeadLetters
from target_qa.resources.idempotency_key import KEY_FIELD
from target_qa.resources.idempotent_creator import IdempotentCreator, Listed
from target_qa.target import TargetQA
from tests.target_qa.support import Message, record, run_target, schema, state

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.canary_speech import CanarySpeech
    from qa_sandbox.vendors.maestroqa import MaestroQa
    from tap_qa.http.request import Request, Response

SCORES, TICKETS = "canary_speech_scores", "maestroqa_tickets"
KILLS_PER_TRIAL = 4
SEEDS = range(30)
"""Each of the two streams is killed up to four times for each seed: some 200 kills in all."""

Config = dict[str, Any]
_FAULTS: tuple[Callable[[], effects.Effect], ...] = (
    lambda: effects.reset(accept=True),
    lambda: effects.close_cleanly(accept=True),
    lambda: effects.truncate(0.5),
    effects.reset,
    lambda: effects.reply(502),
    lambda: effects.rewrite(lambda answer: answer.with_body(b"")),
    lambda: effects.retry_after(1, status=503),
    lambda: effects.retry_after(1),
)


class Killed(BaseException):
    """The end of a process."""


@dataclass
class KillSwitch:
    """Kills at the n-th moment from now; None spares."""

    left: int | None = None
    kills: int = 0

    def moment(self) -> None:
        """Let a moment pass."""
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            self.kills += 1
            raise Killed


@pytest.fixture
def fate(monkeypatch: pytest.MonkeyPatch) -> KillSwitch:
    """Kills before and after each exchange with a vendor, state and line of a file."""
    fate = KillSwitch()

    def run_context(owner: type, name: str) -> None:
        real = getattr(owner, name)

        def wrapped(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the real one takes
            fate.moment()
            result = real(*args, **options)
            try:
                fate.moment()
            except Killed:
                if isinstance(result, requests.Response):
                    result.close()  # as the end of a process does
                raise
            return result

        monkeypatch.setattr(owner, name, wrapped)

    run_context(requests.Session, "send")
    run_context(TargetQA, "_write_state_message")
    run_context(DeadLetters, "add")
    return fate


@dataclass
class RestartingTarget:
    """A target that is started again whenever it dies."""

    config: Config
    clock: FakeClock
    fate: KillSwitch

    def deliver(self, head: Message, rest: list[Message], rng: Random) -> None:
        """Run until it is through, each time from behind the last state that was confirmed."""
        for attempt in range(KILLS_PER_TRIAL + 1):
            self.fate.left = rng.randint(0, 25) if attempt < KILLS_PER_TRIAL else None
            run = run_target(self.config, [head, *rest], clock=self.clock)
            if not isinstance(run.failure, Killed):
                break
            if run.states:
                rest = rest[rest.index(state(run.states[-1])) + 1 :]
        self.fate.left = None
        assert run.failure is None or "records were refused" in run.told


@pytest.fixture
def mortal(config: Config, clock: FakeClock, fate: KillSwitch) -> RestartingTarget:
    return RestartingTarget(config, clock, fate)


def stream(name: str, rows: list[Any], keys: tuple[str, ...], rng: Random) -> tuple[Message, list[Message]]:
    """Make a stream with states here and there."""
    messages: list[Message] = []
    for position, row in enumerate(rows):
        messages.append(record(name, **row))
        if rng.random() < 0.3:
            messages.append(state({"position": position}))
    messages.append(state({"position": len(rows)}))
    return schema(name, {column: None for row in rows for column in row}, keys), messages


def trouble(vendor: CanarySpeech | MaestroQa, rng: Random) -> None:
    """Let a few of the coming requests go wrong."""
    vendor.faults.clear()
    for _ in range(rng.randint(0, 4)):
        vendor.faults.add(rng.choice(_FAULTS)(), skip=rng.randint(0, 20), times=rng.randint(1, 2))


def scores(canary: CanarySpeech, rng: Random) -> list[Any]:
    assessments = canary.dataset.watched[:3]
    return [
        {
            "id": number,
            "assessment_id": rng.choice(assessments),
            "date_recorded": f"2026-06-14T12:00:{number:02}Z" if rng.random() < 0.9 else "some day",
            "score_id": f"S{number}",
            "score_type": "number",
            "score_data": rng.randint(0, 100),
        }
        for number in range(10)
    ]


def send_scores(canary: CanarySpeech, mortal: RestartingTarget, rng: Random) -> tuple[Counter[str], Counter[str]]:
    """Send some scores in spite of everything; return what should have come, and what came."""
    before = len(canary.dataset.project.scores)
    rows = scores(canary, rng)
    trouble(canary, rng)
    mortal.deliver(*stream(SCORES, rows, ("id",), rng), rng)
    came = canary.dataset.project.scores[before:]
    assert all(KEY_FIELD in (score.extra_data or {}) for score in came)
    wanted = Counter(row["score_id"] for row in rows if row["date_recorded"] != "some day")
    return wanted, Counter(score.score_id for score in came)


@pytest.mark.parametrize("seed", SEEDS)
def test_scores_come_exactly_once(canary: CanarySpeech, mortal: RestartingTarget, seed: int) -> None:
    wanted, came = send_scores(canary, mortal, seeded("scores", seed))
    assert came == wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_tickets_end_as_they_should(maestro: MaestroQa, mortal: RestartingTarget, seed: int) -> None:
    rng = seeded("tickets", seed)
    rows: list[Any] = []
    wanted: dict[str, str] = {}
    for number in range(12):
        gradable_id = f"T-{rng.randint(1, 4)}"
        if rng.random() < 0.25:
            rows.append({"gradable_id": gradable_id, "deleted": True})
            wanted.pop(gradable_id, None)
        else:
            row = {"type": "t", "subject": f"s{number}", "agents": ["a"], "link": "l", "body": "b", "deleted": None}
            rows.append({"gradable_id": gradable_id, **row})
            wanted[gradable_id] = f"s{number}"
    trouble(maestro, rng)
    mortal.deliver(*stream(TICKETS, rows, ("gradable_id",), rng), rng)
    assert {name: kept["subject"] for name, kept in maestro.tickets.kept.items()} == wanted


class _Blind(IdempotentCreator):
    """Repeats without looking."""

    @override
    def _listed(self, parent_id: str) -> Listed:
        return self._parents.setdefault(parent_id, Listed(set(), 0))

    @override
    def _look_again(self, parent_id: str) -> None:
        """Don't."""


class _Trusting(IdempotentCreator):
    """Takes a call that failed for done."""

    @override
    def _send(
        self, parent_id: str, mark: str, request: Request, parse_confirmation: Callable[[Response], object]
    ) -> bool:
        with contextlib.suppress(TransientError):
            self._client.send_once(request, parse_confirmation)
        return True

    @override
    def _look_again(self, parent_id: str) -> None:
        """Don't."""


@pytest.mark.parametrize("careless", [_Blind, _Trusting])
def test_mutants_are_caught(
    canary: CanarySpeech, mortal: RestartingTarget, careless: type[IdempotentCreator], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("target_qa.vendors.canary_speech.IdempotentCreator", careless)
    outcomes = (send_scores(canary, mortal, seeded("scores", seed)) for seed in SEEDS)
    assert any(came != wanted for wanted, came in outcomes)

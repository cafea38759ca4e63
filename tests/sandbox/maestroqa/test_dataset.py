"""The MaestroQA sandbox's data: edits, tickets graded twice, the same for the same seed."""

from __future__ import annotations

from collections import Counter

from qa_sandbox.clock import SandboxClock
from qa_sandbox.vendors.maestroqa.dataset import IDENTIFYING, MaestroQaDataset


def test_edits_keep_the_identity_and_change_the_rest() -> None:
    dataset = MaestroQaDataset(SandboxClock(frozen=True), days=10)
    before = {stream: dataset.expected_records(stream) for stream in dataset.streams}
    dataset.advance(days=2)
    after = {stream: dataset.expected_records(stream) for stream in dataset.streams}
    for stream in dataset.streams:
        assert before[stream].keys() <= after[stream].keys()
        assert all(len(key) == len(IDENTIFYING[stream.removeprefix("maestroqa_")]) for key in after[stream])
    for name in ("total_scores", "section_scores", "individual_answers", "annotations"):
        old, new = before[f"maestroqa_{name}"], after[f"maestroqa_{name}"]
        assert len(new) > len(old)
        assert any(old[key] != new[key] for key in old)


def test_a_ticket_may_be_graded_twice() -> None:
    dataset = MaestroQaDataset(SandboxClock(frozen=True), days=20)
    for name, columns in (("total_scores", 7), ("section_scores", 8)):
        rows = dataset.expected_records(f"maestroqa_{name}")
        assert {len(key) for key in rows} == {columns}, "a longer key would hold an ordinal"
        assert max(Counter(key[: columns - 2] for key in rows).values()) == 2


def test_the_same_seed_gives_the_same_world_however_time_passes() -> None:
    at_once, in_steps = (MaestroQaDataset(SandboxClock(frozen=True), days=10) for _ in range(2))
    at_once.advance(days=3)
    for _ in range(3):
        in_steps.advance(days=1)
    assert at_once.expected_records("maestroqa_total_scores") == in_steps.expected_records("maestroqa_total_scores")

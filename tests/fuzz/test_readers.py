"""Whatever bytes come, a reader gives rows that can go out, or an error that was foreseen."""

from __future__ import annotations

import os
import signal
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.readers import READERS, run
from tests.fuzz.seeds import PIECES, SEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "200"))
MAX_SECONDS = 30 + EXAMPLES / 20
MAX_BYTES = 24 << 20

pieces = st.binary(max_size=6) | st.sampled_from(PIECES)


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    """Interrupt a test that takes far longer than it should."""

    def too_long(_number: int, _frame: object) -> None:
        msg = "it hangs"
        raise TimeoutError(msg)

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@st.composite
def spoilt(draw: DrawFn, seed: bytes) -> bytes:
    """Draw bytes that were good until parts of them were cut out, overwritten, doubled or put in."""
    content = bytearray(seed)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from((0, 0, 1, 2, 4, 8, 40))))
        content[start:end] = draw(pieces | st.just(bytes(content[start:end]) * 2))
    return bytes(content)


def contents(reader: str) -> st.SearchStrategy[bytes]:
    return st.sampled_from(SEEDS[reader]).flatmap(spoilt) | st.lists(pieces, max_size=12).map(b"".join)


@pytest.mark.parametrize("reader", READERS)
def test_nothing_unforeseen_happens(reader: str) -> None:
    @given(contents(reader))
    @settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
    def reads(content: bytes) -> None:
        run(reader, content)

    reads()


@pytest.mark.parametrize("reader", READERS)
def test_what_is_good_is_read(reader: str) -> None:
    """Else the others would show nothing."""
    if reader == "zip":
        assert READERS[reader](SEEDS[reader][0])
    READERS[reader](SEEDS[reader][0])


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("piece", [b"[", b'"', b",", b"\n", b"{", b"\0", b"9", b"\\u0000", b"PK\x01\x02", b" ", b"-"])
def test_much_of_the_same_takes_little_time_and_memory(reader: str, piece: bytes) -> None:
    content = piece * (60_000 // len(piece))
    tracemalloc.start()
    try:
        for start in (b"", SEEDS[reader][0][:60]):
            run(reader, start + content)
        assert tracemalloc.get_traced_memory()[1] < MAX_BYTES
    finally:
        tracemalloc.stop()

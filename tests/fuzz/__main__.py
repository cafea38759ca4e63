"""Look for bytes that a reader stumbles over, led by what code they reach; for as long as one likes.

    python -m tests.fuzz READER [options of libFuzzer]

It ends at the first find, of which it leaves a file `crash-…`; `python -m tests.fuzz READER crash-…` shows it again.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tap_qa"]):
    from tests.fuzz.readers import READERS, run

from tests.fuzz.seeds import PIECES, SEEDS

LIMITS = ("-max_len=4096", "-timeout=20", "-rss_limit_mb=1024")


def _escaped(piece: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in piece)


def main(arguments: list[str]) -> None:
    """Run the fuzzer on one reader until it finds something or its time is over."""
    if not arguments or arguments[0] not in READERS:
        sys.exit(f"usage: python -m tests.fuzz {'|'.join(READERS)} [-max_total_time=SECONDS …]")
    reader, *options = arguments
    with tempfile.TemporaryDirectory() as folder:
        pieces = Path(folder, "pieces")
        pieces.write_text("".join(f'"{_escaped(piece[:60])}"\n' for piece in PIECES))
        seeds = Path(folder, "seeds")
        seeds.mkdir()
        for number, seed in enumerate(SEEDS[reader]):
            (seeds / str(number)).write_bytes(seed)
        shown_again = any(not option.startswith("-") for option in options)
        places = [] if shown_again else [str(seeds)]
        atheris.Setup(
            [sys.argv[0], *LIMITS, f"-dict={pieces}", *options, *places], lambda content: run(reader, content)
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])

"""The command `python -m tools.style`: a line for each wrong word and each slip; fails if there is one."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.style.prose import prose
from tools.style.slips import slips
from tools.style.words import wrong_words


def complaints(root: Path) -> list[str]:
    """Return a line for everything that should be worded otherwise."""
    pieces = list(prose(root))
    words = [f"{piece.place}: {word!r}: {advice}" for piece in pieces for word, advice in wrong_words(piece.text)]
    return [*words, *slips(pieces)]


if __name__ == "__main__":
    sys.exit("\n".join(complaints(Path.cwd())) or 0)

"""Common slips, as proselint finds them: repeated words, redundancy, hedging, clichés."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from proselint.checks import cliches, hedging, lexical_illusions, malapropisms, nonwords, oxymorons, redundancy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.style.prose import Prose

_MODULES = (cliches, hedging, lexical_illusions, malapropisms, nonwords, oxymorons, redundancy)
"""What holds for technical prose, too; its rules of typography and of taste do not."""

_BETWEEN = "\n¶\n"


def slips(pieces: Sequence[Prose]) -> Iterator[str]:
    """Yield a line for each slip."""
    starts = list(accumulate((len(piece.text) + len(_BETWEEN) for piece in pieces), initial=len(_BETWEEN)))
    text = _BETWEEN + "".join(piece.text + _BETWEEN for piece in pieces)
    for module in _MODULES:
        for check in module.__register__:
            for result in check.check_with_flags(text):
                yield f"{pieces[bisect_right(starts, result.span[0]) - 1].place}: {result.message}"

"""What was found when the loader table was last written; `tools/docs` makes docs/loaders.md of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa_loaders.questions import Results

RESULTS = Path(__file__).with_name("results.json")


def read_results() -> Results:
    """Return what is kept."""
    found: Results = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def write_results(results: Results) -> None:
    """Keep what was found."""
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")

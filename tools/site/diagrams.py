"""Mermaid diagrams drawn while the site is built: its pages need no script for them, and no network."""

from __future__ import annotations

import html
import json
import re
from itertools import count
from typing import Any

from docutils import nodes
from merman import Merman

_TITLE = re.compile(r"^ *accTitle: (.*)$", re.MULTILINE)
_WIDTH = re.compile(r'width="100%"(.*?)style="[^"]*"(.*? viewBox="\S+ \S+ (\S+) )')
_ROLE = re.compile(r'role="graphics-document document"(?: aria-roledescription="[^"]*")?(?: aria-labelledby="[^"]*")?')
_ID = re.compile(r' id="([^"]*)"')
_CONFIG = {
    "theme": "neutral",
    "look": "classic",
    "themeVariables": {"fontFamily": "Arial, Helvetica, sans-serif"},
    "flowchart": {"htmlLabels": False},  # labels of HTML are cut where the reader's font is wider
    "er": {"htmlLabels": False},
    "htmlLabels": False,
}
_numbers = count()


def setup(app: Any) -> dict[str, bool]:  # noqa: ANN401 - Sphinx is in an environment of its own
    """Let Sphinx call `draw`."""
    app.connect("doctree-read", draw)
    return {"parallel_read_safe": True}


def draw(_app: Any, doctree: Any) -> None:  # noqa: ANN401 - as above
    """Put a drawing in the place of each Mermaid block of a page.

    Raises:
        ValueError: A diagram has no title for those who can't see it.
    """
    for block in list(doctree.findall(nodes.literal_block)):
        if block.get("language") != "mermaid":
            continue
        title = _TITLE.search(block.astext())
        if not title:
            msg = f"{block.source}:{block.line}: a diagram without accTitle"
            raise ValueError(msg)
        options = {"site_config": _CONFIG, "svg": {"diagram_id": f"diagram-{next(_numbers)}"}}
        drawing = Merman().render_svg(block.astext(), json.dumps(options))
        drawing = _WIDTH.sub(r'width="\3"\1\2', drawing, count=1)  # a wide one scrolls instead of shrinking
        drawing = _for_all_readers(drawing, html.escape(title[1]))
        figure = f'<div class="diagram" tabindex="0">{drawing}</div>'
        block.replace_self(nodes.raw("", figure, format="html"))


def _for_all_readers(drawing: str, title: str) -> str:
    """Return a drawing as one picture with a name, without ids that nothing refers to and other drawings have, too."""
    named = _ROLE.sub(f'role="img" aria-label="{title}"', drawing, count=1)
    return _ID.sub(lambda found: found[0] if f"#{found[1]}" in named else "", named)

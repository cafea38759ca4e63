"""What the theme leaves out for the keyboard and for screen readers, as axe finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_REPLACED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Chapters">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<div class="table-wrapper ': '<div tabindex="0" class="table-wrapper ',  # it scrolls on a small screen
}


def complete(site: Path) -> None:
    """Complete all pages of a built site."""
    for path in sorted(site.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for found, replaced in _REPLACED.items():
            text = text.replace(found, replaced)
        path.write_text(text, encoding="utf-8")

"""Links of a built site: all lead somewhere, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOADED = {("script", "src"), ("img", "src"), ("source", "src"), ("iframe", "src")}
_LOADED_RELATIONS = {"stylesheet", "icon", "preload", "preconnect", "modulepreload"}
_STYLE_URL = re.compile(r"url\(\s*[\"']?((?:https?:)?//[^)\"']+)")


class _Page(HTMLParser):
    """What a page links to, what it loads, and its anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        relations = set(found.get("rel", "").split())
        for name in ("href", "src"):
            if name not in found:
                continue
            is_loaded = (tag, name) in _LOADED or (tag == "link" and relations & _LOADED_RELATIONS)
            (self.loaded if is_loaded else self.links).append(found[name])


def broken_links(site: Path) -> list[str]:
    """Return a line for each link that leads nowhere and each thing that is loaded from elsewhere."""
    pages = {path: _page(path) for path in sorted(site.rglob("*.html"))}
    problems = [problem for path, page in pages.items() for problem in _problems(site, path, page)]
    styles = ((path, path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.css")))
    return problems + [
        f"{path.relative_to(site)} loads {url}" for path, text in styles for url in _STYLE_URL.findall(text)
    ]


@cache
def _page(path: Path) -> _Page:
    return _Page(path.read_text(encoding="utf-8"))


def _problems(site: Path, path: Path, page: _Page) -> Iterator[str]:
    name = path.relative_to(site)
    for url in [*page.loaded, *page.links]:
        parts = urlsplit(url)
        if parts.scheme == "data":
            continue
        if parts.scheme or parts.netloc:
            if url in page.loaded:
                yield f"{name} loads {url}"
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.is_file():
            yield f"{name} links to {url}, which is no file"
        elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in _page(target).anchors:
            yield f"{name} links to {url}, which has no such place"

"""The site of the documents: where pages go, what their links become, and which links are found broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.site.links import broken_links
from tools.site.pages import CHAPTERS, assemble

if TYPE_CHECKING:
    from pathlib import Path

REPOSITORY = "https://example.org/tap"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    texts = {
        "README.md": "[a](docs/a.md#top) [b](docs/vendors/b.md) [c](LICENSE) [d](https://example.org) [e](#here)",
        "CHANGELOG.md": "# Changelog",
        "docs/a.md": "[home](../README.md) [log](../CHANGELOG.md) ![p](images/p.png)\n\n```\n[x](../LICENSE)\n```\n",
        "docs/vendors/b.md": "[a](../a.md) [schemas](../../schemas)",
        "docs/images/p.png": "",
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_links_hold_where_the_pages_stand_on_the_site(checkout: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assemble(checkout, site, REPOSITORY)
    index = (site / "index.md").read_text()
    assert "[a](a.md#top) [b](vendors/b.md)" in index
    assert f"[c]({REPOSITORY}/blob/main/LICENSE) [d](https://example.org) [e](#here)" in index
    a = "[home](index.md) [log](changelog.md) ![p](images/p.png)\n\n```\n[x](../LICENSE)\n```\n"
    assert (site / "a.md").read_text() == a
    assert (site / "vendors" / "b.md").read_text() == f"[a](../a.md) [schemas]({REPOSITORY}/blob/main/schemas)"
    assert (site / "images" / "p.png").exists()


def test_the_front_page_holds_the_chapters(checkout: Path, tmp_path: Path) -> None:
    assemble(checkout, tmp_path / "site", REPOSITORY)
    index = (tmp_path / "site" / "index.md").read_text()
    assert [chapter for chapter in CHAPTERS if f":caption: {chapter}\n" not in index] == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="b.html">', None),
        ('<a href="b.html#there">', None),
        ('<a href="https://example.org">', None),
        ('<img src="data:image/png;base64,">', None),
        ('<a href="c.html">', "a.html links to c.html, which is no file"),
        ('<a href="b.html#nowhere">', "a.html links to b.html#nowhere, which has no such place"),
        ('<a href="#nowhere">', "a.html links to #nowhere, which has no such place"),
        ('<img src="p.png">', "a.html links to p.png, which is no file"),
        ('<script src="https://example.org/x.js">', "a.html loads https://example.org/x.js"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "a.html loads //example.org/x.css"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(body: str, problem: str | None, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(body)
    (tmp_path / "b.html").write_text('<h1 id="there">')
    assert broken_links(tmp_path) == ([problem] if problem else [])


def test_a_style_that_loads_from_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "s.css").write_text("@font-face { src: url('https://example.org/f.woff2'), url(f.woff2) }")
    assert broken_links(tmp_path) == ["s.css loads https://example.org/f.woff2"]

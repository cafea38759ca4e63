"""The site of the documents in Chromium: usable by everybody, on a small screen too, and asks nobody for anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_core_python
import pytest

from tests.support.chromium import PROGRAM, open_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.chromium import Browser

UV = shutil.which("uv")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium here: `apt-get install chromium`"),
    pytest.mark.skipif(sys.version_info < (3, 11) or UV is None, reason="Sphinx wants Python 3.11, its environment uv"),
]
ROOT = Path(__file__).parents[2]
AXE = Path(axe_core_python.__file__).with_name("axe.min.js")
PAGES = (
    "index",
    "data-model",
    "how-a-sync-works",
    "troubleshooting",
    "vendors/scorebuddy",
    "streams/betterworks_goals",
)
SCREENS: list[dict[str, Any]] = [{}, {"dark": True}, {"width": 360, "height": 640}]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built in its own environment."""
    folder = tmp_path_factory.mktemp("site")
    command = ["uv", "run", "--quiet", "--locked", "--only-group", "docs", "python", "-m", "tools.site", str(folder)]
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(tmp_path_factory.mktemp("environment"))}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)  # noqa: S603 - our own command
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(browser: Browser, site: Path, page: str) -> None:
    for screen in SCREENS:
        browser.open(site / f"{page}.html", **screen)
        browser.call("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
        found = browser.js("axe.run().then(it => it.violations.map(each => each.id + ': ' + each.nodes[0].html))")
        assert found == [], screen
        assert browser.js("document.documentElement.scrollWidth <= innerWidth"), screen


def test_it_asks_nobody_for_anything_and_has_no_error(browser: Browser, site: Path) -> None:
    for page in PAGES:
        browser.open(site / f"{page}.html")
        assert [url for url in browser.requests if not url.startswith((site.as_uri(), "data:"))] == []
        assert browser.errors == []


def test_the_search_finds_without_a_network(browser: Browser, site: Path) -> None:
    browser.open(site / "search.html", query="?q=lookback")
    browser.wait("document.querySelectorAll('#search-results li a').length > 0")

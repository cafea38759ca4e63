"""The page in Chromium: it draws, filters, is usable by everybody, and asks nobody for anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_core_python
import pytest

from qa_report.command import main
from tests.report.marts import HOSTILE, marts, write_marts
from tests.support.chromium import PROGRAM, open_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.chromium import Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium here: `apt-get install chromium`"),
]
NONE = "\N{EN DASH}"
A4 = 718
"""Pixels between the margins of a page that is printed upright."""
AXE = Path(axe_core_python.__file__).with_name("axe.min.js")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the small marts."""
    folder = tmp_path_factory.mktemp("page")
    write_marts(folder / "warehouse.duckdb", marts())
    main(["--duckdb", str(folder / "warehouse.duckdb"), "--output", str(folder / "page.html")])
    return folder / "page.html"


def show(browser: Browser, page: Path, **screen: Any) -> None:  # noqa: ANN401 - as Browser.open
    browser.open(page, **screen)
    browser.wait("document.body.dataset.drawn === '1'")


def choose(browser: Browser, **chosen: str | tuple[str, str]) -> None:
    """Set filters as a person does, and wait until all is drawn again."""
    for name, value in chosen.items():
        before = browser.js("document.body.dataset.drawn")
        option = json.dumps(value if isinstance(value, str) else json.dumps(value, separators=(",", ":")))
        browser.js(
            f"(select => {{ select.value = {option}; if (select.value !== {option}) throw 'no option';"
            f" select.dispatchEvent(new Event('change', {{bubbles: true}})) }})(document.getElementById('{name}'))"
        )
        browser.wait(f"document.body.dataset.drawn > {before}")


def text(browser: Browser, selector: str) -> str:
    found: str = browser.js(f"document.querySelector({json.dumps(selector)}).innerText")
    return found


def table(browser: Browser, name: str) -> list[list[str]]:
    cells = "[...row.cells].map(cell => cell.innerText)"
    rows: list[list[str]] = browser.js(f"[...document.querySelectorAll('#{name}-table tbody tr')].map(row => {cells})")
    return rows


def drawn(browser: Browser, name: str) -> list[str]:
    """Return the values that a picture's points stand for."""
    points = (
        f"[...document.querySelectorAll('#{name}-picture .mark-symbol path')].map(path => path.__data__?.datum?.value)"
    )
    values: list[str] = browser.js(f"{points}.filter(value => typeof value === 'number').map(String)")
    return values


def test_it_draws_without_a_request_or_an_error(browser: Browser, page: Path) -> None:
    show(browser, page)
    widths = browser.js(
        "[...document.querySelectorAll('.picture:not([hidden])')]"
        ".map(picture => picture.querySelector('svg').getBoundingClientRect().width / picture.clientWidth)"
    )
    assert len(widths) >= 6
    assert all(0.95 < width < 1.05 for width in widths)
    assert browser.requests == [page.as_uri()]
    assert browser.errors == []
    assert HOSTILE in text(browser, "#standing-table")


def test_figures_are_sums_over_counts_rounded_once(browser: Browser, page: Path) -> None:
    show(browser, page)
    card = text(browser, '.card[data-vendor="scorebuddy"]')
    # (2 * (845 + 2400) + 411.25) / 85 evaluations; 50 of 85 passed: 58.8 % (48.2 to 68.7 by Wilson).
    assert "81.2 %" in card
    assert "58.8 %\n48.2 to 68.7 %" in card
    assert ["Scorebuddy", "2026-05-04", "81.1", "40"] in table(browser, "weeks")
    assert drawn(browser, "weeks") == ["81.1", "81.1", "82.3"], "411.25 over 5 is 82.25: a half goes up"


def test_a_filter_moves_cards_tables_and_pictures(browser: Browser, page: Path) -> None:
    show(browser, page)
    choose(browser, vendor="scorebuddy", team=("scorebuddy", "Blue"))
    assert text(browser, "#status") == "25 evaluations shown."
    assert "84.1 %" in text(browser, ".card")
    assert table(browser, "weeks") == [
        ["Scorebuddy", "2026-05-04", "84.5", "10"],
        ["Scorebuddy", "2026-05-11", "84.5", "10"],
        ["Scorebuddy", "2026-05-18", "82.3", "5"],
    ]
    assert drawn(browser, "weeks") == ["84.5", "84.5", "82.3"]
    assert [row[1] for row in table(browser, "control-scorebuddy")] == ["84.5"] * 3
    browser.js("document.getElementById('filters').reset()")
    browser.wait("document.getElementById('status').innerText === '89 evaluations shown.'")


def test_a_picture_that_does_not_follow_says_so(browser: Browser, page: Path) -> None:
    show(browser, page)
    assert not browser.js("[...document.querySelectorAll('.warning')].some(element => element.offsetParent)")
    choose(browser, team=("scorebuddy", "Blue"))
    for name in ("leniency", "months"):
        assert text(browser, f"#{name}-warning") == "Does not follow what is chosen as team."
    assert browser.js("document.getElementById('weeks-warning').hidden")


def test_questions_and_coverage_follow_a_team(browser: Browser, page: Path) -> None:
    show(browser, page)
    assert table(browser, "pareto")[0] == ["Greeting?", "Calls", "10", "40", "25", "14.2", "40.2", "83.3"]
    assert table(browser, "coverage") == [["Scorebuddy", "2026-05-04", "50", "10", "5", "5"]]
    choose(browser, team=("scorebuddy", "Blue"))
    assert table(browser, "pareto") == [
        ["Greeting?", "Calls", "4", "25", "16", "6.4", "34.7", "66.7"],
        ["Closing?", "Calls", "2", "5", "too few", NONE, NONE, "100.0"],
    ]
    assert table(browser, "coverage") == [["Scorebuddy", "2026-05-04", "40", "5", "3", "2"]]


def test_a_line_has_the_colour_that_the_legend_says_where_another_vendor_has_no_value(
    browser: Browser, page: Path
) -> None:
    """CXone has too few evaluations for a value, and is the first in the order of names."""
    show(browser, page)
    found = {
        part: browser.js(
            f"[...document.querySelectorAll('#weeks-picture {part} path')].map(path => "
            f"[path.__data__.datum.series ?? path.__data__.datum.value, path.getAttribute('{paint}')])"
        )
        for part, paint in ((".mark-line", "stroke"), (".role-mark.mark-symbol", "stroke"), (".role-legend", "fill"))
    }
    for part, pairs in found.items():
        assert [paint for name, paint in pairs if name == "Scorebuddy"][:1] == ["var(--series-2)"], part


def test_agents_without_a_rank_are_not_called_highest(browser: Browser, page: Path) -> None:
    show(browser, page)
    assert text(browser, "#standing-said").startswith("0 agents above the mean of the team, 0 below, 2 not told apart")
    assert "Highest" not in text(browser, "#standing-said")


def test_what_a_vendor_does_not_say_is_not_known(browser: Browser, page: Path) -> None:
    show(browser, page)
    choose(browser, measure="acknowledged", vendor="scorebuddy")
    assert table(browser, "groups") == [["Scorebuddy", "not known", NONE, NONE, "0"]]
    assert "Scorebuddy does not say it: not known, which is not 0." in text(browser, "#groups-said")
    assert browser.js("document.getElementById('groups-picture').hidden")


def test_too_little_data_is_a_sentence(browser: Browser, page: Path) -> None:
    show(browser, page)
    choose(browser, vendor="cxone")
    card = text(browser, ".card")
    assert card.count("too few\n4 evaluations; it takes 5") == 5
    assert "100" not in card
    assert "Too little data to draw anything." in text(browser, "#weeks-said")
    assert browser.js("document.getElementById('weeks-picture').hidden")
    assert ["NICE CXone", "2026-05-04", "too few", "4"] in table(browser, "weeks")
    choose(browser, vendor="scorebuddy")
    assert "Bob: Nobody else evaluates these agents" in text(browser, "#leniency-said")
    assert "1 question has fewer than 20 answers" in text(browser, "#pareto-said")
    assert table(browser, "months") == [
        ["2026-05", "Passed · Scorebuddy", "66.5", "40", "81.3", "45", "-14.8", NONE, NONE, "-9.3", "-5.5",
         *[NONE] * 3],
        ["2026-05", "Quality score · Scorebuddy", NONE, "3", NONE, "40", *[NONE] * 7,
         "One of the months has fewer than 5 evaluations: too few to compare."],
    ]  # fmt: skip
    choose(browser, vendor="cxone", team=("scorebuddy", "Green"))
    assert text(browser, "#status") == "No evaluation matches this choice."


@pytest.mark.parametrize("screen", [{"width": 1280}, {"width": 360, "height": 740}, {"width": 1280, "dark": True}])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, page: Path, screen: dict[str, Any]
) -> None:
    show(browser, page, **screen)
    choose(browser, team=("scorebuddy", "Blue"))
    browser.call("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
    assert (
        browser.js("axe.run().then(found => found.violations.map(each => each.id + ': ' + each.nodes[0].html))") == []
    )
    assert browser.js("document.documentElement.scrollWidth <= innerWidth")


def test_pictures_have_a_role_a_label_and_a_description(browser: Browser, page: Path) -> None:
    show(browser, page)
    browser.call("Accessibility.enable")
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    pictures = [node for node in nodes if node.get("role", {}).get("value") in {"image", "img"} and not node["ignored"]]
    assert len(pictures) >= 6
    for picture in pictures:
        assert picture["name"]["value"]
        assert len(picture["description"]["value"]) > 20, picture["name"]
    weeks = next(node for node in pictures if node["name"]["value"] == "Quality score by week and vendor")
    assert "Scorebuddy: 81.1 in the week from 4 May" in weeks["description"]["value"]


def test_the_keyboard_reaches_every_control_and_table(browser: Browser, page: Path) -> None:
    show(browser, page)
    reached = []
    for _ in range(30):
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        reached.append(browser.js("document.activeElement.id || document.activeElement.className"))
    assert reached[:6] == ["skip", "vendor", "team", "scorecard", "by", "measure"]
    assert "scroll" in reached


def test_it_prints_light_and_whole(browser: Browser, page: Path) -> None:
    show(browser, page, dark=True, width=A4)
    browser.call(
        "Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}]
    )
    assert browser.js("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.js("getComputedStyle(document.getElementById('filters')).display") == "none"
    assert browser.js("getComputedStyle(document.querySelector('.scroll')).maxHeight") == "none"
    assert browser.js("document.documentElement.scrollWidth <= innerWidth"), "a table is wider than the paper"
    browser.call("Emulation.setEmulatedMedia", media="")

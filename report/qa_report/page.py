"""Puts the page together: figures, filters, style, scripts and data in one file that allows itself no connection."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import tempfile
from datetime import datetime, timezone
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import vl_convert

from qa_report.figures import FILTERS, VENDORS, Figure, figures
from qa_report.queries import DATA_SETS, DataSet
from qa_report.specs import VEGA_LITE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_report.warehouse import Cell, Row, Warehouse

SCRIPTS = ("sums.js", "rows.js", "table.js", "page.js")
POLICY = "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_page(warehouse: Warehouse, path: Path, *, names: bool, at: datetime | None = None) -> None:
    """Write the page; a page that was there before is replaced at once, or not at all.

    Args:
        warehouse: Holds the marts.
        path: Of the page. It is readable by its owner only, since it may hold names.
        names: Whether people are called by name.
        at: When it is made, if not now.
    """
    text = render(warehouse, names=names, at=at or datetime.now(timezone.utc))
    folder = path.resolve().parent
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, prefix=f".{path.name}-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(text)
            file.close()
            temporary.replace(path)
        except BaseException:
            temporary.unlink()
            raise


def render(warehouse: Warehouse, *, names: bool, at: datetime) -> str:
    """Return the page as HTML."""
    data = {
        name: _columns(found, warehouse.rows(found.query(names=names)) if found.table in warehouse.tables else [])
        for name, found in DATA_SETS.items()
    }
    missing = sorted({found.table for found in DATA_SETS.values()} - warehouse.tables)
    shown = figures(_values(data["metrics"], "vendor"))
    given = {
        "data": data,
        "figures": [figure.for_script() for figure in shown],
        "filters": FILTERS,
        "vendors": VENDORS,
        "missing": missing,
        "tables": {name: found.table for name, found in DATA_SETS.items()},
    }
    scripts = [f"window.qaReport={_json(given)};", _bundle(), _own_script()]
    parts = {
        "policy": POLICY.format(scripts=" ".join(f"'sha256-{_digest(script)}'" for script in scripts)),
        "style": _asset("page.css"),
        "made": f"{at:%d %B %Y, %H:%M} UTC",
        "names": (
            "It names agents and evaluators: keep it as you keep the tables."
            if names
            else "Agents and evaluators are called by a part of their key."
        ),
        "missing": "".join(
            f'<p class="note">The table {table} is not there: build the marts again with <code>dbt build</code>.</p>'
            for table in missing
        ),
        "figures": "".join(_sections(shown)),
        "scripts": "".join(f"<script>{script}</script>" for script in scripts),
    }
    return _filled(_asset("page.html"), parts)


def _columns(data_set: DataSet, rows: list[Row]) -> dict[str, Any]:
    """Return columns, those of texts as places in a list of their values: a name is in the page once."""
    return {name: _column([row[place] for row in rows]) for place, name in enumerate(data_set.columns)}


def _column(values: list[Cell]) -> Any:  # noqa: ANN401 - JSON
    if not any(isinstance(value, str) for value in values):
        return values
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return {"values": list(places), "at": [places[value] for value in values]}


def _values(columns: dict[str, Any], name: str) -> list[str]:
    column = columns[name]
    return [] if isinstance(column, list) else column["values"]


def _sections(shown: Iterable[Figure]) -> Iterable[str]:
    section = ""
    for figure in shown:
        if figure.section != section:
            yield f"{'</section>' if section else ''}<section><h2>{html.escape(figure.section)}</h2>"
            section = figure.section
        yield _figure(figure)
    yield "</section>"


def _figure(figure: Figure) -> str:
    name = html.escape(f"{figure.id}-{figure.vendor}" if figure.vendor else figure.id)
    title, about = html.escape(figure.title), html.escape(figure.about)
    described = f"{name}-about {name}-warning {name}-said"
    named = f'role="img" aria-labelledby="{name}-title" aria-describedby="{described}"'
    picture = (
        f'<div class="picture" id="{name}-picture" {named}><div aria-hidden="true"></div></div>' if figure.spec else ""
    )
    return (
        f'<figure id="{name}"{"" if figure.spec else " class=no-picture"}>'
        f'<figcaption><h3 id="{name}-title">{title}</h3><p id="{name}-about">{about}</p></figcaption>'
        f'<div><p class="warning" id="{name}-warning" hidden></p>{picture}<p class="note" id="{name}-said"></p></div>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="Table: {title}">'
        f'<table id="{name}-table"></table></div></figure>'
    )


def _own_script() -> str:
    return "(()=>{'use strict';\n" + "\n".join(map(_asset, SCRIPTS)) + "})();"


def _bundle() -> str:
    # Wrapped, since it declares short names that would be everybody's.
    bundle = (
        vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE)
        .replace("</script", r"<\/script")
        .replace("<!--", r"<\!--")
    )
    return f"(()=>{{{bundle}}})();"


def _json(value: object) -> str:
    """Return JSON in which no name, as `</script>`, ends the element that it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _asset(name: str) -> str:
    return resources.files("qa_report").joinpath("assets", name).read_text(encoding="utf-8")


def _filled(template: str, parts: dict[str, str]) -> str:
    """Return the template with its parts; what is in a part is never a place for another."""
    pieces = template.split("@@")
    return "".join(parts[piece] if place % 2 else piece for place, piece in enumerate(pieces))

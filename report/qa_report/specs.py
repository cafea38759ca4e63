"""The pictures, in Vega-Lite: lines by week, dots with their intervals, bars, control charts.

Colours are the page's CSS variables, so that light, dark and print need no other picture. Every picture draws the data
set `rows`, whose figures are rounded already.
"""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]

VEGA_LITE = "6.4"
SERIES = 8
INK, FAINT, PAPER = "var(--ink)", "var(--faint)", "var(--paper)"
CONFIG: Spec = {
    "background": None,
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    # A series without a value keeps its place in every scale: lines, points and legend have the same colours.
    "mark": {"invalid": "break-paths-show-domains"},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelColor": INK,
        "titleColor": INK,
        "titleFontWeight": "normal",
        "domainColor": FAINT,
        "tickColor": FAINT,
        "gridColor": FAINT,
        "gridOpacity": 0.35,
    },
    "legend": {
        "labelFontSize": 12,
        "labelColor": INK,
        "orient": "top",
        "title": None,
        "columns": 2,
        "labelLimit": 240,
    },
    "range": {"category": [f"var(--series-{number})" for number in range(1, SERIES + 1)]},
    "text": {"color": INK},
    "rule": {"color": FAINT},
}
# Not a temporal axis, whose weekly ticks are Sundays: weeks begin on Monday.
WEEK: Spec = {
    "field": "week",
    "type": "ordinal",
    "title": "week from",
    "axis": {"labelExpr": "utcFormat(toDate(datum.value), '%-d %b')", "labelAngle": 0, "labelOverlap": True},
}
# In the order of names, so that a vendor has one colour in all pictures.
SERIES_COLOR: Spec = {"field": "series", "type": "nominal"}


def _tip(*fields: tuple[str, str]) -> list[Spec]:
    return [{"field": field, "title": title} for field, title in fields]


def _whole(layers: list[Spec], height: int | Spec, encoding: Spec) -> Spec:
    return {
        "width": "container",
        "height": height,
        "data": {"name": "rows", "values": []},
        "config": CONFIG,
        "encoding": encoding,
        "layer": layers,
    }


def lines(unit: str) -> Spec:
    """Return lines by week: rows with week, series, value, n, partial (the week is not over: drawn hollow)."""
    value = {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": False}}
    fill = {"condition": {"test": "datum.partial", "value": PAPER}, **SERIES_COLOR}
    tip = _tip(("series", "of"), ("week", "week from"), ("value", unit), ("n", "evaluations"))
    return _whole(
        [
            {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"stroke": {**SERIES_COLOR, "legend": None}}},
            {
                "mark": {"type": "point", "size": 60, "strokeWidth": 2, "opacity": 1},
                "encoding": {
                    "stroke": {**SERIES_COLOR, "legend": None},
                    "shape": SERIES_COLOR,
                    "fill": fill,
                    "tooltip": tip,
                },
            },
        ],
        260,
        {"x": WEEK, "y": value},
    )


def dots(unit: str, *, zero: bool = False, mark: str = "") -> Spec:
    """Return a dot and its interval a row: rows with label, value, low, high, and where `mark` says so, mark."""
    layers: list[Spec] = [{"mark": {"type": "rule", "color": FAINT}, "encoding": {"x": {"datum": 0}}}] if zero else []
    interval = {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}
    layers.append(
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 3, "color": FAINT},
            "encoding": interval,
        }
    )
    if mark:
        layers.append(
            {
                "mark": {"type": "tick", "color": INK, "thickness": 2, "size": 14},
                "encoding": {
                    "x": {"field": "mark", "type": "quantitative"},
                    "tooltip": _tip(("label", "of"), ("mark", mark)),
                },
            }
        )
    tip = _tip(("label", "of"), ("value", unit), ("low", "from"), ("high", "to"), ("n", "evaluations"))
    layers.append(
        {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": "var(--series-1)"},
            "encoding": {
                "x": {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": False, "padding": 10}},
                "tooltip": tip,
            },
        }
    )
    return _whole(layers, {"step": 22}, {"y": _labels()})


def bars(unit: str) -> Spec:
    """Return a bar a row: rows with label (of two lines, split at ` · `), value, text (at the bar's end)."""
    tip = _tip(("label", "of"), ("value", unit), ("n", "answers"), ("text", "of answers"))
    value = {"field": "value", "type": "quantitative", "title": unit}
    labels = _labels()
    labels["axis"] |= {"labelExpr": "split(datum.label, ' · ')", "labelOffset": -6}
    picture = _whole(
        [
            {"mark": {"type": "bar", "color": "var(--series-1)"}, "encoding": {"tooltip": tip}},
            {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {"text": {"field": "text"}}},
        ],
        {"step": 36},
        {"y": labels, "x": value},
    )
    return {**picture, "padding": {"left": 5, "top": 5, "bottom": 5, "right": 40}}  # for the text of the longest bar


def control() -> Spec:
    """Return weeks with intervals, centre and limits: columns of `qa_control_chart`; a signal is a large diamond."""
    value = {"type": "quantitative", "title": "percent", "scale": {"zero": False, "padding": 10}}
    tip = _tip(
        *(("week", "week from"), ("value", "percent"), ("interval_low", "from"), ("interval_high", "to")),
        *(("evaluations", "evaluations"), ("signal", "signal")),
    )
    step = {"type": "line", "interpolate": "step", "strokeDash": [5, 4], "color": INK}
    return _whole(
        [
            {
                "mark": {"type": "rule", "strokeWidth": 3, "color": FAINT},
                "encoding": {"y": {**value, "field": "interval_low"}, "y2": {"field": "interval_high"}},
            },
            {"mark": {"type": "line", "color": INK}, "encoding": {"y": {**value, "field": "centre"}}},
            {"mark": step, "encoding": {"y": {**value, "field": "limit_low"}}},
            {"mark": step, "encoding": {"y": {**value, "field": "limit_high"}}},
            {"mark": {"type": "line", "color": "var(--series-1)"}, "encoding": {"y": {**value, "field": "value"}}},
            {
                "mark": {"type": "point", "strokeWidth": 2, "opacity": 1, "stroke": "var(--series-1)"},
                "encoding": {
                    "y": {**value, "field": "value"},
                    "fill": {"condition": {"test": "datum.is_partial", "value": PAPER}, "value": "var(--series-1)"},
                    "shape": {"condition": {"test": "datum.signal != null", "value": "diamond"}, "value": "circle"},
                    "size": {"condition": {"test": "datum.signal != null", "value": 220}, "value": 60},
                    "tooltip": tip,
                },
            },
        ],
        220,
        {"x": WEEK},
    )


def _labels() -> Spec:
    # Names may take up to two fifths of the picture; the table has them whole.
    limit = {"expr": "max(150, 0.4 * containerSize()[0])"}
    return {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": limit}}

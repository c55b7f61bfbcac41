"""Charts of the policy brief: bars with their ranges, drawn as vectors by ReportLab."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import reportlab
from reportlab.graphics.shapes import Drawing, Group, Line, Polygon, PolyLine, Rect, String
from reportlab.lib import colors
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from dashboard.figures.chart import Chart, round_scale, tick_text
from dashboard.figures.curves import Curves
from dashboard.figures.flow import Flow
from dashboard.figures.style import LINE, NAVY, TEXT, pale, series_colour

FONT, BOLD = "Vera", "VeraBd"
_SIZE: Final = 7.0
_ROW: Final = 13.5  # points per bar with its gap
_LABEL: Final = 150.0
_FOOT: Final = 16.0
_LEGEND: Final = 14.0
_FLOW_HIGH: Final = 190.0
_TWO_LINES: Final = 17.0
"""Height of the words beside a block of a flow."""


def use_fonts() -> None:
    """Register Bitstream Vera, which comes with ReportLab and has the minus sign that standard PDF fonts lack."""
    if BOLD in pdfmetrics.getRegisteredFontNames():  # registered last, in case another thread is registering both
        return
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


def bars(chart: Chart, width: float) -> Drawing:
    """Bars with their ranges, grouped by category, over an axis of round numbers; ``width`` in points."""
    many = len(chart.series) > 1
    each = 6.5 * len(chart.series) + 4.0 if many else _ROW
    legend = _LEGEND if many else 0.0
    height = each * len(chart.categories) + _FOOT + 2.0 + legend
    low, high, step = chart.scale()
    left, right, top = _LABEL + 6.0, width - 10.0, height - legend

    def place(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    drawing = Drawing(width, height)
    for tick in range(round((high - low) / step) + 1):
        value = low + tick * step
        colour, thick = (TEXT, 0.9) if abs(value) < step / 2 else (LINE, 0.5)
        ink = {"strokeColor": colors.HexColor(colour), "strokeWidth": thick}
        drawing.add(Line(place(value), _FOOT, place(value), top, **ink))
        drawing.add(_string(place(value), 5.0, tick_text(value, step), anchor="middle"))
    thick = 6.0 if many else 8.0
    for position, category in enumerate(chart.categories):
        middle = top - each * (position + 0.5)
        drawing.add(_string(_LABEL, middle - 2.5, _short(category), anchor="end"))
        if all(math.isnan(series.values[position]) for series in chart.series):
            drawing.add(_string(place(0.0) + 4.0, middle - 2.5, chart.missing))
        for number, series in enumerate(chart.series):
            y = middle + thick * (len(chart.series) / 2.0 - number - 1.0)
            ends = (series.values[position], series.low[position], series.high[position])
            if not math.isnan(ends[0]):
                drawing.add(_bar(place, (y, thick), ends, series_colour(series.name, number)))
    at = left
    for number, series in enumerate(chart.series if many else ()):
        drawing.add(Rect(at, height - 10.0, 7, 7, **_inks(series_colour(series.name, number))))
        drawing.add(_string(at + 10.0, height - 9.0, series.name))
        at += 22.0 + pdfmetrics.stringWidth(series.name, FONT, _SIZE)
    return drawing


def flow_drawing(flow: Flow, width: float) -> Drawing:
    """Columns of blocks, all on one scale of pounds, with their words beside them; ``width`` in points."""
    gap, head = 3.0, 14.0
    scale = flow.scale(_FLOW_HIGH - head, gap, _TWO_LINES)
    drawing = Drawing(width, _FLOW_HIGH)
    left = 0.0
    for number, (stage, wide) in enumerate(zip(flow.stages, flow.widths(width), strict=True)):
        if number:
            middle = _FLOW_HIGH / 2.0
            points = [left - 18.0, middle - 6.0, left - 18.0, middle + 6.0, left - 8.0, middle]
            drawing.add(Polygon(points, fillColor=colors.HexColor(LINE), strokeColor=None))
        drawing.add(_string(left, _FLOW_HIGH - 8.0, stage.heading, font=BOLD))
        top = _FLOW_HIGH - head
        for block in stage.blocks:
            high = max(2.0, block.pounds * scale)
            drawing.add(Rect(left, top - high, 22.0, high, fillColor=colors.HexColor(block.colour), strokeColor=None))
            below = top - max(high, _TWO_LINES) / 2.0 if high > _TWO_LINES else top - _TWO_LINES / 2.0
            drawing.add(_string(left + 27.0, below + 1.0, block.label, font=BOLD))
            drawing.add(_string(left + 27.0, below - 7.5, block.words))
            top -= max(high, _TWO_LINES) + gap
        left += wide
    return drawing


def curves_drawing(shown: Curves, width: float, height: float = 120.0) -> Drawing:
    """Curves with thin lines at the ends of their ranges, and a dotted line where one is; sizes in points."""
    low, high, step = round_scale([end for one in shown.curves for end in one.ends()])
    furthest = max(float(x) for one in shown.curves for x in one.x)
    left, right, bottom, top = 44.0, width - 10.0, _FOOT + 10.0, height - _LEGEND

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x / furthest * (right - left), bottom + (y - low) / (high - low) * (top - bottom)

    drawing = Drawing(width, height)
    for tick in range(round((high - low) / step) + 1):
        value = low + tick * step
        colour, thick = (TEXT, 0.9) if abs(value) < step / 2 else (LINE, 0.5)
        (x1, y1), (x2, y2) = at(0.0, value), at(furthest, value)
        drawing.add(Line(x1, y1, x2, y2, strokeColor=colors.HexColor(colour), strokeWidth=thick))
        drawing.add(_string(left - 4.0, y1 - 2.5, tick_text(value, step), anchor="end"))
    for multiple in range(int(furthest) + 1):
        drawing.add(_string(at(multiple, low)[0], bottom - 9.0, str(multiple), anchor="middle"))
    drawing.add(_string((left + right) / 2.0, bottom - 18.0, shown.x_title, anchor="middle"))
    named = left
    for number, one in enumerate(shown.curves):
        ink = one.colour or series_colour(one.of or one.name, number)
        if one.line == "none":
            continue
        for heights, thick in ((one.low, 0.5), (one.high, 0.5), (one.y, 1.8)):
            points = [at(float(x), y) for x, y in zip(one.x, heights, strict=False) if not math.isnan(y)]
            if points:
                flat = [place for point in points for place in point]
                drawing.add(PolyLine(flat, strokeColor=colors.HexColor(ink), strokeWidth=thick))
        drawing.add(
            Line(named, height - 6.0, named + 12.0, height - 6.0, strokeColor=colors.HexColor(ink), strokeWidth=2)
        )
        drawing.add(_string(named + 16.0, height - 8.5, one.name))
        named += 34.0 + pdfmetrics.stringWidth(one.name, FONT, _SIZE)
    drawing.add(_string(right, height - 8.5, shown.y_title, anchor="end"))
    if shown.here is not None:
        (x, y1), (_, y2) = at(shown.here, low), at(shown.here, high)
        drawing.add(Line(x, y1, x, y2, strokeColor=colors.HexColor(NAVY), strokeWidth=1, strokeDashArray=[1, 2]))
    return drawing


def _bar(
    place: Callable[[float], float], where: tuple[float, float], ends: tuple[float, float, float], colour: str
) -> Group:
    (y, thick), (value, low, high) = where, ends
    group = Group()
    begin, end = sorted((place(0.0), place(value)))
    group.add(Rect(begin, y, end - begin, thick - 1.0, **_inks(colour)))
    if not math.isnan(low + high):
        middle = y + (thick - 1.0) / 2.0
        ink = {"strokeColor": colors.HexColor(TEXT), "strokeWidth": 0.9}
        group.add(Line(place(low), middle, place(high), middle, **ink))
        for tip in (low, high):
            group.add(Line(place(tip), middle - 2.0, place(tip), middle + 2.0, **ink))
    return group


def _inks(colour: str) -> dict[str, Any]:
    """Fill and outline of a bar."""
    return {"fillColor": colors.HexColor(pale(colour)), "strokeColor": colors.HexColor(colour), "strokeWidth": 0.7}


def _string(x: float, y: float, text: str, anchor: str = "start", font: str = FONT) -> String:
    return String(x, y, text, fontName=font, fontSize=_SIZE, fillColor=colors.HexColor(TEXT), textAnchor=anchor)


def _short(text: str) -> str:
    """A label shortened at a word to fit next to its bar."""
    if pdfmetrics.stringWidth(text, FONT, _SIZE) <= _LABEL:
        return text
    words = text.split()
    while len(words) > 1 and pdfmetrics.stringWidth(f"{' '.join(words)} …", FONT, _SIZE) > _LABEL:
        words.pop()
    return f"{' '.join(words)} …"

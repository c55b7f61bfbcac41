"""A policy brief of two A4 pages, as PDF: the finding, two charts, who pays, who gains, and the limits."""

from __future__ import annotations

import io
import math
from html import escape
from pathlib import Path
from typing import Any, Final

import reportlab
from reportlab.graphics.shapes import Drawing, Group, Line, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepInFrame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from dashboard.exports.content import Chart, Content
from dashboard.figures.style import GREY, LINE, NAVY, ORANGE, PURPLE, TEXT, TURQUOISE

COLOURS: Final = (NAVY, TURQUOISE, PURPLE, ORANGE)
_MARGIN: Final = 16 * mm
_FOOT: Final = 17 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN
_FONT, _BOLD = "Vera", "VeraBd"
_ROW: Final = 15.0  # points a bar and its gap
_LABEL: Final = 128.0


def write_brief(content: Content, path: Path) -> Path:
    """Write the brief; what does not fit two pages is made smaller, never cut."""
    _fonts()
    charts = {chart.name: chart for chart in content.charts}
    first = [
        Paragraph(escape(content.title), _style(17, _BOLD, leading=21)),
        Paragraph(escape(content.question), _style(9.5, colour=GREY, after=6)),
        *_headline(content),
        Spacer(1, 4),
        _tiles(content),
        Spacer(1, 6),
        *_exhibit(charts["outcomes"]),
        *_exhibit(charts["access"]),
        *_exhibit(charts["years"]),
    ]
    second: list[Flowable] = []
    for name in ("costs_cashable", "costs_capacity", "admissions_age_band", "admissions_deprivation"):
        if name in charts:
            second += _exhibit(charts[name])
    second.append(Paragraph("What this cannot tell you", _style(11, _BOLD, before=4, after=2)))
    second += [Paragraph(f"•  {escape(caveat)}", _style(7.6, after=1.5)) for caveat in content.caveats]
    second.append(Paragraph("Reproduce this", _style(9, _BOLD, before=3, after=1)))
    second += [Paragraph(escape(line), _style(7.6)) for line in content.commands]
    file = io.BytesIO()
    document = BaseDocTemplate(
        file,
        pagesize=A4,
        title=content.title,
        subject=content.question,
        author="Relational offset policy simulator",
        lang="en-GB",
    )
    height = A4[1] - _MARGIN - _FOOT - 4 * mm
    frame = Frame(_MARGIN, _FOOT + 4 * mm, _WIDTH, height, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate(frames=[frame], onPage=lambda page, _: _foot(page, content))])
    fit = {"maxWidth": _WIDTH, "maxHeight": height, "mode": "shrink"}
    document.build([KeepInFrame(content=first, **fit), PageBreak(), KeepInFrame(content=second, **fit)])
    path.write_bytes(file.getvalue())
    return path


def _fonts() -> None:
    """Bitstream Vera, which comes with ReportLab and has the minus sign that PDF's own fonts lack."""
    if _FONT in pdfmetrics.getRegisteredFontNames():
        return
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (_FONT, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(_FONT, normal=_FONT, bold=_BOLD, italic=_FONT, boldItalic=_BOLD)


def _style(size: float, font: str = _FONT, colour: str = TEXT, **space: float) -> ParagraphStyle:
    return ParagraphStyle(
        "text",
        fontName=font,
        fontSize=size,
        leading=space.get("leading", size * 1.32),
        textColor=colors.HexColor(colour),
        spaceBefore=space.get("before", 0),
        spaceAfter=space.get("after", 0),
    )


def _headline(content: Content) -> list[Flowable]:
    said: list[Flowable] = []
    for reading, sentences in content.headlines:
        if len(content.headlines) > 1:
            said.append(Paragraph(escape(reading), _style(9.5, _BOLD, before=3)))
        said += [Paragraph(escape(sentence), _style(9, after=2)) for sentence in sentences]
    return said


def _tiles(content: Content) -> Table:
    columns = 4
    many = len(content.headlines) > 1
    cells = []
    for tile in content.tiles:
        label = f"{tile.reading}: {tile.label}" if many else tile.label
        cells.append(
            [
                Paragraph(escape(label), _style(7.4, _BOLD)),
                Paragraph(escape(tile.number), _style(13, _BOLD, leading=17)),
                Paragraph(escape(tile.unit), _style(6.8, colour=GREY)),
                Paragraph(escape(f"80 % of runs: {tile.range}"), _style(6.8)),
                Paragraph(escape(tile.verdict), _style(6.8, _BOLD)),
            ]
        )
    rows = [cells[begin : begin + columns] for begin in range(0, len(cells), columns)]
    table = Table(rows, colWidths=[_WIDTH / columns] * columns)
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), colors.HexColor("#F3F5F6")),
                ("INNERGRID", (0, 0), (-1, -1), 3, colors.white),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 7),
                ("TOPPADDING", (0, 0), (-1, -1), 4),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
            ]
        )
    )
    return table


def _exhibit(chart: Chart) -> list[Flowable]:
    statistic = f"{chart.statistic} {chart.axis[0].upper()}{chart.axis[1:]}."
    return [
        Paragraph(escape(chart.title), _style(10, _BOLD, before=5)),
        Paragraph(escape(statistic), _style(7.4, colour=GREY)),
        _bars(chart),
    ]


def _bars(chart: Chart) -> Drawing:
    """Bars with their ranges, a group of bars a category, and an axis of round numbers below."""
    each = _ROW if len(chart.series) == 1 else 8.0 * len(chart.series) + 5.0
    legend = 14.0 if len(chart.series) > 1 else 0.0
    height = each * len(chart.categories) + 18.0 + legend
    low, high, step = chart.scale()
    left, right = _LABEL + 6.0, _WIDTH - 8.0

    def x(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    drawing = Drawing(_WIDTH, height)
    bottom, top = 16.0, height - legend
    for tick in range(round((high - low) / step) + 1):
        value = low + tick * step
        zero = abs(value) < step / 2
        colour, width = (TEXT, 0.9) if zero else (LINE, 0.5)
        drawing.add(Line(x(value), bottom, x(value), top, strokeColor=colors.HexColor(colour), strokeWidth=width))
        drawing.add(_string(x(value), 5.0, _number(value, step), anchor="middle"))
    for position, category in enumerate(chart.categories):
        middle = top - each * (position + 0.5)
        drawing.add(_string(_LABEL, middle - 2.5, _short(category), anchor="end"))
        thick = min(8.0, (each - 5.0) / len(chart.series))
        for number, series in enumerate(chart.series):
            y = middle + thick * (len(chart.series) / 2.0 - number - 1.0)
            ends = (series.values[position], series.low[position], series.high[position])
            drawing.add(_bar(x, (y, thick), ends, COLOURS[number % len(COLOURS)], chart.missing))
    at = left
    for number, series in enumerate(chart.series if legend else ()):
        drawing.add(Rect(at, height - 10.0, 7, 7, fillColor=colors.HexColor(COLOURS[number]), strokeColor=None))
        drawing.add(_string(at + 10.0, height - 9.0, series.name))
        at += 22.0 + pdfmetrics.stringWidth(series.name, _FONT, 7)
    return drawing


def _bar(x: Any, place: tuple[float, float], ends: tuple[float, float, float], colour: str, missing: str) -> Group:
    (y, thick), (value, low, high) = place, ends
    group = Group()
    if math.isnan(value):
        group.add(_string(x(0.0) + 3.0, y + thick / 2.0 - 2.5, missing))
        return group
    begin, end = sorted((x(0.0), x(value)))
    group.add(Rect(begin, y, end - begin, thick - 1.0, fillColor=colors.HexColor(colour), strokeColor=None))
    if not math.isnan(low + high):
        middle = y + (thick - 1.0) / 2.0
        ink = {"strokeColor": colors.HexColor(TEXT), "strokeWidth": 0.9}
        group.add(Line(x(low), middle, x(high), middle, **ink))
        for end in (low, high):
            group.add(Line(x(end), middle - 2.0, x(end), middle + 2.0, **ink))
    return group


def _number(value: float, step: float) -> str:
    """A number of an axis.

    >>> _number(-0.5, 0.5), _number(1000.0, 500.0), _number(0.0, 2.0)
    ('−0.5', '1,000', '0')
    """
    decimals = max(0, -math.floor(math.log10(step)))
    text = f"{abs(value):,.{decimals}f}"
    if not any(digit in text for digit in "123456789"):
        return "0"
    return f"−{text}" if value < 0 else text


def _string(x: float, y: float, text: str, anchor: str = "start") -> String:
    return String(x, y, text, fontName=_FONT, fontSize=7, fillColor=colors.HexColor(TEXT), textAnchor=anchor)


def _short(text: str) -> str:
    """A label cut to what fits beside its bar, at a word."""
    if pdfmetrics.stringWidth(text, _FONT, 7) <= _LABEL:
        return text
    words = text.split()
    while len(words) > 1 and pdfmetrics.stringWidth(f"{' '.join(words)} …", _FONT, 7) > _LABEL:
        words.pop()
    return f"{' '.join(words)} …"


def _foot(page: Any, content: Content) -> None:
    """Provenance and page number at the foot of each page."""
    page.saveState()
    page.setFont(_FONT, 6)
    page.setFillColor(colors.HexColor(GREY))
    lines = [line for whole in content.provenance for line in _broken(whole)]
    for number, line in enumerate(lines):
        page.drawString(_MARGIN, _FOOT - 7.5 * number, line)
    page.drawRightString(A4[0] - _MARGIN, 6 * mm, f"{page.getPageNumber()} of 2")
    page.restoreState()


def _broken(text: str) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if pdfmetrics.stringWidth(f"{line} {word}", _FONT, 6) > _WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]

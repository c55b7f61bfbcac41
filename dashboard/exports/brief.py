"""A policy brief of two A4 pages, as PDF: findings, charts, costs, groups, limitations, and how to reproduce it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepInFrame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

from dashboard.exhibits.board import Board
from dashboard.exhibits.exhibit import Exhibit, Tiles
from dashboard.exports.brief_chart import BOLD, FONT, bars, curves_drawing, flow_drawing, use_fonts
from dashboard.exports.content import Content
from dashboard.exports.record import record_rows
from dashboard.figures.chart import Chart
from dashboard.figures.curves import Curves
from dashboard.figures.style import GREY, TEXT

_MARGIN: Final = 16 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN
_SMALL: Final = 6.0
_LINE: Final = 7.5
_TINY: Final = 2.0
_CHARTS: Final = (
    "outcomes",
    "years",
    "costs_cashable",
    "age_band_emergency_admissions",
    "deprivation_emergency_admissions",
    "costs_capacity",
)
"""Charts of the second page, as far as they exist and fit; the slides have all charts."""
_COLUMNS: Final = 4
_OWN_SIZE: Final = "At the plan's own size"
"""Said of what was run at that size only, where the board sees another."""
_RECORD: Final = ("Place", "Scenario hash", "Evidence hash", "Model version", "Created")


def write_brief(content: Content, path: Path) -> Path:
    """Write the brief on exactly two pages; a page that is too full is scaled down, never cut.

    Raises ValueError for several scenarios: a brief is about one.
    """
    if content.board is None:
        raise ValueError("A brief is about one scenario, and this content is of several.")
    use_fonts()
    file = io.BytesIO()
    document = BaseDocTemplate(
        file,
        pagesize=A4,
        title=content.title,
        subject=content.question,
        author="Relational offset policy simulator",
        keywords=content.line,
        lang="en-GB",
    )
    foot = simpleSplit(content.source, FONT, _SMALL, _WIDTH)
    bottom = _MARGIN * 0.6 + _LINE * len(foot) + 2 * mm
    height = A4[1] - _MARGIN - bottom
    frame = Frame(_MARGIN, bottom, _WIDTH, height, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate(frames=[frame], onPage=lambda page, _: _around(page, foot))])
    first = _fitted(_board_page(content, content.board), height)
    charts = [chart for name in _CHARTS for chart in content.charts if chart.name == name]
    while len(charts) > 1 and _height(_second_page(content, content.board, charts)) > height:
        charts.pop()
    document.build([first, PageBreak(), _fitted(_second_page(content, content.board, charts), height)])
    path.write_bytes(file.getvalue())
    return path


def _fitted(parts: list[Flowable], height: float) -> KeepInFrame:
    """A page, scaled down if necessary."""
    return KeepInFrame(content=parts, maxWidth=_WIDTH, maxHeight=height, mode="shrink")


def _height(parts: Sequence[Flowable]) -> float:
    height, after = 0.0, 0.0
    for part in parts:
        height += max(part.getSpaceBefore() - after, 0.0) + part.wrap(_WIDTH, A4[1] * 4)[1] + part.getSpaceAfter()
        after = part.getSpaceAfter()
    return height


def _board_page(content: Content, board: Board) -> list[Flowable]:
    """What a board sees: the plan as a picture, the answer, its size, and the advice."""
    heading, body = _style(9.2, BOLD, before=5, after=1), _style(8.2, after=1.5)
    figure = board.chart.figure
    advice = [Paragraph(escape(f"•  {said}"), body) for said in board.advice.why if said]
    return [
        Paragraph(escape(board.title), _style(9.5, BOLD, colour=GREY)),
        Paragraph(escape(board.answer), _style(12, BOLD, after=2)),
        Paragraph(escape(board.plan.title), heading),
        Paragraph(escape(board.plan.statistic), _style(7, colour=GREY, after=2)),
        _Unseen(board.plan.alternative),
        flow_drawing(board.plan.figure, _WIDTH),
        Paragraph(
            escape(f"{_OWN_SIZE}: {content.tiles.title}" if board.times != 1.0 else content.tiles.title), heading
        ),
        *_tiles(content.tiles),
        Paragraph(escape(board.chart.title), heading),
        Paragraph(escape(board.chart.statistic), _style(7, colour=GREY)),
        _Unseen(board.chart.alternative),
        curves_drawing(figure, _WIDTH) if isinstance(figure, Curves) else bars(figure, _WIDTH),
        Paragraph(escape(board.advice.heading), _style(11, BOLD, before=6, after=1.5)),
        *advice,
    ]


def _second_page(content: Content, board: Board, charts: Sequence[Exhibit[Chart]]) -> list[Flowable]:
    heading, small = _style(9.5, BOLD, before=5, after=1.5), _style(7.2, after=1.2)
    record = [f"{name}: {' / '.join(dict.fromkeys(cells))}" for name, *cells in record_rows(content) if name in _RECORD]
    lists = {
        "Assumptions of each lens": content.lenses,
        "Limitations": content.caveats,
        "Reproduce this": (*content.commands, *content.needed, f"Run record: {'; '.join(record)}."),
    }
    said: list[Flowable] = [Paragraph(_OWN_SIZE, heading)] if board.times != 1.0 else []
    said += [part for chart in charts for part in _exhibit(chart)]
    for title, points in lists.items():
        said.append(Paragraph(title, heading))
        said += [Paragraph(f"•  {escape(point)}", small) for point in points]
    return said


def _style(size: float, font: str = FONT, colour: str = TEXT, **space: float) -> ParagraphStyle:
    return ParagraphStyle(
        "text",
        fontName=font,
        fontSize=size,
        leading=size * 1.3,
        textColor=colors.HexColor(colour),
        spaceBefore=space.get("before", 0),
        spaceAfter=space.get("after", 0),
    )


def _tiles(exhibit: Exhibit[Tiles]) -> list[Flowable]:
    many = len(exhibit.figure.by_series()) > 1
    cells = [
        [
            Paragraph(escape(f"{tile.series}: {tile.label}" if many else tile.label), _style(7, BOLD)),
            Paragraph(escape(tile.number), _style(12, BOLD)),
            Paragraph(escape(tile.unit), _style(6.5, colour=GREY)),
            Paragraph(escape(tile.range), _style(6.5)),
            Paragraph(escape(tile.verdict), _style(6.5, BOLD)),
        ]
        for tile in exhibit.figure.tiles
    ]
    rows = [cells[begin : begin + _COLUMNS] for begin in range(0, len(cells), _COLUMNS)]
    table = Table(rows, colWidths=[_WIDTH / _COLUMNS] * _COLUMNS)
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), colors.HexColor("#F3F5F6")),
                ("INNERGRID", (0, 0), (-1, -1), 3, colors.white),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 6),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return [_Unseen(exhibit.alternative), table]


class _Unseen(Flowable):
    """Invisible text over a figure, for screen readers and for copying."""

    _ZEROSIZE = True  # otherwise ReportLab leaves out a flowable without size

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """No size."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Write the words in invisible ink."""
        text = self.canv.beginText(0, 0)
        text.setFont(FONT, _TINY)
        text.setTextRenderMode(3)
        for line in simpleSplit(self.words, FONT, _TINY, _WIDTH):
            text.textLine(line)
        self.canv.drawText(text)


def _exhibit(exhibit: Exhibit[Chart]) -> list[Flowable]:
    # All charts of a page have horizontal bars.
    axis = exhibit.figure.axis.replace("(below)", "(left)").replace("(above)", "(right)")
    statistic = f"{exhibit.statistic} {axis[0].upper()}{axis[1:]}."
    return [
        Paragraph(escape(exhibit.title), _style(9.2 if len(exhibit.title) < 150 else 8, BOLD, before=4)),
        Paragraph(escape(statistic), _style(7, colour=GREY)),
        _Unseen(exhibit.alternative),
        bars(exhibit.figure, _WIDTH),
    ]


def _around(page: Any, foot: Sequence[str]) -> None:
    """Page number at the top of each page, source at the foot."""
    page.saveState()
    page.setFont(FONT, _SMALL)
    page.setFillColor(colors.HexColor(GREY))
    page.drawRightString(A4[0] - _MARGIN, A4[1] - _MARGIN * 0.65, f"{page.getPageNumber()} of 2")
    for number, line in enumerate(foot, 1):
        page.drawString(_MARGIN, _MARGIN * 0.6 + _LINE * (len(foot) - number), line)
    page.restoreState()

"""PowerPoint slides with editable charts, 80 % ranges as error bars, and provenance on every slide."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pptx import Presentation
from pptx.util import Inches

from dashboard.exhibits.board import Board
from dashboard.exhibits.exhibit import Exhibit, Tile
from dashboard.exports.board_slides import add_board
from dashboard.exports.content import MANY_WORDS, Content
from dashboard.exports.record import RECORD_HEADS, record_rows
from dashboard.exports.slide_charts import add_chart, colour
from dashboard.exports.slide_parts import (
    FOOT,
    HEIGHT,
    INNER,
    MARGIN,
    WIDTH,
    Place,
    blank_slide,
    box,
    bullets,
    lines,
    size_of,
    text_box,
    text_run,
)
from dashboard.figures.chart import Chart
from dashboard.figures.style import GREY, NAVY, TEXT

_NOTE_SIZES: Final = ((220, 13), (330, 11))
_SMALLEST_NOTE: Final = 9
_BESIDE_TILES: Final = ((500, 15), (900, 12), (1300, 10))
"""Maximum length of findings below the tiles in characters, with their size; longer ones have a slide of their own."""
_LIST_SIZES: Final = ((700, 17), (1200, 15), (1900, 13))
_SMALLEST_LIST: Final = 11
_HIGHEST_TILE: Final = Inches(1.6)
_APPENDIX: Final = (
    "Everything that is shown of the plan at its own size, through each lens: every chart with its source, then the "
    "lenses, limitations, commands and run record."
)
_MOST_SAID: Final = 2
"""Columns up to which sentences are shown; with more, they are in the notes."""
_SHORT: Final = 200
"""Maximum length of a question above several rows of tiles, in characters."""
_BESIDE_RECORD: Final = 4
"""Maximum number of commands and requirements above the run record."""
_PROPERTY: Final = 255
"""Maximum length of a property of the file, in characters."""


def write_slides(content: Content, path: Path) -> Path:
    """Write the slides: three for a board, and in an appendix findings, charts, lenses, limitations and run record."""
    deck = _deck(content.title, content.question, content.commands[0])
    if content.board:
        add_board(deck, content.board)
        _appendix_slide(deck, content)
    _finding_slide(deck, content)
    for exhibit in content.charts:
        _chart_slide(deck, exhibit, content)
    if len(content.lenses) > 1:
        _list_slide(deck, "Assumptions of each lens", content.lenses, content)
    caveats = content.caveats if len(content.lenses) > 1 else (*content.lenses, *content.caveats)
    _list_slide(deck, "Limitations", caveats, content)
    _record_slide(deck, content)
    return _saved(deck, path)


def write_board(board: Board, path: Path) -> Path:
    """Write the three slides for a board alone, of results without runs of their own."""
    deck = _deck(board.title, board.plan.title, board.source)
    add_board(deck, board)
    return _saved(deck, path)


def _deck(title: str, subject: str, comments: str) -> Any:
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    properties = deck.core_properties
    properties.title, properties.subject, properties.comments = (one[:_PROPERTY] for one in (title, subject, comments))
    properties.author = "Relational offset policy simulator"
    return deck


def _saved(deck: Any, path: Path) -> Path:
    file = io.BytesIO()
    deck.save(file)
    path.write_bytes(file.getvalue())
    return path


def _appendix_slide(deck: Any, content: Content) -> None:
    """What follows, and at which size of the plan; its findings are in the notes."""
    slide = blank_slide(deck, "Appendix", content.source, above=content.title)
    text_box(slide, _APPENDIX, (MARGIN, Inches(1.3), INNER, Inches(1.5)), size=20)
    found = [content.tiles.title, *(exhibit.title for exhibit in content.charts)]
    slide.notes_slide.notes_text_frame.text = "\n".join((*found, content.line))


def _finding_slide(deck: Any, content: Content) -> None:
    slide = blank_slide(deck, content.tiles.title, content.source, above=content.title)
    many, short = len(content.headlines) >= MANY_WORDS, len(content.question) < _SHORT
    if short or not many:
        place = (MARGIN, Inches(1.25 if many else 1.35), INNER, Inches(0.35 if many else 0.6))
        text_box(slide, content.question, place, size=11 if many else 13, ink=GREY)
    top = Inches(1.6 if short else 1.4) if many else Inches(2.0)
    said = [f"{name}: {words}" if many else words for name, sentences in content.headlines for words in sentences]
    slide.notes_slide.notes_text_frame.text = "\n".join((content.question, *said, *_notes(content.tiles), content.line))
    shown = len(content.headlines) <= _MOST_SAID
    size = size_of(said, _BESIDE_TILES, 0) if shown else 0
    below = _tiles(slide, content, top, _HIGHEST_TILE if size else FOOT - top)
    if size:
        bullets(slide, said, (MARGIN, below, INNER, FOOT - below), size)
    elif shown:
        _list_slide(deck, "Findings", said, content)


def _tiles(slide: Any, content: Content, top: int, room: int) -> int:
    """One row of tiles per column in the ``room`` there is, named on its left if there are several.

    Returns where the rows end.
    """
    columns = content.tiles.figure.by_series()
    many, gap = len(columns) > 1, Inches(0.1)
    left = MARGIN + (Inches(1.6) if many else 0)
    height = min(_HIGHEST_TILE, max(Inches(1.15), room // len(columns) - gap))
    for row, (name, tiles) in enumerate(columns.items()):
        width = (WIDTH - MARGIN - left - (len(tiles) - 1) * gap) // len(tiles)
        y = top + row * (height + gap)
        if many:
            text_box(slide, name, (MARGIN, y, Inches(1.55), height), size=14, ink=NAVY)
        for number, tile in enumerate(tiles):
            place = (left + number * (width + gap), y, width, height)
            _tile(slide, tile, place, {1: 26, 2: 18}.get(len(columns), 14))
    return top + len(columns) * (height + gap) + Inches(0.05)


def _tile(slide: Any, tile: Tile, place: Place, size: int) -> None:
    small = 11 if size > 20 else 9
    said = (
        ((tile.label, small, True),),
        ((tile.number, size, True), (f"  {tile.unit}", small, False)),
        ((tile.range, small, False),),
        ((tile.verdict, small, True),),
    )
    lines(box(slide, place).text_frame, said)


def _chart_slide(deck: Any, exhibit: Exhibit[Chart], content: Content) -> None:
    slide = blank_slide(deck, exhibit.title, content.source)
    size = size_of((exhibit.statistic,), _NOTE_SIZES, _SMALLEST_NOTE)
    text_box(slide, exhibit.statistic, (MARGIN, Inches(1.25), INNER, Inches(0.55)), size=size, ink=GREY)
    add_chart(slide, exhibit, (MARGIN, Inches(1.8), INNER, FOOT - Inches(1.85)))
    slide.notes_slide.notes_text_frame.text = "\n".join((*_notes(exhibit), content.line))


def _notes(exhibit: Exhibit[Any]) -> tuple[str, str]:
    """Speaker notes, which are also the text alternative: the statistic, and every number."""
    return exhibit.statistic, exhibit.alternative


def _list_slide(deck: Any, title: str, points: Sequence[str], content: Content) -> None:
    slide = blank_slide(deck, title, content.source)
    place = (MARGIN, Inches(1.25), INNER, FOOT - Inches(1.3))
    bullets(slide, points, place, size_of(points, _LIST_SIZES, _SMALLEST_LIST))


def _record_slide(deck: Any, content: Content) -> None:
    """The commands, their requirements, and a table of the run record, on the same slide if it fits."""
    points = (*content.commands, *content.needed)
    if len(points) > _BESIDE_RECORD:
        _list_slide(deck, "Reproduce this", points, content)
        points = ()
    slide = blank_slide(deck, "Reproduce this" if points else "Run record", content.source)
    bullets(slide, points, (MARGIN, Inches(1.0), INNER, Inches(0.3) * len(points)), 14)
    rows = [RECORD_HEADS, *record_rows(content)]
    top = Inches(1.15) + Inches(0.36) * len(points)
    place = (MARGIN, top, INNER, Inches(0.26) * len(rows))
    table = slide.shapes.add_table(len(rows), len(RECORD_HEADS), *place).table
    for number, share in enumerate((0.18, 0.41, 0.41)):
        table.columns[number].width = int(INNER * share)
    for row, cells in enumerate(rows):
        for number, text in enumerate(cells):
            cell = table.cell(row, number)
            cell.margin_top = cell.margin_bottom = Inches(0.01)
            cell.fill.solid()
            cell.fill.fore_color.rgb = colour("E6EBEF" if row == 0 else "FFFFFF")
            text_run(cell.text_frame.paragraphs[0], text, 9, TEXT, bold=row == 0 or number == 0)

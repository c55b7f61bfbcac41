"""PowerPoint slides with editable charts, 80 % ranges as error bars, and provenance on every slide."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from dashboard.exhibits.exhibit import Exhibit, Tile
from dashboard.exports.content import MANY_WORDS, MOST_SAID, Content
from dashboard.exports.record import RECORD_HEADS, record_rows
from dashboard.exports.slide_charts import add_chart, colour
from dashboard.figures.chart import Chart
from dashboard.figures.style import GREY, LINE, NAVY, TEXT

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN: Final = Inches(0.6)
_INNER: Final = WIDTH - 2 * MARGIN
_FOOT: Final = Inches(6.8)
_TITLE_SIZES: Final = ((90, 24), (170, 19), (260, 16))
"""Maximum length of a title in characters, with its size in points; longer titles are smaller still."""
_SMALLEST_TITLE: Final = 13
_NOTE_SIZES: Final = ((220, 13), (330, 11))
_SMALLEST_NOTE: Final = 9
_BESIDE_TILES: Final = ((500, 15), (900, 12), (1300, 10))
"""Maximum length of findings below the tiles in characters, with their size; longer ones have a slide of their own."""
_FOOT_SIZES: Final = ((800, 8), (1100, 7))
_SMALLEST_FOOT: Final = 6
_LIST_SIZES: Final = ((700, 17), (1200, 15), (1900, 13))
_SMALLEST_LIST: Final = 11
_SIGN: Final = re.compile(r"[−+](?=£?\d)")
"""A sign before a number, after which a line may not break."""
_SHORT: Final = 200
"""Maximum length of a question above several rows of tiles, in characters."""
_BESIDE_RECORD: Final = 4
"""Maximum number of commands and requirements above the run record."""
_PROPERTY: Final = 255
"""Maximum length of a property of the file, in characters."""


def write_slides(content: Content, path: Path) -> Path:
    """Write the slides: findings, one slide per chart, lenses, limitations, commands, and the run record."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    properties = deck.core_properties
    properties.title, properties.subject = content.title[:_PROPERTY], content.question[:_PROPERTY]
    properties.author, properties.comments = "Relational offset policy simulator", content.commands[0][:_PROPERTY]
    _finding_slide(deck, content)
    for exhibit in content.charts:
        _chart_slide(deck, exhibit, content)
    if len(content.lenses) > 1:
        _list_slide(deck, "Assumptions of each lens", content.lenses, content)
    caveats = content.caveats if len(content.lenses) > 1 else (*content.lenses, *content.caveats)
    _list_slide(deck, "Limitations", caveats, content)
    _record_slide(deck, content)
    file = io.BytesIO()
    deck.save(file)
    path.write_bytes(file.getvalue())
    return path


def _finding_slide(deck: Any, content: Content) -> None:
    slide = _slide(deck, content.tiles.title, content, above=content.title)
    many, short = len(content.headlines) >= MANY_WORDS, len(content.question) < _SHORT
    if short or not many:
        place = (MARGIN, Inches(1.25 if many else 1.35), _INNER, Inches(0.35 if many else 0.6))
        _text(slide, content.question, place, size=11 if many else 13, ink=GREY)
    below = _tiles(slide, content, Inches(1.6 if short else 1.4) if many else Inches(2.0))
    said = [f"{name}: {words}" if many else words for name, sentences in content.headlines for words in sentences]
    slide.notes_slide.notes_text_frame.text = "\n".join((content.question, *said, *_notes(content.tiles), content.line))
    if len(content.headlines) > MOST_SAID:
        return
    if size := _size(said, _BESIDE_TILES, 0):
        _bullets(slide, said, below, _FOOT - below, size)
    else:
        _list_slide(deck, "Findings", said, content)


def _tiles(slide: Any, content: Content, top: int) -> int:
    """One row of tiles per column, named on its left if there are several; return where the rows end."""
    columns = content.tiles.figure.by_series()
    many, gap = len(columns) > 1, Inches(0.1)
    left = MARGIN + (Inches(1.6) if many else 0)
    height = {1: Inches(1.6)}.get(len(columns), Inches(1.15))
    for row, (name, tiles) in enumerate(columns.items()):
        width = (WIDTH - MARGIN - left - (len(tiles) - 1) * gap) // len(tiles)
        y = top + row * (height + gap)
        if many:
            _text(slide, name, (MARGIN, y, Inches(1.55), height), size=14, ink=NAVY)
        for number, tile in enumerate(tiles):
            place = (left + number * (width + gap), y, width, height)
            _tile(slide, tile, place, {1: 26, 2: 18}.get(len(columns), 14))
    return top + len(columns) * (height + gap) + Inches(0.05)


def _tile(slide: Any, tile: Tile, place: tuple[int, int, int, int], size: int) -> None:
    box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *place)
    box.fill.solid()
    box.fill.fore_color.rgb = colour("F3F5F6")
    box.line.color.rgb = colour(LINE)
    box.shadow.inherit = False
    frame = box.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_top = frame.margin_bottom = Inches(0.03)
    small = 11 if size > 20 else 9
    for number, line in enumerate(
        (
            ((tile.label, small, True),),
            ((tile.number, size, True), (f"  {tile.unit}", small, False)),
            ((tile.range, small, False),),
            ((tile.verdict, small, True),),
        )
    ):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        for text, points, bold in line:
            _run(paragraph, text, points, TEXT, bold=bold)


def _chart_slide(deck: Any, exhibit: Exhibit[Chart], content: Content) -> None:
    slide = _slide(deck, exhibit.title, content)
    size = _size((exhibit.statistic,), _NOTE_SIZES, _SMALLEST_NOTE)
    _text(slide, exhibit.statistic, (MARGIN, Inches(1.25), _INNER, Inches(0.55)), size=size, ink=GREY)
    add_chart(slide, exhibit, (MARGIN, Inches(1.8), _INNER, _FOOT - Inches(1.85)))
    slide.notes_slide.notes_text_frame.text = "\n".join((*_notes(exhibit), content.line))


def _notes(exhibit: Exhibit[Any]) -> tuple[str, str]:
    """Speaker notes, which are also the text alternative: the statistic, and every number."""
    return exhibit.statistic, exhibit.alternative


def _list_slide(deck: Any, title: str, points: Sequence[str], content: Content) -> None:
    slide = _slide(deck, title, content)
    _bullets(slide, points, Inches(1.25), _FOOT - Inches(1.3), _size(points, _LIST_SIZES, _SMALLEST_LIST))


def _record_slide(deck: Any, content: Content) -> None:
    """The commands, their requirements, and a table of the run record, on the same slide if it fits."""
    points = (*content.commands, *content.needed)
    if len(points) > _BESIDE_RECORD:
        _list_slide(deck, "Reproduce this", points, content)
        points = ()
    slide = _slide(deck, "Reproduce this" if points else "Run record", content)
    _bullets(slide, points, Inches(1.0), Inches(0.3) * len(points), 14)
    rows = [RECORD_HEADS, *record_rows(content)]
    top = Inches(1.15) + Inches(0.36) * len(points)
    place = (MARGIN, top, _INNER, Inches(0.26) * len(rows))
    table = slide.shapes.add_table(len(rows), len(RECORD_HEADS), *place).table
    for number, share in enumerate((0.18, 0.41, 0.41)):
        table.columns[number].width = int(_INNER * share)
    for row, cells in enumerate(rows):
        for number, text in enumerate(cells):
            cell = table.cell(row, number)
            cell.margin_top = cell.margin_bottom = Inches(0.01)
            cell.fill.solid()
            cell.fill.fore_color.rgb = colour("E6EBEF" if row == 0 else "FFFFFF")
            _run(cell.text_frame.paragraphs[0], text, 9, TEXT, bold=row == 0 or number == 0)


def _slide(deck: Any, title: str, content: Content, above: str = "") -> Any:
    """A blank slide with the title at the top (and a line ``above`` it), and the provenance at the foot."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # title only
    shape = slide.shapes.title
    top = Inches(0.5) if above else Inches(0.3)
    shape.left, shape.top, shape.width, shape.height = MARGIN, top, _INNER, Inches(0.9)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = 0
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    _run(frame.paragraphs[0], title, _size((title,), _TITLE_SIZES, _SMALLEST_TITLE), TEXT, bold=True)
    if above:
        _text(slide, above, (MARGIN, Inches(0.2), _INNER, Inches(0.35)), size=14, ink=NAVY)
    size = _size((content.source,), _FOOT_SIZES, _SMALLEST_FOOT)
    _text(slide, content.source, (MARGIN, _FOOT, _INNER, Inches(0.6)), size=size, ink=GREY)
    return slide


def _text(slide: Any, text: str, place: tuple[int, int, int, int], *, size: int, ink: str) -> None:
    frame = slide.shapes.add_textbox(*place).text_frame
    frame.word_wrap = True
    frame.margin_left = 0
    for number, line in enumerate(text.split("\n")):
        _run(frame.paragraphs[0] if number == 0 else frame.add_paragraph(), line, size, ink)


def _bullets(slide: Any, points: Sequence[str], top: int, height: int, size: int) -> None:
    frame = slide.shapes.add_textbox(MARGIN, top, _INNER, height).text_frame
    frame.word_wrap = True
    frame.margin_left = 0
    for number, point in enumerate(points):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size / 3)
        _run(paragraph, f"•  {point}", size, TEXT)


def _run(paragraph: Any, text: str, size: int, ink: str, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = _SIGN.sub("\\g<0>\u2060", text)
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = colour(ink)


def _size(texts: Sequence[str], sizes: Sequence[tuple[int, int]], smallest: int) -> int:
    """The size of a text by its number of characters.

    >>> _size(("short",), _TITLE_SIZES, 13), _size(("x" * 400,), _TITLE_SIZES, 13)
    (24, 13)
    """
    letters = sum(map(len, texts))
    return next((size for most, size in sizes if letters <= most), smallest)

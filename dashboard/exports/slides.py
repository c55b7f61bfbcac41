"""Slides: PowerPoint with native charts that can be edited, 80 % ranges as error bars, provenance on every slide."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

import numpy as np
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_AXIS_CROSSES, XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from dashboard.exports.content import Chart, Content, Tile
from dashboard.figures.style import GREY, LINE, NAVY, ORANGE, PURPLE, TEXT, TURQUOISE

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN: Final = Inches(0.6)
COLOURS: Final = (NAVY, TURQUOISE, PURPLE, ORANGE)
_ACROSS: Final = ("years",)
"""Charts whose categories run along the horizontal axis; the others are bars beside long names."""
_LONG_TITLE: Final = 90
_NAMESPACE: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def write_slides(content: Content, path: Path) -> Path:
    """Write the slides: the finding, a slide a chart, limits, and how to run it again."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.core_properties.title = content.title
    deck.core_properties.subject = content.question
    deck.core_properties.author = "Relational offset policy simulator"
    _finding_slide(deck, content)
    for chart in content.charts:
        _chart_slide(deck, chart, content)
    _list_slide(deck, "What this cannot tell you", content.caveats, content)
    _list_slide(deck, "Reproduce this", (*content.commands, *content.provenance), content)
    file = io.BytesIO()
    deck.save(file)
    path.write_bytes(file.getvalue())
    return path


def _finding_slide(deck: Any, content: Content) -> None:
    slide = _slide(deck, content.title, content)
    _text(slide, content.question, MARGIN, Inches(1.05), WIDTH - 2 * MARGIN, Inches(0.9), size=14, colour=GREY)
    below = _tiles(slide, content, Inches(1.95))
    many = len(content.headlines) > 1
    sentences = [
        f"{reading}: {sentence}" if many else sentence
        for reading, said in content.headlines
        for sentence in said[: 2 if many else 4]
    ]
    _bullets(slide, sentences, below, Inches(6.75) - below, 12 if many else 15)


def _tiles(slide: Any, content: Content, top: int) -> int:
    """A row of tiles a reading, named at its left if there are several; returns where the rows end."""
    readings = list(dict.fromkeys(tile.reading for tile in content.tiles))
    many, gap = len(readings) > 1, Inches(0.15)
    left = MARGIN + (Inches(1.5) if many else 0)
    height = Inches(1.28 if many else 1.6)
    for row, reading in enumerate(readings):
        tiles = [tile for tile in content.tiles if tile.reading == reading]
        width = (WIDTH - MARGIN - left - (len(tiles) - 1) * gap) // len(tiles)
        y = top + row * (height + gap)
        if many:
            _text(slide, reading, MARGIN, y, Inches(1.4), height, size=15, colour=NAVY)
        for column, tile in enumerate(tiles):
            _tile(slide, tile, (left + column * (width + gap), y, width, height), 20 if many else 26)
    return top + len(readings) * (height + gap) + Inches(0.05)


def _tile(slide: Any, tile: Tile, place: tuple[int, int, int, int], size: int) -> None:
    box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *place)
    box.fill.solid()
    box.fill.fore_color.rgb = RGBColor.from_string("F3F5F6")
    box.line.color.rgb = _colour(LINE)
    box.shadow.inherit = False
    frame = box.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    lines = (
        (tile.label, 11, True),
        (tile.number, size, True),
        (tile.unit, 10, False),
        (f"80 % of runs: {tile.range}", 10, False),
        (tile.verdict, 10, True),
    )
    for number, (text, points, bold) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        _run(paragraph, text, points, TEXT, bold=bold)


def _chart_slide(deck: Any, chart: Chart, content: Content) -> None:
    slide = _slide(deck, chart.title, content)
    _text(slide, chart.statistic, MARGIN, Inches(1.3), WIDTH - 2 * MARGIN, Inches(0.4), size=14, colour=GREY)
    data = CategoryChartData(number_format="#,##0.0")
    across = chart.name in _ACROSS
    data.categories = chart.categories
    for series in chart.series:
        data.add_series(series.name, [None if np.isnan(value) else value for value in series.values])
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if across else XL_CHART_TYPE.BAR_CLUSTERED
    place = (MARGIN, Inches(1.75), WIDTH - 2 * MARGIN, Inches(4.9))
    frame = slide.shapes.add_chart(kind, *place, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", chart.alternative())
    frame.name = chart.name
    drawn = frame.chart
    drawn.has_title = False
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        drawn.legend.font.size = Pt(13)
    drawn.font.size, drawn.font.color.rgb = Pt(12), _colour(TEXT)
    axis = drawn.category_axis
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = _colour(TEXT)
    axis.has_major_gridlines = False
    if not across:  # the first category on top, the scale below
        axis.reverse_order = True
        drawn.value_axis.crosses = XL_AXIS_CROSSES.MAXIMUM
    values = drawn.value_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = chart.scale()
    values.has_title = True
    values.axis_title.text_frame.text = chart.axis
    values.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(12)
    values.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False
    values.major_gridlines.format.line.color.rgb = _colour(LINE)
    values.format.line.fill.background()
    drawn.plots[0].gap_width = 60
    for colour, series, numbers in zip(COLOURS, drawn.plots[0].series, chart.series, strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _colour(colour)
        series.invert_if_negative = False
        more = [_length(high, value) for value, high in zip(numbers.values, numbers.high, strict=True)]
        less = [_length(value, low) for value, low in zip(numbers.values, numbers.low, strict=True)]
        _add_error_bars(series._element, more, less)


def _list_slide(deck: Any, title: str, points: tuple[str, ...], content: Content) -> None:
    slide = _slide(deck, title, content)
    longest = sum(map(len, points))
    _bullets(slide, points, Inches(1.4), Inches(5.2), 16 if longest < 900 else 14)


def _slide(deck: Any, title: str, content: Content) -> Any:
    """A blank slide with the title on top and the provenance at the foot."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # title only
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = MARGIN, Inches(0.35), WIDTH - 2 * MARGIN, Inches(0.9)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = 0
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    _run(frame.paragraphs[0], title, 24 if len(title) <= _LONG_TITLE else 18, TEXT, bold=True)
    size = 8 if len(content.provenance) == 1 else 7
    _text(
        slide,
        "\n".join(content.provenance),
        MARGIN,
        Inches(6.85),
        WIDTH - 2 * MARGIN,
        Inches(0.5),
        size=size,
        colour=GREY,
    )
    return slide


def _text(slide: Any, text: str, left: int, top: int, width: int, height: int, **look: Any) -> None:
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    frame.word_wrap = True
    frame.margin_left = 0
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        _run(paragraph, line, look["size"], look["colour"])


def _bullets(slide: Any, points: Any, top: int, height: int, size: int) -> None:
    frame = slide.shapes.add_textbox(MARGIN, top, WIDTH - 2 * MARGIN, height).text_frame
    frame.word_wrap = True
    frame.margin_left = 0
    for number, point in enumerate(points):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(6)
        _run(paragraph, f"•  {point}", size, TEXT)


def _run(paragraph: Any, text: str, size: int, colour: str, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = _colour(colour)


def _colour(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#"))


def _length(end: float, begin: float) -> float:
    """Length of an error bar; nothing where there is no number."""
    length = end - begin
    return 0.0 if np.isnan(length) else max(0.0, length)


def _add_error_bars(series: Any, more: list[float], less: list[float]) -> None:
    """Custom error bars of a bar series. The schema wants them after the labels and before the categories."""
    bars = etree.SubElement(series, qn("c:errBars"))
    _value(bars, "errBarType", "both")
    _value(bars, "errValType", "cust")
    _value(bars, "noEndCap", "0")
    for name, lengths in (("plus", more), ("minus", less)):
        literal = etree.SubElement(etree.SubElement(bars, qn(f"c:{name}")), qn("c:numLit"))
        etree.SubElement(literal, qn("c:formatCode")).text = "General"
        _value(literal, "ptCount", str(len(lengths)))
        for index, length in enumerate(lengths):
            point = etree.SubElement(literal, qn("c:pt"), idx=str(index))
            etree.SubElement(point, qn("c:v")).text = repr(float(length))
    look = etree.SubElement(bars, qn("c:spPr"))
    line = etree.SubElement(look, qn("a:ln"), w="15875")
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=TEXT.removeprefix("#"))
    series.find(qn("c:cat")).addprevious(bars)


def _value(parent: Any, name: str, value: str) -> None:
    etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", val=value)

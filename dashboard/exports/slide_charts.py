"""Native PowerPoint charts: bars with custom error bars and a workbook that contains the ranges, and curves."""

from __future__ import annotations

import io
import math
from typing import Any, Final

import xlsxwriter
from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboard.exhibits.exhibit import Exhibit
from dashboard.exports.chart_numbers import FORMAT, LESS, MORE, cells, drawn_length, end_column, write_numbers
from dashboard.figures.chart import Chart, round_scale
from dashboard.figures.curves import Curves
from dashboard.figures.style import LINE, NAVY, TEXT, pale, series_colour

_SHEET: Final = "Sheet1"
"""Name that python-pptx gives the sheet to which its charts refer."""


def add_chart(slide: Any, exhibit: Exhibit[Chart], place: tuple[int, int, int, int]) -> None:
    """Put the chart of an exhibit on a slide; ``place`` is left, top, width and height."""
    chart = exhibit.figure
    data = CategoryChartData(number_format=FORMAT)
    data.categories = chart.labels()
    for series in chart.series:
        data.add_series(series.name, [None if math.isnan(value) else value for value in series.values])
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if chart.across else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *place, data)
    frame.name = exhibit.name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", exhibit.alternative)
    drawn = frame.chart
    drawn.has_title = False
    drawn.font.size, drawn.font.color.rgb = Pt(12), colour(TEXT)
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        drawn.legend.font.size = Pt(13)
    _axes(drawn, chart)
    drawn.plots[0].gap_width = 60
    for number, bars in enumerate(drawn.plots[0].series):
        own = series_colour(chart.series[number].name, number)
        bars.format.fill.solid()
        bars.format.fill.fore_color.rgb = colour(pale(own))
        bars.format.line.color.rgb = colour(own)
        bars.format.line.width = Pt(1.25)
        bars.invert_if_negative = False
        _add_error_bars(bars._element, chart, number)
    drawn.part.chart_workbook.update_from_xlsx_blob(_workbook(chart))


def add_curves(slide: Any, exhibit: Exhibit[Curves], place: tuple[int, int, int, int]) -> None:
    """Put the curves of an exhibit on a slide: thick lines, thin ones at the ends of their ranges, and where one is."""
    shown, data = exhibit.figure, XyChartData(number_format=FORMAT)
    looks: list[tuple[str, float, str, bool]] = []  # colour, width in points, mark, whether in the legend

    def add(name: str, x: Any, y: Any, *look: Any) -> None:
        points = data.add_series(name)
        for at, height in zip(x, y, strict=True):
            if not math.isnan(height):
                points.add_data_point(at, height)
        looks.append(look)

    for number, one in enumerate(shown.curves):
        ink = one.colour or series_colour(one.of or one.name, number)
        marked = one.line == "none"
        add(one.name, one.x, one.y, ink, 0.0 if marked else 2.5, "circle" if marked else "none", not marked)
        for end, heights in (("lower", one.low), ("upper", one.high)):
            if heights and not all(map(math.isnan, heights)):
                add(f"{one.name}: {end}", one.x, heights, pale(ink), 1.0, "none", False)
    low, high, step = round_scale([end for one in shown.curves for end in one.ends()])
    if shown.here is not None:
        add("You are here", (shown.here, shown.here), (low, high), NAVY, 1.5, "none", True)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, *place, data)
    frame.name = exhibit.name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", exhibit.alternative)
    drawn = frame.chart
    drawn.has_title, drawn.has_legend = False, True
    drawn.font.size, drawn.font.color.rgb = Pt(12), colour(TEXT)
    drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    for number, (series, (ink, width, mark, _)) in enumerate(zip(drawn.plots[0].series, looks, strict=True)):
        series.smooth = False
        series.marker.style = XL_MARKER_STYLE.CIRCLE if mark == "circle" else XL_MARKER_STYLE.NONE
        if mark == "circle":
            series.marker.size = 7
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = colour("#FFFFFF")
            series.marker.format.line.color.rgb = colour(ink)
        if width:
            series.format.line.color.rgb, series.format.line.width = colour(ink), Pt(width)
        else:
            series.format.line.fill.background()
        if number == len(looks) - 1 and shown.here is not None:
            series.format.line.dash_style = MSO_LINE.ROUND_DOT
    _hide(drawn.legend, [number for number, (*_, named) in enumerate(looks) if not named])
    across, up = drawn.category_axis, drawn.value_axis
    across.has_major_gridlines = False
    across.minimum_scale, across.maximum_scale = 0.0, max(float(x) for one in shown.curves for x in one.x)
    across.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    up.minimum_scale, up.maximum_scale, up.major_unit = low, high, step
    up.major_gridlines.format.line.color.rgb = colour(LINE)
    for axis, title in ((across, shown.x_title), (up, shown.y_title)):
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "#,##0.##;−#,##0.##", False
        _titled(axis, title)


def _hide(legend: Any, numbers: list[int]) -> None:
    """Leave series out of a legend; the schema requires the entries after its position."""
    for number in reversed(numbers):
        entry = etree.Element(qn("c:legendEntry"))
        _value(entry, "idx", str(number))
        _value(entry, "delete", "1")
        legend._element.find(qn("c:legendPos")).addnext(entry)


def _titled(axis: Any, title: str) -> None:
    axis.has_title = True
    axis.axis_title.text_frame.text = title
    font = axis.axis_title.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(12), False


def colour(text: str) -> RGBColor:
    """A colour in PowerPoint's format."""
    found: RGBColor = RGBColor.from_string(text.removeprefix("#"))
    return found


def _axes(drawn: Any, chart: Chart) -> None:
    names, values = drawn.category_axis, drawn.value_axis
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = colour(TEXT)
    names.has_major_gridlines = False
    if not chart.across:  # the first category at the top, and the numbers of the scale at the bottom
        names.reverse_order = True
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    values.minimum_scale, values.maximum_scale, values.major_unit = chart.scale()
    _titled(values, chart.axis)
    values.major_gridlines.format.line.color.rgb = colour(LINE)
    values.format.line.fill.background()


def _workbook(chart: Chart) -> bytes:
    """The workbook that opens with 'Edit data'."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_SHEET)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, end_column(chart, len(chart.series)), 18)
        write_numbers(book, sheet, chart)
    return file.getvalue()


def _add_error_bars(bars: Any, chart: Chart, number: int) -> None:
    """Custom error bars of a series that refer to the workbook.

    The schema requires them before the categories. PowerPoint draws a negative length, where the mean lies outside
    the middle 80 %, towards the other end.
    """
    series = chart.series[number]
    if not series.ranged:
        return
    added = etree.SubElement(bars, qn("c:errBars"))
    _value(added, "errBarType", "both")
    _value(added, "errValType", "cust")
    _value(added, "noEndCap", "0")
    less, more = series.lengths()
    for name, lengths, end in (("plus", more, MORE), ("minus", less, LESS)):
        reference = etree.SubElement(etree.SubElement(added, qn(f"c:{name}")), qn("c:numRef"))
        etree.SubElement(reference, qn("c:f")).text = f"{_SHEET}!{cells(chart, end_column(chart, number, end))}"
        cache = etree.SubElement(reference, qn("c:numCache"))
        etree.SubElement(cache, qn("c:formatCode")).text = "General"
        _value(cache, "ptCount", str(len(lengths)))
        for index, length in enumerate(lengths):
            point = etree.SubElement(cache, qn("c:pt"), idx=str(index))
            etree.SubElement(point, qn("c:v")).text = repr(float(drawn_length(length)))
    line = etree.SubElement(etree.SubElement(added, qn("c:spPr")), qn("a:ln"), w="15875")
    etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"), val=TEXT.removeprefix("#"))
    bars.find(qn("c:cat")).addprevious(added)


def _value(parent: Any, name: str, value: str) -> None:
    etree.SubElement(parent, qn(f"c:{name}"), val=value)

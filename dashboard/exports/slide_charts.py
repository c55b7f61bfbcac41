"""Native PowerPoint charts: bars with custom error bars, over an embedded workbook that holds every range as well."""

from __future__ import annotations

import io
import math
from typing import Any, Final

import xlsxwriter
from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.oxml.ns import qn
from pptx.util import Pt
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from dashboard.exports.chart_data import COLOURS, Chart, Series, pale
from dashboard.figures.style import LINE, TEXT

_SHEET: Final = "Sheet1"
"""The name that python-pptx gives the sheet to which its charts refer."""
_ENDS: Final = ("lower", "upper", "to lower", "to upper")
"""Columns of the workbook for each series, right of the values: the range, and the lengths of its error bars."""


def add_chart(slide: Any, chart: Chart, place: tuple[int, int, int, int]) -> None:
    """Put a chart on a slide; ``place`` is left, top, width and height."""
    shown = chart.shown()
    data = CategoryChartData(number_format="#,##0.0##")
    data.categories = shown.categories
    for series in shown.series:
        data.add_series(series.name, [None if math.isnan(value) else value for value in series.values])
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if chart.across else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *place, data)
    frame.name = chart.name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", chart.alternative())
    drawn = frame.chart
    drawn.has_title = False
    drawn.font.size, drawn.font.color.rgb = Pt(12), colour(TEXT)
    drawn.has_legend = len(shown.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        drawn.legend.font.size = Pt(13)
    _axes(drawn, chart)
    drawn.plots[0].gap_width = 60
    for number, (series, bars) in enumerate(zip(shown.series, drawn.plots[0].series, strict=True)):
        bars.format.fill.solid()
        bars.format.fill.fore_color.rgb = colour(pale(COLOURS[number]))
        bars.format.line.color.rgb = colour(COLOURS[number])
        bars.format.line.width = Pt(1.25)
        bars.invert_if_negative = False
        _add_error_bars(bars._element, series, _first_end(shown, number))
    drawn.part.chart_workbook.update_from_xlsx_blob(_workbook(shown))


def colour(text: str) -> RGBColor:
    """A colour as PowerPoint takes it."""
    found: RGBColor = RGBColor.from_string(text.removeprefix("#"))
    return found


def _axes(drawn: Any, chart: Chart) -> None:
    names, values = drawn.category_axis, drawn.value_axis
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = colour(TEXT)
    names.has_major_gridlines = False
    if not chart.across:  # the first category on top, and the numbers of the scale at the far end, which is below
        names.reverse_order = True
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    values.minimum_scale, values.maximum_scale, values.major_unit = chart.scale()
    values.has_title = True
    values.axis_title.text_frame.text = chart.axis
    title = values.axis_title.text_frame.paragraphs[0].runs[0].font
    title.size, title.bold = Pt(12), False
    values.major_gridlines.format.line.color.rgb = colour(LINE)
    values.format.line.fill.background()


def _first_end(chart: Chart, number: int) -> int:
    """Column in which the range of a series begins."""
    return 1 + len(chart.series) + number * len(_ENDS)


def _workbook(chart: Chart) -> bytes:
    """What opens with 'Edit data': categories, values, ranges, and formulas for the lengths of the error bars."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_SHEET)
        look = book.add_format({"num_format": "#,##0.0##"})
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, len(chart.series) * (1 + len(_ENDS)), 18)
        for row, name in enumerate(chart.categories, 1):
            sheet.write_string(row, 0, name)
        for number, series in enumerate(chart.series):
            begin = _first_end(chart, number)
            sheet.write_string(0, 1 + number, series.name)
            for offset, end in enumerate(_ENDS):
                sheet.write_string(0, begin + offset, f"{series.name}: {end}")
            ranges = zip(series.values, series.low, series.high, *_lengths(series), strict=True)
            for row, (value, low, high, less, more) in enumerate(ranges, 1):
                for column, cell in ((1 + number, value), (begin, low), (begin + 1, high)):
                    if not math.isnan(cell):
                        sheet.write_number(row, column, cell, look)
                middle, ends = xl_rowcol_to_cell(row, 1 + number), [xl_rowcol_to_cell(row, begin + k) for k in (0, 1)]
                sheet.write_formula(row, begin + 2, f'=IF({ends[0]}="",0,{middle}-{ends[0]})', look, less)
                sheet.write_formula(row, begin + 3, f'=IF({ends[1]}="",0,{ends[1]}-{middle})', look, more)
    return file.getvalue()


def _lengths(series: Series) -> tuple[list[float], list[float]]:
    """Lengths of the error bars to the lower and the upper end; nothing where there is no range."""
    less = [_length(value, low) for value, low in zip(series.values, series.low, strict=True)]
    more = [_length(high, value) for value, high in zip(series.values, series.high, strict=True)]
    return less, more


def _length(end: float, begin: float) -> float:
    length = end - begin
    return 0.0 if math.isnan(length) else length


def _add_error_bars(bars: Any, series: Series, column: int) -> None:
    """Custom error bars that refer to the workbook, ``column`` being where the range begins.

    The schema wants them before the categories. A length below zero, where the mean lies outside the middle 80 %, is
    drawn as PowerPoint draws it: back towards the other end.
    """
    if all(math.isnan(low) for low in series.low):
        return
    added = etree.SubElement(bars, qn("c:errBars"))
    _value(added, "errBarType", "both")
    _value(added, "errValType", "cust")
    _value(added, "noEndCap", "0")
    less, more = _lengths(series)
    for name, lengths, offset in (("plus", more, 3), ("minus", less, 2)):
        reference = etree.SubElement(etree.SubElement(added, qn(f"c:{name}")), qn("c:numRef"))
        cells = xl_range_abs(1, column + offset, len(lengths), column + offset)
        etree.SubElement(reference, qn("c:f")).text = f"{_SHEET}!{cells}"
        cache = etree.SubElement(reference, qn("c:numCache"))
        etree.SubElement(cache, qn("c:formatCode")).text = "General"
        _value(cache, "ptCount", str(len(lengths)))
        for index, length in enumerate(lengths):
            point = etree.SubElement(cache, qn("c:pt"), idx=str(index))
            etree.SubElement(point, qn("c:v")).text = repr(float(length))
    line = etree.SubElement(etree.SubElement(added, qn("c:spPr")), qn("a:ln"), w="15875")
    etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"), val=TEXT.removeprefix("#"))
    bars.find(qn("c:cat")).addprevious(added)


def _value(parent: Any, name: str, value: str) -> None:
    etree.SubElement(parent, qn(f"c:{name}"), val=value)

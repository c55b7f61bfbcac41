"""The numbers of a chart as cells of a sheet, for native charts with ranges as error bars."""

from __future__ import annotations

import math
from typing import Any, Final

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from dashboard.exhibits.exhibit import Exhibit
from dashboard.figures.chart import Chart
from dashboard.figures.style import LINE, TEXT, pale, series_colour

FORMAT: Final = "#,##0.0##"
ENDS: Final = ("lower", "upper", "to lower", "to upper")
"""Columns for each series, to the right of the values: the range, and the lengths of its error bars."""
LESS, MORE = 2, 3
"""Positions of the lengths in `ENDS`."""
_ROW: Final = 20
"""Height of a row of a sheet, in pixels."""
_HEADS: Final = 45.0
"""Height of the row of heads in points, for names of series of up to three lines."""


def end_column(chart: Chart, number: int, end: int = 0) -> int:
    """Column of one of the `ENDS` of a series."""
    return 1 + len(chart.series) + number * len(ENDS) + end


def cells(chart: Chart, column: int, top: int = 0) -> str:
    """The reference of a chart to a column of numbers under heads in row ``top``, such as ``$B$2:$B$8``."""
    found: str = xl_range_abs(top + 1, column, top + len(chart.categories), column)
    return found


def write_numbers(book: Any, sheet: Any, chart: Chart, top: int = 0) -> None:
    """Categories, values, ranges, and formulas for the lengths, below heads in row ``top``."""
    look, head = book.add_format({"num_format": FORMAT}), book.add_format({"bold": True, "text_wrap": True})
    sheet.set_row(top, _HEADS)
    for row, name in enumerate(chart.labels(), top + 1):
        sheet.write_string(row, 0, name)
    for number, series in enumerate(chart.series):
        begin = end_column(chart, number)
        sheet.write_string(top, 1 + number, series.name, head)
        for offset, end in enumerate(ENDS):
            sheet.write_string(top, begin + offset, f"{series.name}: {end}", head)
        for row, numbers in enumerate(zip(series.values, series.low, series.high, *series.lengths(), strict=True)):
            columns, at = (1 + number, begin, begin + 1), top + 1 + row
            for column, cell in zip(columns, numbers, strict=False):
                if not math.isnan(cell):
                    sheet.write_number(at, column, cell, look)
            value, low, high = (xl_rowcol_to_cell(at, column) for column in columns)
            less, more = (drawn_length(length) for length in numbers[3:])
            sheet.write_formula(at, begin + LESS, f'=IF({low}="",0,{value}-{low})', look, less)
            sheet.write_formula(at, begin + MORE, f'=IF({high}="",0,{high}-{value})', look, more)


def add_native_chart(book: Any, sheet: Any, exhibit: Exhibit[Chart], row: int) -> int:
    """Put the chart of an exhibit into a sheet at a row, with its numbers below it; return the row below these."""
    chart, name = exhibit.figure, sheet.get_name()
    height = 140 + (18 * len(chart.series) + 14) * len(chart.categories)
    top = row + math.ceil(height / _ROW) + 1
    write_numbers(book, sheet, chart, top)
    drawn = book.add_chart({"type": "column" if chart.across else "bar"})
    low, high, step = chart.scale()
    for number, series in enumerate(chart.series):
        colour = series_colour(series.name, number)
        columns = (0, 1 + number, end_column(chart, number, MORE), end_column(chart, number, LESS))
        categories, values, more, less = (f"='{name}'!{cells(chart, column, top)}" for column in columns)
        line = {"color": TEXT, "width": 1.25}
        bars = {"type": "custom", "plus_values": more, "minus_values": less, "line": line}
        drawn.add_series(
            {
                "name": [name, top, 1 + number],
                "categories": categories,
                "values": values,
                "fill": {"color": pale(colour)},
                "border": {"color": colour, "width": 1.25},
                "gap": 60,
                **({"y_error_bars" if chart.across else "x_error_bars": bars} if series.ranged else {}),
            }
        )
    scale = {"min": low, "max": high, "major_unit": step, "name": chart.axis, "name_font": {"bold": False}}
    named = {"reverse": not chart.across, "label_position": "low", "major_gridlines": {"visible": False}}
    lined = {**scale, "major_gridlines": {"visible": True, "line": {"color": LINE}}, "label_position": "high"}
    drawn.set_x_axis(named if chart.across else lined)
    drawn.set_y_axis({**lined, "label_position": "low"} if chart.across else named)
    drawn.set_legend({"position": "top", "none": len(chart.series) < 2})
    drawn.set_size({"width": 900, "height": height})
    sheet.insert_chart(row, 0, drawn, {"description": exhibit.alternative})
    return top + len(chart.categories) + 2


def drawn_length(length: float) -> float:
    """The length of an error bar; zero where there is no range."""
    return 0.0 if math.isnan(length) else length

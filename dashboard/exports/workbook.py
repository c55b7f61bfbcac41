"""A workbook: findings, exhibits with editable charts, all tables, the data dictionary, and the run record."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import xlsxwriter

from dashboard.exhibits.exhibit import Exhibit
from dashboard.exports.chart_numbers import add_native_chart
from dashboard.exports.content import MANY_WORDS, Content
from dashboard.exports.data import dictionary, table_title
from dashboard.exports.record import entry_text
from dashboard.figures.chart import Chart
from dashboard.text.tables import Cells

_WIDEST: Final = 46
_NAME: Final = 21
"""Characters of an exhibit in the name of its sheet, which may have 31."""
_LABEL, _CELL = 42, 15
"""Width of the first and of each further column of an exhibit, in characters."""
_LETTERS: Final = 100
"""Height of a line of the first sheet, set explicitly because some programs do not compute it."""
_LINE, _HEADING = 15.0, 26.0


def write_workbook(content: Content, path: Path) -> Path:
    """Write the workbook; numbers are unrounded, and cells display them rounded."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "nan_inf_to_errors": False}) as book:
        book.set_properties({"title": content.title, "subject": content.question, "comments": content.line})
        _read_me(book, content)
        again = [f"Reproduce: {command}" for command in content.commands]
        foot = (content.source, *again)
        exhibits: tuple[Exhibit[Any], ...] = (content.tiles, *content.charts)
        for exhibit in exhibits:
            if exhibit.tables:
                _exhibit(book, exhibit, exhibit.tables[0], again)
        for name, table in content.tables.items():
            _table(book, table_title(name), table, foot)
        _table(book, "Data dictionary", dictionary(content.tables), foot)
        _table(book, "Run record", _records(content.records), foot)
    path.write_bytes(file.getvalue())
    return path


def _read_me(book: Any, content: Content) -> None:
    sheet = book.add_worksheet("Read me")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100)
    bold = book.add_format({"bold": True, "font_size": 14, "text_wrap": True})
    heading = book.add_format({"bold": True, "valign": "bottom"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    lines: list[tuple[str, Any]] = [(content.title, bold), (content.question, wrap)]
    for lens_title, sentences in content.headlines:
        lines.append((f"Findings: {lens_title}" if len(content.headlines) >= MANY_WORDS else "Findings", heading))
        lines += [(sentence, wrap) for sentence in sentences]
    lines += [("Assumptions of each lens", heading), *((text, wrap) for text in content.lenses)]
    lines += [("Limitations", heading), *((caveat, wrap) for caveat in content.caveats)]
    lines += [("Source", heading), (content.source, wrap)]
    lines += [("Reproduce this", heading), *((line, wrap) for line in (*content.commands, *content.needed))]
    for row, (text, look) in enumerate(lines):
        sheet.write_string(row, 0, text, look)
        high = _HEADING if look is heading else _LINE * math.ceil(len(text) / _LETTERS)
        sheet.set_row(row, _HEADING if look is bold else high)
    _printed(sheet)


def _exhibit(book: Any, exhibit: Exhibit[Any], table: Cells, again: Sequence[str]) -> None:
    """A sheet with an exhibit as in other formats: finding, chart, table, text alternative and provenance."""
    sheet = book.add_worksheet(f"{exhibit.name.capitalize()[:_NAME]}, as shown")
    sheet.hide_gridlines(2)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    last, widths = len(table.heads) - 1, (_LABEL, *[_CELL] * (len(table.heads) - 1))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, exhibit.title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, exhibit.statistic)
    row = 3
    if isinstance(exhibit.figure, Chart):
        row = add_native_chart(book, sheet, exhibit, row)
    sheet.write_string(row, 0, table.caption, bold)
    head, cell = _head(book), book.add_format({"align": "right"})
    for at, cells in enumerate((table.heads, *table.body), row + 1):
        for column, text in enumerate(cells):
            sheet.write_string(at, column, text, head if at == row + 1 else cell if column >= table.names else None)
    sheet.set_row(row + 1, 2 * _LINE)
    below = row + len(table.body) + 3
    for at, text in enumerate((exhibit.alternative, exhibit.source, *again), below):
        sheet.merge_range(at, 0, at, last, text, wrap)
        sheet.set_row(at, _LINE * math.ceil(len(text) / sum(widths)))
    _printed(sheet)


def _head(book: Any) -> Any:
    look = {"bold": True, "bg_color": "#E6EBEF", "border": 1, "border_color": "#D5D9DC"}
    return book.add_format({**look, "text_wrap": True, "valign": "top"})


def _table(book: Any, title: str, table: pd.DataFrame, provenance: Sequence[str]) -> None:
    """A sheet with the table at its top, ready for filters and references, and its provenance below."""
    sheet = book.add_worksheet(title)
    head = _head(book)
    number = book.add_format({"num_format": "#,##0.0##"})
    whole = book.add_format({"num_format": "#,##0"})
    for column, name in enumerate(table.columns):
        values = list(table[name])
        sheet.write_string(0, column, str(name), head)
        for row, value in enumerate(values, 1):
            _cell(sheet, row, column, value, whole if isinstance(value, int | np.integer) else number)
        longest = max([len(str(name)), *(len(_shown(value)) for value in values)])
        sheet.set_column(column, column, min(_WIDEST, longest + 2))
    if len(table):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    sheet.freeze_panes(1, 0)
    for offset, line in enumerate(provenance):
        sheet.write_string(len(table) + 2 + offset, 0, line)
    sheet.repeat_rows(0)
    _printed(sheet)


def _printed(sheet: Any) -> None:
    """Print on A4 landscape, scaled to the width of a page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P of &N")


def _cell(sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    if isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value))
    elif isinstance(value, int | float | np.integer | np.floating):
        if np.isfinite(value):
            sheet.write_number(row, column, value, look)
    elif not pd.isna(value):
        sheet.write_string(row, column, str(value))


def _shown(value: Any) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else str(value)


def _records(records: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    entries = list(dict.fromkeys(key for record in records.values() for key in record))
    return pd.DataFrame(
        [[entry, *(entry_text(entry, record.get(entry, "")) for record in records.values())] for entry in entries],
        columns=["entry", *records],
    )

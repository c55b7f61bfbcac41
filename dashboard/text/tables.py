"""Tables of the report: all numbers of a chart, with the ends of their ranges."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from html import escape
from typing import Any, Final, NamedTuple

import pandas as pd

from dashboard.text.labels import FIFTHS, MINUS, error_text, label, measured, signed

_ERRORS: Final = ("Monte Carlo error", "Stochastic share")
_HEAD: Final = ("Baseline", "Scenario", "Difference", "Lower", "Upper", *_ERRORS, "Fewer in")
_NEGATIVE: Final = re.compile(r"(?<![\w.])-(?=[\d.])")
_UNKNOWN: Final = re.compile(r"(?<!\w)nan(?!\w)")
_NAMES: Final = {"label": "Outcome"}


class Cells(NamedTuple):
    """A table as text; the first ``names`` columns are row headers."""

    caption: str
    heads: list[str]
    body: list[list[str]]
    names: int


def cells_of(rows: pd.DataFrame, caption: str, columns: str, names: int = 1, missing: str = "none") -> Cells:
    """Rows as text; ``columns`` are heads, each with the format of its cells.

    A cell whose number is not known is ``missing``.

    >>> rows = pd.DataFrame({"label": ["Bed days"], "change": [-2.0]})
    >>> cells_of(rows, "Outcomes", "Outcome={label} | Change={change:+.1f} days").body
    [['Bed days', '−2.0 days']]
    """
    heads, shapes = zip(*(column.split("=", 1) for column in columns.split(" | ")), strict=True)
    texts = [[" ".join(shape.format_map(row).split()) for shape in shapes] for row in rows.to_dict("records")]
    body = [[missing if _UNKNOWN.search(text) else _NEGATIVE.sub(MINUS, text) for text in row] for row in texts]
    return Cells(caption, list(heads), body, names)


def contrasts_cells(rows: pd.DataFrame, caption: str, named_by: Sequence[str] = ("label",)) -> Cells:
    """Unrounded rows of a comparison as text, with numbers rounded to their Monte Carlo error.

    A unit shared by all rows is in the caption; otherwise units have a column.
    """
    units = list(dict.fromkeys(rows["unit"]))
    one_unit = len(units) == 1
    names = [_NAMES.get(name, label(name).capitalize()) for name in named_by]
    heads = [*names, *_HEAD, *([] if one_unit else ["Unit"])]
    body = [
        [*(_name(row, name) for name in named_by), *_cells(row), *([] if one_unit else [str(row["unit"])])]
        for _, row in rows.iterrows()
    ]
    return Cells(f"{caption}: {units[0]}" if one_unit else caption, heads, body, len(named_by))


def ledger_cells(ledger: pd.DataFrame, caption: str) -> Cells:
    """The offset ledger as text: one row per service and a total."""
    wide = ledger.pivot(index="service", columns="account", values="pounds").fillna(0.0)
    accounts = ("automated", "rework", "technology", "released", "reinvested", "saved", "absorbed")
    body = [[label(service), *(whole_pounds(row[account]) for account in accounts)] for service, row in wide.iterrows()]
    body.append(["All", *(whole_pounds(wide[account].sum()) for account in accounts)])
    return Cells(caption, ["Service", *(label(account) for account in accounts)], body, 1)


def whole_pounds(pounds: float) -> str:
    """Whole pounds, with a minus sign for a negative amount.

    >>> whole_pounds(-2801.4), whole_pounds(0.0)
    ('−£2,801', '£0')
    """
    return f"{MINUS if round(pounds) < 0 else ''}£{abs(round(pounds)):,}"


def html_table(caption: str, heads: Sequence[str], body: Sequence[Sequence[str]], names: int) -> str:
    """An HTML table; the first ``names`` columns are row headers. All text is escaped."""
    head = "".join(
        f'<th scope="col"{" class=name" if position < names else ""}>{escape(text)}</th>'
        for position, text in enumerate(heads)
    )
    rows = []
    for cells in body:
        headers = "".join(f'<th scope="row">{escape(text)}</th>' for text in cells[:names])
        rows.append(f"<tr>{headers}{''.join(f'<td>{escape(text)}</td>' for text in cells[names:])}</tr>")
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _name(row: pd.Series[Any], column: str) -> str:
    if column == "deprivation":
        return FIFTHS[int(row[column]) - 1]
    return label(row[column])


def _cells(row: pd.Series[Any]) -> list[str]:
    error, unit = row["monte_carlo_error"], str(row["unit"])
    if math.isnan(row["difference"]):
        return ["too few"] * len(_HEAD)
    withheld = bool(row.get("withheld", False))  # also withholds the number of pairs with fewer
    ties = f" (equal in {row['equal_in']})" if row["equal_in"] else ""
    return [
        measured(row["baseline"], row["baseline_error"], unit),
        measured(row["scenario"], row["scenario_error"], unit),
        signed(row["difference"], error, unit),
        *("withheld" if withheld else signed(row[name], error, unit) for name in ("low", "high")),
        error_text(error),
        "" if math.isnan(row["stochastic_share"]) else f"{100.0 * row['stochastic_share']:.0f} %",
        "withheld" if withheld else f"{row['fewer_in']} of {row['runs']}{ties}",
    ]

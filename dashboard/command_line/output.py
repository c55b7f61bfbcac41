"""Output of the command line: tables, sentences and JSON."""

from __future__ import annotations

import io
import json
import math
import sys
import textwrap
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

if TYPE_CHECKING:
    import pandas as pd

    from simulator.comparison.comparison import Comparison

PIPED_WIDTH: Final = 220
"""Width in characters of output to a file or another program, so that nothing is cut off."""
SCREEN: Final = 100
"""Width in characters of answers that fit on one screen."""
HEADS: Final = ("Baseline", "Scenario", "Difference", "80 % range", "Fewer in", "Unit")


def say(text: str) -> None:
    """Print to standard output."""
    typer.echo(text)


def warn(text: str) -> None:
    """Print to standard error."""
    typer.echo(text, err=True)


def note(text: str | None, *, quiet: bool) -> None:
    """Print a remark to standard error, if there is one and ``quiet`` is false."""
    if text and not quiet:
        warn(text)


def wrapped(text: str) -> str:
    """Text in lines of at most `SCREEN` characters."""
    return textwrap.fill(text, SCREEN, break_long_words=False, break_on_hyphens=False)


def plain(text: str) -> str:
    """Text with hyphens for minus signs, which some consoles lack."""
    from dashboard.text.labels import MINUS

    return text.replace(MINUS, "-")


def is_interactive() -> bool:
    """Whether standard error is a terminal."""
    return sys.stderr.isatty()


def json_text(content: Any) -> str:
    """Content as JSON; frames become lists of rows, and missing values null."""
    return json.dumps(_plain(content), indent=2, ensure_ascii=False)


def show_json(content: Any) -> None:
    """Print content as JSON."""
    say(json_text(content))


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8 with plain line ends, creating the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def table_text(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], text_columns: Collection[int] = (0,)
) -> str:
    """A table as wide as the terminal; columns at ``text_columns`` contain text, the others numbers."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    terminal = sys.stdout.isatty()
    console = Console(
        file=io.StringIO(), width=Console().width if terminal else PIPED_WIDTH, force_terminal=terminal, highlight=False
    )
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, title_style="bold", show_edge=False)
    for position, head in enumerate(heads):
        table.add_column(head, justify="left" if position in text_columns else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def show_levels(table: pd.DataFrame, title: str) -> None:
    """Print the outcomes of one scenario."""
    rows = [
        [row["label"], f"{row['mean']:,.10g}", f"{row['low']:,.10g} to {row['high']:,.10g}", row["unit"]]
        for _, row in table.iterrows()
    ]
    say(table_text(title, ["Outcome", "Mean", "Middle 80 % of runs", "Unit"], rows))


def show_comparison(comparison: Comparison) -> None:
    """Print headline, main outcomes and costs by payer."""
    record = comparison.scenario.record
    say(f"{comparison.headline()}\n")
    main = contrast_rows(comparison.summary("command line", rounded=False))
    names = [arm["scenario_title"] for arm in (record, comparison.baseline.record)]
    title = f"{' against '.join(names)}, {record['place_title']}"
    say(f"{table_text(title, ['Outcome', *HEADS], main)}\n")
    costs = contrast_rows(comparison.costs(rounded=False), ("payer", "kind"))
    say(table_text("Costs by payer, discounted; negative is a saving", ["Payer", "Kind", *HEADS], costs, (0, 1)))


def comparison_content(comparison: Comparison, groups: tuple[str, ...], remark: str | None) -> dict[str, Any]:
    """The content of a comparison for JSON."""
    return {
        "headline": comparison.headline(),
        "note": remark,
        "basis": comparison.basis,
        "summary": comparison.summary(),
        "by": comparison.by(*groups) if groups else [],
        "costs": comparison.costs("item", "payer", "kind"),
        "ledger": comparison.ledger(),
        "scenario": comparison.scenario.record,
        "baseline": comparison.baseline.record,
    }


def targets_text(table: pd.DataFrame, title: str, called: str = "targets") -> str:
    """Simulated figures next to published ones, and the number that are in range; a dash where none is published."""
    rows = [
        [
            row["label"],
            f"{row['simulated']:,.10g}",
            *(
                ("–", "–", "")
                if math.isnan(row["value"])
                else (
                    f"{row['value']:g}",
                    f"{row['low']:g} to {row['high']:g}",
                    "in range" if row["in_range"] else "OUT OF RANGE",
                )
            ),
            row["unit"],
            row["grade"] if isinstance(row["grade"], str) else "",
        ]
        for _, row in table.iterrows()
    ]
    heads = ["Target" if called == "targets" else "Figure", "Simulated", "Published", "Range", "", "Unit", "Grade"]
    published = table[table["value"].notna()]
    reached = int(published["in_range"].astype(bool).sum())
    return f"{table_text(title, heads, rows)}\n\n{reached} of {len(published)} {called} are in range."


def place_text(frame: pd.DataFrame) -> str:
    """A place's margins, published and reached, in one table each with its sources; a dash where none is published."""
    parts = []
    for margin, rows in frame.groupby("margin", sort=False):
        numbers = rows[["asked", "reached", "difference"]].to_numpy(float).tolist()
        cells = [
            [str(category), *("–" if math.isnan(number) else f"{round(number, 2) + 0.0:,.2f}" for number in row)]
            for category, row in zip(rows["category"], numbers, strict=True)
        ]
        title = f"{str(margin).capitalize()}, {rows['unit'].iloc[0]}"
        sources = "; ".join(dict.fromkeys(rows["source"]))
        parts.append(f"{table_text(title, ['', 'Asked', 'Reached', 'Difference'], cells)}\nSource: {sources}.\n")
    return "\n".join(parts)


def frame_text(frame: pd.DataFrame, title: str = "") -> str:
    """A frame as a table."""
    rows = [
        [f"{cell:,.4g}" if isinstance(cell, float) else str(cell) for cell in row]
        for row in frame.itertuples(index=False)
    ]
    text_columns = [position for position, kind in enumerate(frame.dtypes) if kind.kind not in "fiu"]
    return table_text(title, [str(name).replace("_", " ") for name in frame.columns], rows, text_columns)


def contrast_rows(frame: pd.DataFrame, named_by: Sequence[str] = ("label",)) -> list[list[str]]:
    """Rows of an unrounded comparison as text: names, baseline, scenario, difference, range, pairs, unit."""
    from dashboard.text.labels import label, measured, signed

    rows = []
    for _, row in frame.iterrows():
        error, unit = row["monte_carlo_error"], str(row["unit"])
        difference, low, high = (signed(row[name], error, unit) for name in ("difference", "low", "high"))
        ties = f" ({row['equal_in']} equal)" if row["equal_in"] else ""
        cells = [
            *(label(row[name]) for name in named_by),
            measured(row["baseline"], row["baseline_error"], unit),
            measured(row["scenario"], row["scenario_error"], unit),
            difference,
            f"{low} to {high}",
            f"{row['fewer_in']} of {row['runs']}{ties}",
            unit,
        ]
        rows.append([plain(cell) for cell in cells])
    return rows


def _plain(content: Any) -> Any:
    if hasattr(content, "to_json"):
        return json.loads(content.to_json(orient="records"))
    if isinstance(content, dict):
        return {key: _plain(value) for key, value in content.items()}
    return content

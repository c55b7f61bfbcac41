"""The wider ledger on the command line: printed only if asked for, after everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulator.cli.output import say, table_text

if TYPE_CHECKING:
    from simulator.comparison import Comparison

POINTER: Final = (
    "The wider ledger (schools, earnings, trust, crime, national claims) is in no figure above; --wider prints it."
)


def wider_content(comparison: Comparison) -> dict[str, Any]:
    """The wider ledger for JSON, under a name of its own."""
    from simulator.wider import associations, claims, wider_ledger

    parts = {"lines": wider_ledger, "claims": claims, "rests_on": associations}
    return {"wider_ledger_in_no_total": {name: table(comparison) for name, table in parts.items()}}


def show_wider(comparison: Comparison) -> None:
    """Print the lines of the wider ledger, and the national claims beside what was simulated."""
    from dashboard.wider import HEADING, change_words, implied_words
    from dashboard.words import MINUS, measured
    from simulator.wider import SIMULATED, claims, claims_error, wider_ledger

    lines = []
    for _, row in wider_ledger(comparison, rounded=False).iterrows():
        own = row["part"] == SIMULATED
        said = f"{row['label']}: {change_words(row)}" if own else implied_words(row)
        title = [row["title"], row["grade"]] if own else ["", ""]
        lines.append([*title, "in the model" if own else "said to follow", said.replace(MINUS, "-")])
    say(f"\n{table_text(HEADING, ['Line', 'Grade', '', 'Change'], lines, range(4))}\n")
    error = claims_error(comparison)
    rows = [
        [
            str(row["label"]),
            str(row["kind"]),
            *(
                ""
                if pounds != pounds
                else measured(pounds, error * pounds / row["place"], "pounds").replace(MINUS, "-")
                for pounds in (row["place"], row["england"], row["uk"])
            ),
        ]
        for _, row in claims(comparison).iterrows()
    ]
    heads = ["Pounds a year", "Kind", "A place of this size", "England", "UK"]
    say(table_text("National claims, shared out by population, beside what was simulated", heads, rows, (0, 1)))

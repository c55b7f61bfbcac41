"""The chance that each outcome is worse by enough to matter, by lens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from dashboard.exhibits.exhibit import Exhibit
from dashboard.figures.chart import Chart, chart_of
from dashboard.text.labels import name_of
from dashboard.text.phrases import capital, listed, sentence
from dashboard.text.tables import Cells
from dashboard.topics.harm import TOO_FEW, percent, size_in_words, worse_by, worse_words
from dashboard.topics.through_lenses import finding_by_lens, is_withheld, rows_by_name
from simulator.comparison.chance_of_harm import chances, probably_worse
from simulator.comparison.comparison import Comparison
from simulator.comparison.headline import change_text, matters_text
from simulator.comparison.verdict import FEWEST, HIGH

_STATISTIC: Final = (
    "Chance that the scenario is worse than its baseline by more than the smallest difference that matters. Thin line: "
    "95 % interval, which more runs would narrow."
)


def chances_of_harm(named: Mapping[str, Comparison], source: str) -> tuple[Exhibit[Chart], ...]:
    """The chances of comparisons by the name of the lens; none where all ranges are withheld, and chances with them."""
    known = {name: one for name, one in named.items() if not is_withheld(one)}
    if not known:
        return ()
    rows = rows_by_name(known, chances)
    said = [
        f"{percent(row)} chance of at least {matters_text(row)}; {size_in_words(row)}" for _, row in rows.iterrows()
    ]
    names = [capital(worse_words(name)) for name in rows["measure"]]
    shown = rows.assign(name=names, difference=rows["chance"], scale=100.0, words=said)
    title = finding_by_lens(rows, chances_finding, named=len(known) < len(named))
    chart = chart_of(shown, "chance in %", ends=(0.0, 100.0))
    return (Exhibit("chances", title, _STATISTIC, chart, source, (_cells(rows, several=len(known) > 1),)),)


def chances_finding(rows: pd.DataFrame) -> str:
    """The outcomes that are probably worse, otherwise the one most likely to be."""
    worse = probably_worse(rows)
    if len(worse):
        return sentence(f"probably {listed([worse_by(row) for _, row in worse.iterrows()])}").rstrip(".")
    known = rows[rows["runs"] >= FEWEST]
    if known.empty:
        return TOO_FEW
    top = known.iloc[int(known["chance"].to_numpy().argmax())]
    return (
        f"No outcome is worse by enough to matter with a chance of {100 * HIGH:.0f} % or more; the most likely is "
        f"{worse_by(top)}, at {percent(top)}"
    )


def _cells(rows: pd.DataFrame, *, several: bool) -> Cells:
    heads = ["Outcome", *(["Lens"] if several else []), "Chance", "Lower", "Upper", "By at least", "Mean difference"]
    body = [
        [
            name_of(row),
            *([str(row["lens_title"])] if several else []),
            percent(row),
            *(f"{100.0 * row[end]:.0f} %" if row["runs"] else "" for end in ("low", "high")),
            matters_text(row),
            change_text(row, row["difference"]),
            *(str(row[name]) for name in ("worse_in", "small_in", "better_in", "runs")),
        ]
        for _, row in rows.iterrows()
    ]
    heads += ["Worse in", "Neither in", "Better in", "Pairs"]
    return Cells("Chance that it is worse by enough to matter", heads, body, 1 + several)

"""Probability of harm: warnings for the first screen, and the probability for each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from dashboard.text.phrases import listed, sentence
from dashboard.topics.groups import GROUPS, groups_text, too_small
from simulator.comparison.chance_of_harm import chances, probably_worse
from simulator.comparison.comparison import Comparison
from simulator.comparison.headline import chance_percent, change_text, matters_text, range_words
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.verdict import FEWEST, HIGH

TOO_FEW: Final = "The chance of harm cannot be estimated from so few pairs of runs"
DIFFERENCE_NAMES: Final = {
    "low": "chance_low",
    "high": "chance_high",
    "difference_low": "low",
    "difference_high": "high",
}
"""Ends of the range in rows of chances, called as in rows of differences."""
CHANCES_WITHHELD: Final = "Chances of harm are estimated from the same runs as the ranges, so they are withheld too."


class Warnings(NamedTuple):
    """Phrases for outcomes whose verdict is that they are worse, with the mean size; empty if there are none."""

    costs: Sequence[str]
    harms: Sequence[str]
    groups: Sequence[str]

    @property
    def alarming(self) -> bool:
        """Whether the warning is shown first."""
        return bool(self.costs or self.harms or self.groups)


def warnings_of(comparison: Comparison) -> Warnings:
    """Outcomes that are worse, overall and by group. Groups with few people or events are left out."""
    costs: list[str] = []
    harms: list[str] = []
    groups: list[str] = []
    for _, row in probably_worse(chances(comparison, "warnings")).iterrows():
        said = harms if OUTCOMES[str(row["measure"])].source == "counts" else costs
        said.append(f"{worse_words(row['measure'])} ({change_text(row, row['difference'])})")
    for group in GROUPS:
        rows = without_small(comparison, chances(comparison, "warnings by group", (group,)), group)
        for measure, found in probably_worse(rows).groupby("measure", sort=False):
            shown = int((rows[rows["measure"] == measure]["runs"] > 0).sum())
            where = groups_text(group, list(found[group]), shown)
            groups.append(f"{worse_words(str(measure))} {where} ({_sizes(found)})")
    return Warnings(costs, harms, groups)


def _sizes(rows: pd.DataFrame) -> str:
    """The mean difference of each row, from the smallest to the largest."""
    ordered = rows.sort_values("difference", key=abs).iloc[[0, -1]]
    return " to ".join(dict.fromkeys(change_text(row, row["difference"]) for _, row in ordered.iterrows()))


def worse_words(measure: str) -> str:
    """The change of an outcome that is worse, within a sentence."""
    return OUTCOMES[measure].change(better=False)


def without_small(comparison: Comparison, rows: pd.DataFrame, group: str) -> pd.DataFrame:
    """Rows of chances by group without the groups that are too small to show."""
    kept = []
    for measure, mine in rows.groupby("measure", sort=False):
        kept.append(mine[~too_small(comparison, group, str(measure))])
    return pd.concat(kept)


def harm_heading(found: Warnings, rows: pd.DataFrame) -> str:
    """The heading of the box. ``rows`` are the chances of the first screen.

    >>> harm_heading(Warnings(["more money spent"], [], []), pd.DataFrame())
    'It probably costs more'
    >>> harm_heading(Warnings([], ["more deaths"], ["more loneliness at 16-24"]), pd.DataFrame())
    'It probably makes things worse'
    """
    said = []
    if found.costs:
        said.append("costs more")
    if found.harms:
        said.append("makes things worse")
    elif found.groups:
        said.append("leaves some people worse off")
    if said:
        return f"It probably {' and '.join(said)}"
    if (rows["chance"] <= 1.0 - HIGH).all():
        return "It is unlikely to cost more or to make things worse by enough to matter"
    return "It may make things worse, with these chances"


def detail(found: Warnings) -> str:
    """Sentences on what is probably worse, overall and by group."""
    everyone = [*found.costs, *found.harms]
    said = [sentence(f"probably {listed(everyone)}")] if everyone else []
    if found.groups:
        said.append(sentence(f"probably {'; '.join(found.groups)}"))
    else:
        said.append(
            f"No age band or deprivation fifth is worse off by enough to matter with a chance of {100 * HIGH:.0f} % or "
            "more, as far as it is large enough to show."
        )
    return " ".join(said)


def percent(row: pd.Series[Any]) -> str:
    """A chance in per cent; a dash if there are too few pairs of runs."""
    return chance_percent(row["chance"]) if row["runs"] >= FEWEST else "–"


def worse_by(row: pd.Series[Any]) -> str:
    """A worse outcome within a sentence, by at least the smallest difference that matters.

    >>> worse_by(pd.Series({"measure": "deaths", "unit": "deaths a year", "matters": 3.2}))
    'at least 3.2 more deaths'
    """
    words = worse_words(row["measure"])
    if words.startswith(("more ", "fewer ", "less ")):
        return f"at least {matters_text(row)} {words}"
    return f"{words} by at least {matters_text(row)}"


def size_in_words(row: pd.Series[Any]) -> str:
    """The mean difference of a row of chances, with its range."""
    return f"on average {change_text(row, row['difference'])} ({range_words(row.rename(DIFFERENCE_NAMES))})"

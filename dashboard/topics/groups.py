"""Gains and losses by age and by deprivation, for admissions and loneliness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.text import findings
from dashboard.text.findings import MOST_NAMES
from dashboard.text.labels import FIFTHS
from dashboard.text.phrases import listed, sentence
from dashboard.topics.through_lenses import CHANCES, ENDS
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.results.results import Results

GROUPS: Final = ("age_band", "deprivation")
FEWEST: Final = 10
"""Groups with fewer than this over the whole horizon of a run are not shown: fewer admissions, or fewer years of
residents who are often or always lonely."""
GAINS_WITHHELD: Final = "Which groups gain or lose enough to matter is not shown, since the ranges are withheld."


def group_rows(comparison: Comparison, group: str, measure: str) -> pd.DataFrame:
    """Differences by group for a measure and its companions, per 1,000 residents; small groups are blanked.

    Age bands in which no one is counted have no row, such as children, who are not asked whether they are lonely.
    """
    one = OUTCOMES[measure]
    rows = comparison.per("1,000").by(group, measures=(measure, *one.beside), rounded=False)
    small = np.tile(too_small(comparison, group, measure), 1 + len(one.beside))
    shown = without_small_groups(rows, small)
    if one.per and group == "age_band":
        asked = rows[rows["measure"] == measure].set_index(group)["runs"] > 0
        shown = shown[shown[group].map(asked)]
    return shown


def too_small(comparison: Comparison, group: str, measure: str) -> NDArray[np.bool_]:
    """Whether each group has too few events, or lonely people, in the baseline to show, in the order of the groups."""
    fewest = FEWEST * (WEEKS_PER_YEAR if OUTCOMES[measure].amount.unit == "weeks" else 1)
    counted = counted_in(comparison.baseline, comparison.seeds, measure, group)
    return np.asarray(counted / len(comparison.seeds) < fewest, np.bool_)


def counted_in(results: Results, seeds: Sequence[int], measure: str, *groups: str) -> Any:
    """The total count of an outcome, such as admissions or weeks lonely, over these runs; a series by ``groups``."""
    summed = [*OUTCOMES[measure].sum_of]
    cells = results.cells.loc[results.cells["seed"].isin(seeds), [*summed, *groups]]
    counted = cells[summed].sum(axis=1)
    return (counted.groupby([cells[name] for name in groups], observed=False) if groups else counted).sum()


def without_small_groups(rows: pd.DataFrame, small: NDArray[np.bool_]) -> pd.DataFrame:
    """Rows by group with the numbers of small groups removed; ``small`` flags those rows."""
    shown = rows.copy()
    shown.loc[small, ["baseline", "scenario", "difference", *ENDS, *CHANCES, "matters"]] = np.nan
    shown.loc[small, "verdict"] = ""
    return shown


def gains_and_losses(shown: dict[tuple[str, str], pd.DataFrame]) -> str:
    """Two sentences on the groups that gain and lose enough to matter, from rows of `group_rows` by group and measure.

    Rows come from `dashboard.topics.through_lenses.as_shown`; where ranges are withheld, no group is named.
    """
    if any(rows["withheld"].any() for rows in shown.values()):
        return GAINS_WITHHELD
    said: dict[str, list[str]] = {"better": [], "worse": []}
    for (group, measure), rows in shown.items():
        mine = rows[rows["measure"] == measure].dropna(subset=["difference"])
        for kind, sentences in said.items():
            names = [row[group] for _, row in mine.iterrows() if row["verdict"] == kind]
            if names:
                words = OUTCOMES[measure].change(better=kind == "better")
                sentences.append(f"{words} {groups_text(group, names, len(mine))}")
    weighed = listed(list(dict.fromkeys(OUTCOMES[measure].noun for _, measure in shown)))
    none = f"No group {{}} enough in {weighed} to matter."
    gains = sentence(f"gains: {'; '.join(said['better'])}") if said["better"] else none.format("gains")
    losses = sentence(f"losses: {'; '.join(said['worse'])}") if said["worse"] else none.format("loses")
    return f"{gains} {losses}"


def groups_text(group: str, names: Sequence[object], of: int) -> str:
    """Groups within a sentence: their names if they are few, otherwise their number out of those shown.

    >>> groups_text("age_band", ["75-84", "85+"], 9), groups_text("deprivation", list("12345"), 5)
    ('at 75-84 and at 85+', 'in every deprivation fifth')
    """
    plural = {"age_band": "age bands", "deprivation": "deprivation fifths"}[group]
    if len(names) == of:
        return f"in every {plural[:-1]}"
    if len(names) > MOST_NAMES:
        return f"in {len(names)} of {of} {plural}"
    return listed([group_text(group, name) for name in names])


def group_text(group: str, name: object) -> str:
    """A group within a sentence.

    >>> group_text("age_band", "75-84"), group_text("deprivation", "1"), group_text("deprivation", "3")
    ('at 75-84', 'in the most deprived fifth', 'in deprivation fifth 3')
    """
    if group == "age_band":
        return f"at {name}"
    ends = {"1": "in the most deprived fifth", str(len(FIFTHS)): "in the least deprived fifth"}
    return ends.get(str(name), f"in deprivation fifth {name}")


def relative(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by group with differences in per cent of the group's own baseline; NaN where that is zero."""
    shown = rows.copy()
    level = shown["baseline"].where(shown["baseline"] > 0.0) / 100.0
    for name in ("difference", "low", "high", "monte_carlo_error"):
        shown[name] = shown[name] / level
    return shown.assign(unit="% of the group's own level")


def age_by_deprivation(comparison: Comparison) -> pd.DataFrame:
    """Differences in emergency admissions per 1,000 by age band and deprivation fifth; small groups are blanked."""
    groups = ("age_band", "deprivation")
    rows = comparison.per("1,000").by(*groups, measures=("emergency_admissions",), rounded=False)
    counted = counted_in(comparison.baseline, comparison.seeds, "emergency_admissions", *groups) / len(comparison.seeds)
    order = pd.MultiIndex.from_frame(rows[list(groups)])
    return without_small_groups(rows, counted.reindex(order).to_numpy(np.float64) < FEWEST)


def grid_finding(rows: pd.DataFrame) -> str:
    """The verdicts on admissions in the groups by age and deprivation, and the largest change."""
    shown = rows.dropna(subset=["difference"])
    if shown.empty:
        return "Admissions: the groups of age and deprivation are too small to show"
    most = findings.largest(shown)
    where = f"the largest change is {findings.with_size(most)}, at {most['age_band']} in fifth {most['deprivation']}"
    return f"Admissions: {findings.tally(shown, 'groups of age and deprivation')}; {where}"

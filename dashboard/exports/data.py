"""Tidy tables with one unrounded number per row and its lower and upper end; and a dictionary of their columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pandas as pd

from dashboard.text.lens_names import lens_name
from dashboard.topics.groups import GROUPS, group_rows
from dashboard.topics.harm import DIFFERENCE_NAMES
from dashboard.topics.through_lenses import as_shown, is_withheld
from simulator.comparison.chance_of_harm import chances
from simulator.comparison.comparison import Comparison
from simulator.comparison.costs_by_service import by_service
from simulator.comparison.outcomes import shown_in
from simulator.experiments.lens_comparisons import LensComparisons

Maker = Callable[[Comparison], pd.DataFrame]
DICTIONARY: Final = {
    "scenario_title": "Scenario that is compared with the baseline",
    "lens": "Lens of the runs",
    "measure": "Short name of an outcome",
    "label": "Name of the outcome",
    "unit": "Unit of baseline, scenario, difference, low and high",
    "good": "Whether less or more is better, or neither",
    "baseline": "Mean of the baseline's runs",
    "scenario": "Mean of the scenario's runs",
    "difference": "Mean of the paired differences, scenario less baseline",
    "low": "Lower end of the 80 % range; empty if withheld",
    "high": "Upper end of the 80 % range; empty if withheld",
    "withheld": "Whether the lens failed a check, so that its ranges are withheld",
    "percent": "Difference in per cent of the baseline's mean",
    "monte_carlo_error": "Standard error of the mean difference; it shrinks with more runs, the range does not",
    "stochastic_share": "Share of the variance between pairs that is stochastic, not parameter uncertainty",
    "fewer_in": "Number of pairs in which the scenario had less",
    "equal_in": "Number of pairs in which both had the same",
    "runs": "Number of pairs included",
    "baseline_error": "Monte Carlo error of the baseline's mean",
    "scenario_error": "Monte Carlo error of the scenario's mean",
    "matters": "Smallest difference that matters, in the unit; set by the user or by default",
    "less_chance": "Chance of a fall by more than that; empty if withheld",
    "small_chance": "Chance of a change by no more than that; empty if withheld",
    "more_chance": "Chance of a rise by more than that; empty if withheld",
    "verdict": "better, worse, different (neither is good), small (too small to matter), unsure (cannot tell yet)",
    "year": "Year of the scenario, from 1",
    "age_band": "Age in years; numbers based on fewer than ten events are empty",
    "deprivation": "Deprivation fifth, 1 the most deprived; numbers based on fewer than ten events are empty",
    "item": "Item of cost",
    "payer": "Payer",
    "kind": "Money spent (cashable), capacity, or volunteers' time",
    "service": "Service",
    "account": "Account of the offset ledger; released = reinvested + saved + absorbed",
    "pounds": "Pounds per run over the whole horizon, undiscounted",
    "chance": "Chance that the scenario is worse by more than matters",
    "chance_low": "Lower end of the 95 % interval of that chance, which more runs would narrow",
    "chance_high": "Upper end of that interval",
    "worse_in": "Number of pairs in which the scenario was worse by more than matters",
    "small_in": "Number of pairs in which it was neither better nor worse by more than matters",
    "better_in": "Number of pairs in which the scenario was better by more than matters",
    "causal": "Share of each observed association that is treated as causal",
    "lens_title": "Full title of the lens",
    "path": "Name of an evidence value",
    "evidence": "Value that studies support",
    "evidence_low": "Lower end of the range that studies support",
    "evidence_high": "Upper end of the range that studies support",
    "fitted": "Fitted value",
    "fitted_low": "Lower end of the fitted value",
    "fitted_high": "Upper end of the fitted value",
    "times": "Fitted strength as a multiple of the one that studies support; empty if they support none",
    "outside": "Whether the fitted value is outside the range that studies support",
    "informed": "Whether the targets narrowed the value; otherwise its range is that of the prior",
    "reason": "Reason for the width of the prior",
}
"""Descriptions of the columns of tables."""
_TITLES: Final[Mapping[str, str]] = {
    "outcomes": "Outcomes",
    "by_year": "By year",
    "by_age": "By age",
    "by_deprivation": "By deprivation",
    "costs": "Costs",
    "costs_by_service": "Costs by service",
    "ledger": "Offset ledger",
    "chances": "Probability of harm",
    "causal": "By causal share",
    "implied_strengths": "Implied effect sizes",
}


def table_title(name: str) -> str:
    """The title of a table."""
    return _TITLES[name]


def tables(
    comparisons: Sequence[Comparison], causal: Mapping[str, pd.DataFrame], kept: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """All tables by name, with scenario and lens as first columns.

    ``causal`` and ``kept`` are `causal` and `implied_strengths` of
    `simulator.experiments.lens_comparisons.LensComparisons`, by lens; their tables are left out if empty.
    """
    made = {name: _joined(comparisons, make) for name, make in _makers().items()}
    sure = [one for one in comparisons if not is_withheld(one)]
    if sure:  # probabilities are estimated from the same runs as ranges, and withheld with them
        made["chances"] = _joined(sure, lambda one: chances(one).rename(columns=DIFFERENCE_NAMES))
    lenses = {lens_name(one.scenario.record): one for one in comparisons}
    shares = [as_shown(lenses[lens], table) for lens, table in causal.items() if lens in lenses]
    if shares:
        made["causal"] = pd.concat(shares, ignore_index=True)
    implied = [found.assign(lens=lens) for lens, one in lenses.items() if len(found := implied_strengths(one, kept))]
    if implied:
        made["implied_strengths"] = _in_front(pd.concat(implied, ignore_index=True))
    return made


def dictionary(shown: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Descriptions of the columns of these tables."""
    columns = dict.fromkeys(str(column) for table in shown.values() for column in table.columns)
    return pd.DataFrame([(column, DICTIONARY[column]) for column in columns], columns=["column", "meaning"])


def implied_strengths(comparison: Comparison, kept: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Implied effect sizes of a comparison's lens; no rows for the evidence as written.

    ``kept`` is `simulator.experiments.lens_comparisons.LensComparisons.implied_strengths`.
    """
    found = LensComparisons((comparison,), {}, implied_strengths=kept).strengths(comparison)
    return pd.DataFrame() if found is None else found


def _makers() -> dict[str, Maker]:
    return {
        "outcomes": lambda one: one.summary(rounded=False),
        "by_year": lambda one: one.by("year", rounded=False),
        "by_age": lambda one: _grouped(one, GROUPS[0]),
        "by_deprivation": lambda one: _grouped(one, GROUPS[1]),
        "costs": lambda one: one.costs("item", "payer", "kind", rounded=False),
        "costs_by_service": lambda one: by_service(one, rounded=False),
        "ledger": lambda one: one.ledger(),
    }


def _joined(comparisons: Sequence[Comparison], make: Maker) -> pd.DataFrame:
    parts = []
    for one in comparisons:
        found, record = make(one), one.scenario.record
        found = as_shown(one, found) if "difference" in found.columns else found
        parts.append(found.assign(scenario_title=record["scenario_title"], lens=lens_name(record)))
    return _in_front(pd.concat(parts, ignore_index=True))


def _grouped(comparison: Comparison, group: str) -> pd.DataFrame:
    """Rows by group, per 1,000 residents; numbers of small groups are empty."""
    rows = pd.concat([group_rows(comparison, group, measure) for measure in shown_in("groups")], ignore_index=True)
    few = rows["difference"].isna()
    rows["percent"] = rows["percent"].mask(few)
    return rows


def _in_front(table: pd.DataFrame) -> pd.DataFrame:
    first = [name for name in ("scenario_title", "lens") if name in table.columns]
    return table[[*first, *(name for name in table.columns if name not in first)]]

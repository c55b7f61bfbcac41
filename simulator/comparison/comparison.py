"""Comparison of two scenarios: paired differences by replication, with ranges, by group, over time, and in money.

Method. Both scenarios of a replication use common random numbers and the same parameter draw, so a difference is taken
within each pair. The *range* (80 % interval) runs from the 10th to the 90th percentile of the pairs' differences, made
wider by the model discrepancy (`simulator.comparison.discrepancy`); so it reflects parameter and stochastic uncertainty
and what the model leaves out. The *Monte Carlo error* is the standard error of the mean difference and shows only
whether enough replications were run; ``stochastic_share`` is the share of the pairs' variance that is due to chance
rather than parameters. Formulas and sources are in `simulator.comparison.paired_statistics`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.comparison.arms import GROUPS, Arm, arm_of, cost_sums, group_labels, outcome_label, values
from simulator.comparison.comparability import pairs, require_comparable
from simulator.comparison.comparison_row import COLUMNS, OutcomeLabel, Pairs, contrast
from simulator.comparison.costs import ITEMS, KINDS
from simulator.comparison.headline import headline
from simulator.comparison.outcomes import BASES, OUTCOMES, Basis, Measures, names_of, unit_on
from simulator.comparison.paired_statistics import Floats
from simulator.comparison.remembered import Remembered, remembered
from simulator.comparison.smallest_differences import DEFAULTS, Matters, smallest
from simulator.errors import UnknownNameError
from simulator.foundations.categories import PAYERS
from simulator.results.results import LEDGER_ACCOUNTS, Results, parameter_draw_of

COST_KEYS: Final = ("payer", "kind", "item")
"""Keys that `Comparison.costs` can split by."""


@dataclass(frozen=True)
class Comparison:
    """Paired runs of a scenario and its baseline; amounts are shown on ``basis``.

    ``matters`` are smallest differences that a user set (`simulator.comparison.smallest_differences`).
    """

    scenario: Results
    baseline: Results
    seeds: tuple[int, ...]
    basis: Basis = "year"
    matters: Matters = field(default_factory=lambda: DEFAULTS)
    arms: tuple[Arm, Arm] = field(repr=False, kw_only=True)  # baseline, scenario
    _tables: Remembered = field(init=False, repr=False, compare=False, default_factory=dict)

    def per(self, basis: Basis) -> Comparison:
        """The same comparison with amounts in ``total``, per ``year``, or per ``1,000`` residents a year.

        Raises UnknownNameError for another basis.
        """
        if basis not in BASES:
            raise UnknownNameError("basis", str(basis), BASES)
        return self._with(basis=basis)

    def judged_by(self, matters: Matters) -> Comparison:
        """The same comparison, judged by other smallest differences that matter."""
        return self._with(matters=matters)

    def _with(self, **changed: Any) -> Comparison:
        """The same arms on another basis or by other differences, with the tables already made of them."""
        made = replace(self, **changed)
        object.__setattr__(made, "_tables", self._tables)
        return made

    def summary(self, measures: Measures | None = None, *, rounded: bool = True) -> pd.DataFrame:
        """One row per measure, with `simulator.comparison.comparison_row.COLUMNS`; by default every outcome, rounded by
        its Monte Carlo error.

        Raises UnknownNameError for an unknown measure.
        """
        return self._table(tuple(OUTCOMES) if measures is None else measures, (), rounded)

    def by(self, *groups: str, measures: Measures = "by group", rounded: bool = True) -> pd.DataFrame:
        """One row per measure and group, for one or more of `simulator.comparison.arms.GROUPS`, groups in front.

        Raises UnknownNameError for an unknown group or measure, ValueError for both year and quarter.
        """
        for name in groups:
            if name not in GROUPS:
                raise UnknownNameError("group", name, GROUPS)
        if {"year", "quarter"} <= set(groups):
            raise ValueError("Every quarter lies within one year. Split by year or by quarter, not both.")
        return self._table(measures, tuple(dict.fromkeys(groups)), rounded)

    def by_pair(self, measures: Measures) -> pd.DataFrame:
        """One row per measure and pair: measure, seed, and the values of baseline and scenario on the basis.

        Raises UnknownNameError for an unknown measure.
        """
        found = []
        for measure in names_of(measures):
            baseline, scenario = (values(arm, measure, (), self.basis) for arm in self.arms)
            rows = {"measure": measure, "seed": self.seeds, "baseline": baseline, "scenario": scenario}
            found.append(pd.DataFrame(rows))
        return pd.concat(found, ignore_index=True)

    def costs(self, *keys: str, rounded: bool = True) -> pd.DataFrame:
        """Paired differences in discounted pounds, by default by payer and kind (`COST_KEYS`).

        Raises UnknownNameError for an unknown key.
        """
        keys = keys or ("payer", "kind")
        for name in keys:
            if name not in COST_KEYS:
                raise UnknownNameError("key of costs", name, COST_KEYS)
        baseline, scenario = (cost_sums(arm, keys, self.basis) for arm in self.arms)
        zeros = np.zeros(len(self.seeds))
        rows = []
        for key in sorted({**baseline, **scenario}, key=_place_in_order):
            label = ", ".join(ITEMS.get(str(part), str(part)) for part in key)
            words = OutcomeLabel("cost", label, unit_on("pounds", self.basis), "less")
            values_of = baseline.get(key, zeros), scenario.get(key, zeros)
            row = self.row(words, *values_of, rounded, self.smallest_cost(self.basis))
            rows.append({**dict(zip(keys, key, strict=True)), **row})
        return pd.DataFrame(rows, columns=[*keys, *COLUMNS])

    def smallest_cost(self, basis: Basis) -> float:
        """The smallest difference in costs that matters [pounds on a basis]."""
        return smallest("cost", self.matters, 0.0, float(self._care_cost((), basis).mean()))

    def ledger(self) -> pd.DataFrame:
        """The scenario's offset ledger: service, account, mean pounds per run over the whole horizon, undiscounted.

        Accounts balance: released = automated - rework - technology = reinvested + saved + absorbed.
        """
        table = self.scenario.ledger
        table = table[table["seed"].isin(self.seeds)]
        pence = table.groupby(["service", "account"], observed=True)["pence"].sum()
        pounds = (pence / 100.0 / len(self.seeds)).rename("pounds").reset_index()
        order = {account: position for position, account in enumerate(LEDGER_ACCOUNTS)}
        return pounds.sort_values("account", key=lambda column: column.map(order), kind="stable").sort_values(
            "service", kind="stable", ignore_index=True
        )

    def headline(self) -> str:
        """The finding in plain sentences: admissions, then money, with the verdict on each."""
        return " ".join(self.findings())

    def findings(self) -> tuple[str, ...]:
        """The sentences of `headline`, as a tuple."""
        rows = self.per("year").summary("sentences", rounded=False)
        failed = len(self.scenario.record.get("lens_faults", ()))
        checks = f"{failed} check{'s' if failed > 1 else ''}"
        caution = (f"Do not rely on the ranges: this lens failed {checks}.",) if failed else ()
        return (*headline(rows, self.scenario.record, self.baseline.record), *caution)

    def _table(self, measures: Measures, groups: tuple[str, ...], rounded: bool) -> pd.DataFrame:
        key = (names_of(measures), groups, rounded, self.basis, tuple(self.matters.items()))
        # The parts of a report ask for many tables again.
        return remembered(self._tables, key, lambda: self._made_table(key[0], groups, rounded))

    def _made_table(self, measures: tuple[str, ...], groups: tuple[str, ...], rounded: bool) -> pd.DataFrame:
        labels = list(product(*group_labels(self.arms[0], groups)))
        care_cost = self._care_cost(groups, self.basis)
        rows = []
        for measure in measures:
            words, entry = outcome_label(measure, self.basis), OUTCOMES[measure].smallest_difference
            baseline, scenario = (
                values(arm, measure, groups, self.basis).reshape(len(self.seeds), -1) for arm in self.arms
            )
            for column, label in enumerate(labels):
                level = _mean(baseline[:, column])
                matters = smallest(entry, self.matters, level, _mean(care_cost[:, column]))
                row = self.row(words, baseline[:, column], scenario[:, column], rounded, matters)
                rows.append({**dict(zip(groups, label, strict=True)), **row})
        return pd.DataFrame(rows, columns=[*groups, *COLUMNS])

    @property
    def draws(self) -> NDArray[np.int64]:
        """The number of each pair's parameter draw, shape (pairs,); all 0 if parameters were not drawn."""
        drawn = self.scenario.record["parameters"] == "drawn"
        return np.array([parameter_draw_of(seed) if drawn else 0 for seed in self.seeds], np.int64)

    def row(
        self, words: OutcomeLabel, baseline: Floats, scenario: Floats, rounded: bool, matters: float = math.nan
    ) -> dict[str, Any]:
        """One row with `simulator.comparison.comparison_row.COLUMNS` from the values of every pair, each of shape
        (pairs,), judged by the smallest difference that ``matters``, or without a verdict.
        """
        return contrast(words, Pairs(baseline, scenario, self.draws), matters, to_error=rounded)

    def _care_cost(self, groups: tuple[str, ...], basis: Basis) -> Floats:
        """The baseline's cost of care [pounds on a basis], shape (pairs, combinations of groups)."""
        return values(self.arms[0], "care_cost", groups, basis).reshape(len(self.seeds), -1)


def compare(
    scenario: Results, baseline: Results, *, incomplete: bool = False, matters: Matters = DEFAULTS
) -> Comparison:
    """Pair the runs of a scenario with those of its baseline, seed by seed.

    ``matters`` are smallest differences other than those of `simulator.comparison.smallest_differences`.

    Raises IncomparableRunsError if they differ in more than their scenario, and IncompleteEnsembleError if runs failed
    and ``incomplete`` is False.
    """
    require_comparable(scenario, baseline)
    seeds = pairs(scenario, baseline, incomplete=incomplete)
    return Comparison(
        scenario, baseline, seeds, matters=matters, arms=(arm_of(baseline, seeds), arm_of(scenario, seeds))
    )


def _mean(found: Floats) -> float:
    """The mean of the pairs in which there is anyone to count; 0 if there is none."""
    there = found[np.isfinite(found)]
    return float(there.mean()) if len(there) else 0.0


def _place_in_order(key: tuple[str, ...]) -> tuple[int, ...]:
    """Payers, kinds and items in the order they are listed."""
    return tuple([*PAYERS, *KINDS, *ITEMS].index(part) for part in key)

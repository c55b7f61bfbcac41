"""Tables of one comparison as they are kept in a bundle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from simulator.comparison.arms import grouped, total
from simulator.comparison.chance_of_harm import chances
from simulator.comparison.comparison import COST_KEYS, Comparison, compare
from simulator.comparison.comparison_row import COLUMNS, OutcomeLabel
from simulator.comparison.costs import pounds_by_seed
from simulator.comparison.outcomes import OUTCOMES, shown_in
from simulator.comparison.wellbeing import cost_of_each
from simulator.errors import IncompleteEnsembleError
from simulator.experiments.sized_plan import SizeQuestion, sized
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.results.results import SOURCES, Results

KEYS: Final = ("scenario_name", "place", "lens")
"""First columns of every table of a bundle; a column ``scenario`` is the scenario's value, as in every comparison."""
SPENDING: Final[Mapping[str, tuple[str, str, str, tuple[str, ...]]]] = {
    "released": ("Staff time released", "ledger", "account", ("released",)),
    "reinvested": ("Spent on programmes, released", "programmes", "source", ("released",)),
    "spent": ("Spent on programmes", "programmes", "source", SOURCES),
    "other_money": ("Spent on programmes, other money", "programmes", "source", ("pump_priming", "new_money")),
}
"""By measure: label, and the table and the values of its column whose pence are added up."""
_NOT_KEPT: Final = ("created", "versions")
"""Fields of a run record that differ between two runs of the same command."""


def spending(comparison: Comparison) -> pd.DataFrame:
    """Pounds released, reinvested and paid from other money, a year and undiscounted, as rows of a comparison."""
    years = comparison.scenario.weeks / WEEKS_PER_YEAR
    arms = (comparison.baseline, comparison.scenario)
    rows = []
    for measure, (label, table, column, names) in SPENDING.items():
        words = OutcomeLabel(measure, label, "pounds a year", "neither")
        tables = (getattr(arm, table) for arm in arms)
        chosen = (rows_of[rows_of[column].isin(names)] for rows_of in tables)
        baseline, scenario = (pounds_by_seed(some, comparison.seeds) / years for some in chosen)
        rows.append(comparison.row(words, baseline, scenario, rounded=False))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def overall_chances(comparison: Comparison) -> pd.DataFrame:
    """Probability that each outcome shown with one, or warned of, is worse."""
    return chances(comparison, tuple(dict.fromkeys((*shown_in("chances"), *shown_in("warnings")))))


def chances_by(group: str) -> Callable[[Comparison], pd.DataFrame]:
    """Probabilities by group of the outcomes that are warned of, with the mean count of a run in both arms.

    Counted are events, or weeks lonely, over the whole run: from these a reader judges whether a group is too small.
    """

    def table(comparison: Comparison) -> pd.DataFrame:
        measures = shown_in("warnings by group")
        rows = chances(comparison, measures, (group,))
        for name, arm in zip(("baseline", "scenario"), comparison.arms, strict=True):
            counts = grouped(arm.counts, (group,))
            counted = [total(counts, OUTCOMES[measure].sum_of).mean(axis=0) for measure in measures]
            rows[f"{name}_counted"] = np.concatenate(counted)
        return rows

    return table


def entry(comparison: Comparison) -> pd.DataFrame:
    """One row: what was compared, with the hashes of its specifications, and both run records as JSON."""
    record, base = (kept(arm.record) for arm in (comparison.scenario, comparison.baseline))
    row = {
        "base": base["scenario"],
        **{name: record[name] for name in ("residents", "starts", "weeks", "scenario_hash", "place_hash")},
        "lens_hash": record["lens_hash"],
        "base_spec_hash": base["spec_hash"],
        "spec_hash": record["spec_hash"],
        "pairs": len(comparison.seeds),
        "record": json.dumps(record, ensure_ascii=False),
        "base_record": json.dumps(base, ensure_ascii=False),
    }
    return pd.DataFrame([row])


def kept(record: Mapping[str, Any]) -> dict[str, Any]:
    """A run record without what differs between two runs of the same command."""
    return {name: value for name, value in record.items() if name not in _NOT_KEPT}


TABLES: Final[Mapping[str, Callable[[Comparison], pd.DataFrame]]] = {
    "entries": entry,
    "summary": lambda comparison: comparison.summary(rounded=False),
    "spending": spending,
    "costs": lambda comparison: comparison.costs(*COST_KEYS, rounded=False),
    "cost_of_each": lambda comparison: pd.DataFrame([cost_of_each(comparison)._asdict()]),
    "ledger": Comparison.ledger,
    "by_year": lambda comparison: comparison.by("year", rounded=False),
    "by_age_band": lambda comparison: comparison.by("age_band", rounded=False),
    "by_deprivation": lambda comparison: comparison.by("deprivation", rounded=False),
    "chances": overall_chances,
    "chances_by_age_band": chances_by("age_band"),
    "chances_by_deprivation": chances_by("deprivation"),
    "pairs": lambda comparison: comparison.by_pair("command line"),
}
"""How each table of a bundle is made from a comparison; `KEYS` are put in front."""
SIZES: Final = "size_sizes"
"""The table with one row for each multiple of a plan, and the hashes of its specifications."""


def compared(results: Sequence[Results]) -> list[dict[str, pd.DataFrame]]:
    """The tables of each scenario's comparison with its base, which comes first."""
    base, *others = results
    found = []
    for comparison in (compare(scenario, base) for scenario in others):
        tables = {name: table(comparison) for name, table in TABLES.items()}
        found.append(with_keys(tables, comparison.scenario.record, comparison.scenario.scenario))
    return found


def sizes_compared(question: SizeQuestion, results: Sequence[Results]) -> list[dict[str, pd.DataFrame]]:
    """The tables of a plan at several sizes (`SizedPlan`), named ``size_...``; raises IncompleteEnsembleError."""
    plan = sized(question, [results])
    if plan.failures:
        raise IncompleteEnsembleError(" ".join(plan.failures))
    tables = {f"size_{name}": table.drop(columns="lens", errors="ignore") for name, table in plan.tables().items()}
    hashes = [arm.record["spec_hash"] for arm in results[1:]]
    tables[SIZES] = tables[SIZES].assign(base_spec_hash=results[0].record["spec_hash"], spec_hash=hashes)
    return [with_keys(tables, results[0].record, question.plan.scenario.name)]


def with_keys(tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any], scenario: str) -> dict[str, pd.DataFrame]:
    """The tables with `KEYS` in front, in place."""
    for rows in tables.values():
        for position, (column, value) in enumerate(zip(KEYS, (scenario, record["place"], record["lens"]), strict=True)):
            rows.insert(position, column, value)
    return dict(tables)

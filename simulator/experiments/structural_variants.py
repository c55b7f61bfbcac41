"""Structural variants: different assumptions about which mechanisms exist, shown separately and never averaged.

Lenses with one share of Frome's gap, with an elicited share, without Frome, and without any link from loneliness to
admissions are different structures, and the data do not allow weights for them. So a decision is shown under each, with
its *regret*: its loss, under that variant, compared with the best of the decisions (Savage LJ 1951, The theory of
statistical decision, J Am Stat Assoc 46:55). The decision with the smallest largest regret limits the loss from being
wrong about the structure, but need not be best under any variant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from simulator.comparison.comparison import Comparison
from simulator.comparison.headline import pounds_text
from simulator.lenses import AS_WRITTEN, ELICITED, ORDER, AppliedLens, ParameterDraws, apply_lens, lens_names
from simulator.places import Place

MEASURE: Final = "net_cost"
"""The outcome by which decisions are judged: money and capacity together, discounted."""
LONELY_LINK: Final = "loneliness.admission_relative_risk"
START_MODELLED: Final = "illness.starting_excess_modelled"
START_PASSING: Final = "illness.starting_excess_passing"
NO_LINK: Final = "No link from loneliness to admissions"
COLUMNS: Final = (
    "variant",
    "admissions",
    "admissions_low",
    "admissions_high",
    "admissions_error",
    "cost",
    "cost_low",
    "cost_high",
    "cost_error",
    "do",
    "leave",
    "withheld",
    "runs",
)


def variants(place: Place) -> dict[str, AppliedLens]:
    """The variants that the available lenses allow, and what ``place`` states of its start, by label."""
    shipped = lens_names()
    found: dict[str, AppliedLens] = {}
    claimed, trial = ORDER
    if claimed in shipped:
        found["All of Frome's gap was caused"] = apply_lens(claimed)
        found["How much was caused is open"] = apply_lens(claimed, ELICITED)
    without = apply_lens(trial) if trial in shipped else AS_WRITTEN
    found["Frome held out" if trial in shipped else "Evidence as written"] = without
    if place.starting_admissions != 1.0:
        start = with_value_fixed(without, START_MODELLED, 1.0)
        for passing, label in (
            (1.0, "The place's high or low start passes"),
            (0.0, "The place's high or low start lasts"),
        ):
            found[label] = replace(with_value_fixed(start, START_PASSING, passing), title=f"{without.title}. {label}")
    found[NO_LINK] = without_loneliness_link(without)
    return found


def without_loneliness_link(applied_lens: AppliedLens) -> AppliedLens:
    """The same lens with no effect of loneliness on admissions."""
    title = f"{applied_lens.title}, without a link from loneliness to admissions"
    return replace(with_value_fixed(applied_lens, LONELY_LINK, 1.0), title=title)


def with_value_fixed(applied_lens: AppliedLens, path: str, number: float) -> AppliedLens:
    """The same lens with one value, which may not be a table, fixed at this number in every draw."""
    rows = np.ones((1, 0)) if applied_lens.draws is None else applied_lens.draws.rows
    paths, ratios = ((), ()) if applied_lens.draws is None else (applied_lens.draws.paths, applied_lens.draws.ratios)
    kept = ParameterDraws(paths, ratios, rows).without((path,))
    with_one = np.hstack([kept.rows, np.full((len(kept.rows), 1), number)])
    return replace(applied_lens, draws=ParameterDraws((*kept.paths, path), (*kept.ratios, False), with_one))


def regrets(comparisons: Mapping[str, Comparison]) -> pd.DataFrame:
    """One row per variant with `COLUMNS`: the scenario's effect, and the regret of adopting it and of not doing so.

    ``admissions`` and ``cost`` [pounds a year, above 0: it costs more] are mean differences to the baseline, with the
    80 % range and the Monte Carlo error; ``do`` and ``leave`` are regrets in pounds a year, one of them 0.
    """
    rows = []
    for name, found in comparisons.items():
        table = found.per("year").summary(("emergency_admissions", MEASURE), rounded=False).to_dict("records")
        numbers = [float(row[end]) for row in table for end in ("difference", "low", "high", "monte_carlo_error")]
        cost = float(table[1]["difference"])
        withheld = bool(found.scenario.record["lens_faults"])
        rows.append((name, *numbers, max(cost, 0.0), max(-cost, 0.0), withheld, len(found.seeds)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def outcomes(comparisons: Mapping[str, Comparison]) -> pd.DataFrame:
    """Unrounded rows of `Comparison.summary` per year with ``variant`` in front, ordered by variant."""
    tables = []
    for name, found in comparisons.items():
        table = found.per("year").summary("lenses", rounded=False)
        table.insert(0, "variant", name)
        tables.append(table.assign(withheld=bool(found.scenario.record["lens_faults"])))
    return pd.concat(tables, ignore_index=True)


def minimax_regret_finding(table: pd.DataFrame) -> str:
    """A sentence on the decision with the smaller largest regret."""
    do, leave = float(table["do"].max()), float(table["leave"].max())
    worst = {name: str(table["variant"].iloc[int(table[name].to_numpy().argmax())]) for name in ("do", "leave")}
    if do == leave:
        return "Adopting the scenario and not adopting it have the same largest regret."
    better, other = ("do", "leave") if do < leave else ("leave", "do")
    words = {"do": "Adopting the scenario", "leave": "Not adopting the scenario"}
    error = float(table["cost_error"].max())
    regret = {"do": pounds_text(do, error), "leave": pounds_text(leave, error)}
    if regret[better] == regret[other]:
        return f"Adopting the scenario and not adopting it have about the same largest regret, {regret[better]} a year."
    return (
        f"{words[better]} has the smaller largest regret: at most {regret[better]} a year, compared with "
        f"{regret[other]} for {words[other].lower()} ({worst[other]})."
    )

"""The wider ledger: what has been claimed of schools, work, growth, crime and the state, beside what the model changed.

It is separate. Nothing here enters a headline, a cost or a total, its lines are never added up, and no line is graded
better than C: each multiplies a change in the model by a published association of which nobody knows how much is
cause. ``wider.causal_share`` is that share; 0 empties the ledger. Formulas are in `simulator.wider_lines`.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd

from simulator.arms import described, grouped, values
from simulator.categories import WEEKS_PER_YEAR
from simulator.comparison import Comparison
from simulator.contrasts import COLUMNS, Described
from simulator.evidence import load_evidence
from simulator.measures import INDEX
from simulator.paired import INTERVAL, Floats, monte_carlo_error, percentile
from simulator.wider_lines import LINES, TOPIC, Line, grade

LEDGER_COLUMNS: Final = ("line", "title", "part", "grade", *COLUMNS)
CLAIM_COLUMNS: Final = ("name", "label", "kind", "uk", "england", "place", "low", "high", "grade", "source")
SIMULATED, IMPLIED = "simulated", "implied"
"""Values of ``part``: what the model changed, and what the association would make of it."""


def wider_ledger(comparison: Comparison, *, rounded: bool = True) -> pd.DataFrame:
    """Two rows a line with `LEDGER_COLUMNS`: what the model changed, and what the association implies.

    ``grade`` is that of the leading association, never better than C. A line without a published size is NaN in its
    second row. The rows are never added up.
    """
    belief = beliefs(comparison)
    rows = []
    for line in LINES:
        words = described(line.outcome, comparison.basis)
        baseline, scenario = (values(arm, line.outcome, (), comparison.basis) for arm in comparison.arms)
        said = Described(line.name, line.implied, line.unit, line.good)
        if line.effect is None:
            implied = np.full(len(baseline), np.nan)
        else:
            # Where there was nobody to ask, nothing can have changed.
            change = np.nan_to_num(scenario - baseline) / 100.0
            implied = line.effect(change, _people(comparison, line), belief)
        front = {"line": line.name, "title": line.title, "grade": grade(line)}
        rows += [
            {**front, "part": SIMULATED, **comparison.row(words, baseline, scenario, rounded)},
            {**front, "part": IMPLIED, **comparison.row(said, implied * 0.0, implied, rounded)},
        ]
    return pd.DataFrame(rows, columns=list(LEDGER_COLUMNS))


def beliefs(comparison: Comparison) -> dict[str, Floats]:
    """Evidence of the topic by name as each run of the scenario believed it, shape (pairs,)."""
    table = comparison.scenario.parameters
    table = table[table["path"].str.startswith(f"{TOPIC}.")]
    wide = table.pivot(index="seed", columns="path", values="value").loc[list(comparison.seeds)]
    return {str(path).removeprefix(f"{TOPIC}."): wide[path].to_numpy(np.float64) for path in wide.columns}


def _people(comparison: Comparison, line: Line) -> Floats:
    """Children of 5 to 15 of the baseline, the mean of its quarters; for output, all residents. Shape (pairs,)."""
    counts = grouped(comparison.arms[0].counts, ("quarter",))
    if line.outcome == "children_with_trusted_adult":
        return np.asarray(counts[..., INDEX["children_present"]].mean(axis=1), np.float64)
    weeks = counts[..., INDEX["resident_weeks"]].sum(axis=1)
    return np.asarray(weeks / comparison.arms[0].weeks, np.float64)


def associations(comparison: Comparison) -> pd.DataFrame:
    """What the lines rest on: line, value, label, number believed on average, its 80 % range, unit, grade, source."""
    evidence, belief = load_evidence(), beliefs(comparison)
    rows = []
    for line in LINES:
        for name in (*line.association, "causal_share") if line.association else ():
            entry = evidence[f"{TOPIC}.{name}"]
            low, high = (percentile(belief[name], share) for share in INTERVAL)
            rows.append(
                (
                    line.name,
                    name,
                    entry.label,
                    float(belief[name].mean()),
                    low,
                    high,
                    entry.unit,
                    entry.grade,
                    entry.source,
                )
            )
    columns = ("line", "name", "label", "value", "low", "high", "unit", "grade", "source")
    return pd.DataFrame(rows, columns=list(columns))


def claims(comparison: Comparison) -> pd.DataFrame:
    """The national claims beside what was simulated, pounds a year with `CLAIM_COLUMNS`; claims are never results.

    ``kind`` is claimed or simulated. A claim for the UK is shared out by population. What was simulated in the place,
    mean of the runs, undiscounted, with the middle 80 % of runs, is scaled to England by population as if every place
    were like this one; it has no ``uk``.
    """
    belief, evidence = beliefs(comparison), load_evidence()
    uk, england = float(belief["uk_population"].mean()), float(belief["england_population"].mean())
    residents = int(comparison.scenario.record["residents"])
    rows: list[dict[str, Any]] = []
    for name in ("claimed_gross_saving", "claimed_net_saving"):
        entry, pounds = evidence[f"{TOPIC}.{name}"], float(belief[name].mean())
        shares = {"uk": pounds, "england": pounds * england / uk, "place": pounds * residents / uk}
        words = {"name": name, "label": entry.label, "kind": "claimed", "grade": entry.grade, "source": entry.source}
        rows.append({**words, **shares, "low": math.nan, "high": math.nan})
    for account, label in (("automated", "Staff time automated"), ("released", "Released after rework and technology")):
        pounds_a_run = _account(comparison, account)
        low, high = (percentile(pounds_a_run, share) for share in INTERVAL)
        mean = float(pounds_a_run.mean())
        found = {"place": mean, "england": mean * england / residents, "uk": math.nan, "low": low, "high": high}
        rows.append({"name": account, "label": label, "kind": "simulated", "grade": "", "source": "this run", **found})
    return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))


def claims_error(comparison: Comparison) -> float:
    """Monte Carlo error of what was released, pounds a year, for rounding."""
    return monte_carlo_error(_account(comparison, "released"), comparison.draws)


def _account(comparison: Comparison, account: str) -> Floats:
    """Pounds a year of an account of the scenario's offset ledger, all services, shape (pairs,)."""
    ledger = comparison.scenario.ledger
    pence = ledger[ledger["account"] == account].groupby("seed")["pence"].sum()
    years = comparison.scenario.weeks / WEEKS_PER_YEAR
    return pence.reindex(list(comparison.seeds), fill_value=0).to_numpy(np.float64) / 100.0 / years

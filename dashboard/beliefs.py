"""Which belief moves a result: each uncertain value beside the differences of the pairs that drew it.

Pairs of runs with one belief are averaged, so that luck counts for less. A value's strength is Spearman's rank
correlation with the difference. Among so many values some correlate by luck: the bar is the strongest correlation that
95 % of shuffles of the same differences stay below, over all values at once (Westfall PH, Young SS 1993,
Resampling-Based Multiple Testing).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.saying import lowered
from dashboard.series import pair_values
from dashboard.tables import Cells
from dashboard.words import MINUS
from simulator.comparison import Comparison
from simulator.evidence import Evidence
from simulator.lenses import known_values
from simulator.paired import Floats

FEWEST_BELIEFS: Final = 12
"""Below these any ranking of values is luck."""
SHUFFLES: Final = 400
SHOWN: Final = 10
COLUMNS: Final = ("path", "label", "correlation", "low_half", "high_half", "beyond_luck")


def beliefs_drawn(comparison: Comparison) -> int:
    """How many different beliefs the pairs of a comparison hold."""
    return len(np.unique(comparison.draws))


def tornado(comparison: Comparison, measure: str) -> tuple[pd.DataFrame, float]:
    """The values that move a measure most, the strongest first, with `COLUMNS`; and the bar that luck sets.

    ``low_half`` and ``high_half`` are mean differences over the beliefs in which the value is low, and high. Values
    that the scenario settles, or that are known, do not vary and have no row. Empty with fewer than `FEWEST_BELIEFS`.
    """
    pairs = pair_values(comparison, measure).assign(belief=comparison.draws).dropna(subset=["difference"])
    result = pairs.groupby("belief")["difference"].mean()
    if len(result) < FEWEST_BELIEFS or result.nunique() == 1:
        return pd.DataFrame(columns=list(COLUMNS)), float("nan")
    values = _varying(comparison, pairs.groupby("belief")["seed"].first())
    ranks = _ranks(values.to_numpy(np.float64))
    outcome = _ranks(result.to_numpy(np.float64)[:, None])[:, 0]
    correlation = ranks.T @ outcome
    shuffler = np.random.default_rng(len(result))
    luck = [np.abs(ranks.T @ shuffler.permutation(outcome)).max() for _ in range(SHUFFLES)]
    bar = float(np.quantile(luck, 0.95))
    order = np.argsort(-np.abs(correlation), kind="stable")[:SHOWN]
    rows = []
    for column in order:
        path = str(values.columns[column])
        high = values.iloc[:, column].to_numpy() > np.median(values.iloc[:, column])
        halves = (float(result[~high].mean()), float(result[high].mean()))
        found = float(correlation[column])
        rows.append((path, _label(path), found, *halves, abs(found) > bar))
    return pd.DataFrame(rows, columns=list(COLUMNS)), bar


def tornado_finding(rows: pd.DataFrame, beliefs: int) -> str:
    """Which beliefs move the result beyond luck."""
    sure = rows[rows["beyond_luck"]]
    if sure.empty:
        return f"No single belief moves the result more than luck would among so many ({beliefs} beliefs drawn)"
    count = "One belief moves" if len(sure) == 1 else f"{len(sure)} beliefs move"
    first = str(sure["label"].iloc[0])
    return f"{count} the result beyond luck; most of all: {lowered(first)}"


def tornado_cells(rows: pd.DataFrame, unit: str) -> Cells:
    """The tornado as a table."""
    body = [
        [
            str(row["label"]),
            *(f"{row[name]:+,.3g}".replace("-", MINUS) for name in ("low_half", "high_half")),
            f"{row['correlation']:+.2f}".replace("-", MINUS),
            "yes" if row["beyond_luck"] else "no",
        ]
        for _, row in rows.iterrows()
    ]
    heads = ["Belief", "Difference where it is low", "Where it is high", "Rank correlation", "Beyond luck"]
    return Cells(f"Beliefs that move the result most: {unit}", heads, body, 1)


def _varying(comparison: Comparison, seeds: pd.Series[Any]) -> pd.DataFrame:
    """One row a belief, one column a value that differs between beliefs; the keys of a table move together."""
    table = comparison.scenario.parameters
    table = table[table["seed"].isin(list(seeds))]
    wide = table.pivot_table(index="seed", columns="path", values="value").loc[list(seeds)]
    wide = wide.loc[:, wide.nunique() > 1]
    named = {str(path): _value_of(str(path)) for path in wide.columns}
    firsts = {name: path for path, name in reversed(named.items())}
    return wide[list(firsts.values())].rename(columns=named)


def _value_of(path: str) -> str:
    """The evidence value that a number belongs to: that of a table without its category."""
    return path if path in _known() else path.rpartition(".")[0]


def _label(path: str) -> str:
    return _known()[path].label if path in _known() else path


@lru_cache(maxsize=1)
def _known() -> Evidence:
    return known_values()


def _ranks(columns: Floats) -> Floats:
    """Ranks of each column, centred and of length 1, so that a product of two is their correlation."""
    ranks = pd.DataFrame(columns).rank().to_numpy(np.float64)
    ranks = ranks - ranks.mean(axis=0)
    length = np.sqrt((ranks**2).sum(axis=0))
    return np.asarray(ranks / np.where(length > 0.0, length, 1.0))

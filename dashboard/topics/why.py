"""Associations of uncertain parameters with a result, effects by causal share, and effects by channel.

Pairs of runs with the same parameter draw are averaged to reduce chance variation. The strength of an association is
Spearman's rank correlation with the difference. Among many parameters some correlate by chance, so the threshold is
the 95th percentile of the strongest correlation over all parameters when the differences are shuffled (Westfall PH,
Young SS 1993, Resampling-Based Multiple Testing).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.text.labels import CHANNELS, MINUS
from dashboard.text.lens_names import LensSettings, settings_of_key
from dashboard.text.phrases import lowered
from dashboard.text.tables import Cells, cells_of
from dashboard.topics.series import pair_values
from dashboard.topics.several_scenarios import over_seeds
from dashboard.topics.through_lenses import Through, lens_of
from simulator.comparison.comparison import Comparison
from simulator.comparison.paired_statistics import Floats
from simulator.evidence import Evidence
from simulator.experiments.attribution import CHANGED_EVIDENCE, INTERACTION, TOTAL
from simulator.experiments.lens_comparisons import CAUSAL_SHARES
from simulator.lenses import fittable_values

FEWEST_DRAWS: Final = 12
"""With fewer draws a ranking of parameters would mostly reflect chance."""
SHUFFLES: Final = 400
SHOWN: Final = 10
COLUMNS: Final = ("path", "label", "correlation", "low_half", "high_half", "beyond_chance")


def draws_used(comparison: Comparison) -> int:
    """The number of different parameter draws in the pairs of a comparison."""
    return len(np.unique(comparison.draws))


def tornado(comparison: Comparison, measure: str) -> tuple[pd.DataFrame, float]:
    """Parameters most strongly associated with a measure, the strongest first, with `COLUMNS`; and the threshold.

    ``low_half`` and ``high_half`` are mean differences over the draws in which the parameter is low, and high.
    Parameters that do not vary have no row. Empty with fewer than `FEWEST_DRAWS` draws.
    """
    pairs = pair_values(comparison, measure).assign(draw=comparison.draws).dropna(subset=["difference"])
    result = pairs.groupby("draw")["difference"].mean()
    if len(result) < FEWEST_DRAWS or result.nunique() == 1:
        return pd.DataFrame(columns=list(COLUMNS)), float("nan")
    values = _varying(comparison, pairs.groupby("draw")["seed"].first())
    if values.empty:
        return pd.DataFrame(columns=list(COLUMNS)), float("nan")
    ranks = _ranks(values.to_numpy(np.float64))
    outcome = _ranks(result.to_numpy(np.float64)[:, None])[:, 0]
    correlation = ranks.T @ outcome
    shuffler = np.random.default_rng(len(result))
    chance = [np.abs(ranks.T @ shuffler.permutation(outcome)).max() for _ in range(SHUFFLES)]
    bar = float(np.quantile(chance, 0.95))
    order = np.argsort(-np.abs(correlation), kind="stable")[:SHOWN]
    rows = []
    for column in order:
        path = str(values.columns[column])
        high = values.iloc[:, column].to_numpy() > np.median(values.iloc[:, column])
        halves = (float(result[~high].mean()), float(result[high].mean()))
        found = float(correlation[column])
        rows.append((path, _label(path), found, *halves, abs(found) > bar))
    return pd.DataFrame(rows, columns=list(COLUMNS)), bar


def tornado_finding(rows: pd.DataFrame, n_draws: int) -> str:
    """The parameters associated with the result more strongly than chance would explain."""
    sure = rows[rows["beyond_chance"]]
    if sure.empty:
        none = "No single parameter is associated with the result more strongly than chance would explain"
        return f"{none} ({n_draws} parameter draws)"
    count = "One parameter is" if len(sure) == 1 else f"{len(sure)} parameters are"
    first = str(sure["label"].iloc[0])
    return f"{count} associated with the result beyond chance; the strongest: {lowered(first)}"


def tornado_cells(rows: pd.DataFrame, unit: str) -> Cells:
    """The tornado as a table."""
    columns = (
        "Parameter={label} | Difference where it is low={low_half:+,.3g} | Where it is high={high_half:+,.3g} | "
        "Rank correlation={correlation:+.2f} | Beyond chance={sure}"
    )
    sure = rows["beyond_chance"].map({True: "yes", False: "no"})
    return cells_of(rows.assign(sure=sure), f"Parameters most strongly associated with the result: {unit}", columns)


def _varying(comparison: Comparison, seeds: pd.Series[Any]) -> pd.DataFrame:
    """One row per draw and one column per parameter that varies; all keys of a table share one column."""
    table = comparison.scenario.parameters
    table = table[table["seed"].isin(list(seeds))]
    wide = table.pivot_table(index="seed", columns="path", values="value").loc[list(seeds)]
    wide = wide.loc[:, wide.nunique() > 1]
    named = {str(path): _value_of(str(path)) for path in wide.columns}
    firsts = {name: path for path, name in reversed(named.items())}
    return wide[list(firsts.values())].rename(columns=named)


def _value_of(path: str) -> str:
    """The evidence value that a number belongs to; for a table, its path without the category."""
    return path if path in _known() else path.rpartition(".")[0]


def _label(path: str) -> str:
    return _known()[path].label if path in _known() else path


@lru_cache(maxsize=1)
def _known() -> Evidence:
    return fittable_values()


def _ranks(columns: Floats) -> Floats:
    """Ranks of each column, centred and of length 1, so that the product of two columns is their correlation."""
    ranks = pd.DataFrame(columns).rank().to_numpy(np.float64)
    ranks = ranks - ranks.mean(axis=0)
    length = np.sqrt((ranks**2).sum(axis=0))
    return np.asarray(ranks / np.where(length > 0.0, length, 1.0))


# Effects on the headline if less of each observed association is causal, by lens.


Find = Callable[[str], Comparison | None]
"""Returns a comparison by lens key, or None if it has not been run."""


def shares_through(found: Through, find: Find) -> dict[str, dict[float, Comparison]]:
    """`through_shares` on a yearly basis by lens, without the lenses that have not been run at every share."""
    made = {lens_of(key): through_shares(key, one.per("year"), find) for key, one in found.items()}
    return {lens: each for lens, each in made.items() if each is not None}


def through_shares(key: str, one: Comparison, find: Find) -> dict[float, Comparison] | None:
    """A comparison by lens key at each of `CAUSAL_SHARES`, over the pairs they all have and on its basis.

    None if it has not been run at every share.
    """
    made = {share: one if at_share(key, share) == key else find(at_share(key, share)) for share in CAUSAL_SHARES}
    there = {share: each.per(one.basis) for share, each in made.items() if each is not None}
    seeds = [seed for seed in one.seeds if all(seed in each.seeds for each in there.values())]
    if len(there) < len(made) or not seeds:
        return None
    return {share: over_seeds(each, seeds) for share, each in sorted(there.items())}


def at_share(key: str, share: float) -> str:
    """The key of a lens with another causal share."""
    lens, frome, _ = settings_of_key(key)
    return LensSettings(lens, frome, share).key


def lenses_to_ask(found: Through, find: Find) -> list[str]:
    """Keys at other causal shares that have not been run."""
    keys = [at_share(key, share) for key in found for share in CAUSAL_SHARES if at_share(key, share) not in found]
    return [key for key in dict.fromkeys(keys) if find(key) is None]


# Effects by channel: rows of a figure, a table, and a finding.


def channel_rows(table: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Rows of one outcome: channel, label, part, low, high, alone, monte_carlo_error and kind (part, note or total)."""
    rows = table[table["outcome"] == outcome].copy()
    unused = (rows["channel"] == CHANGED_EVIDENCE) & (rows["part"] == 0.0)
    rows = rows[~unused]
    kinds = {INTERACTION: "note", TOTAL: "total"}
    return rows.assign(
        label=rows["channel"].map(CHANNELS), kind=[kinds.get(str(channel), "part") for channel in rows["channel"]]
    )


def channel_finding(rows: pd.DataFrame, label: str, unit: str) -> str:
    """The channel with the largest part of the effect, with its range."""
    parts = rows[rows["kind"] == "part"]
    if not parts["part"].abs().sum():
        return f"{label}: no channel has an effect"
    top = parts.iloc[int(parts["part"].abs().to_numpy().argmax())]
    total = rows[rows["kind"] == "total"].iloc[0]
    name = str(top["label"]).split(":")[0]
    sure = f"80 % range {_signed(top['low'])} to {_signed(top['high'])}"
    sure = "from one seed, too few for a range" if math.isnan(top["monte_carlo_error"]) else sure
    sure = "its range is withheld" if math.isnan(top["low"]) else sure
    share = f"{_signed(top['part'])} of {_signed(total['part'])} {unit}"
    return f"{label}: the largest part is {name.lower()} ({share}), {sure}"


def channel_cells(rows: pd.DataFrame, unit: str) -> Cells:
    """Parts as a table."""
    body = [
        [
            str(row["label"]),
            _signed(row["part"]),
            *("withheld" if math.isnan(row[name]) else _signed(row[name]) for name in ("low", "high")),
            f"{row['monte_carlo_error']:,.2g}",
            "" if row["alone"] != row["alone"] or row["kind"] != "part" else _signed(row["alone"]),
        ]
        for _, row in rows.iterrows()
    ]
    return Cells(
        f"Parts of the effect: {unit}", ["Channel", "Part", "Lower", "Upper", "Monte Carlo error", "Alone"], body, 1
    )


def _signed(value: float) -> str:
    return f"{value:+,.1f}".replace("-", MINUS)

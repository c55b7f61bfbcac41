"""Results of a county: sums over its places, and differences by year and place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from simulator.comparison.arms import values
from simulator.comparison.comparison import Comparison, compare
from simulator.comparison.outcomes import OUTCOMES, shown_in
from simulator.comparison.paired_statistics import paired_difference
from simulator.results.results import SERVICE_COLUMNS, Failure, Results, parameter_draw_of

PENCE: Final = 2
"""Decimals to which differences in pounds are rounded, so that tiny ones count as equal."""
_CELL: Final = ["seed", "quarter", "year", "age_band", "deprivation", "lonely"]
_SUMS: Final[Mapping[str, tuple[list[str], list[str]]]] = {
    "ledger": (["seed", "quarter", "year", "service", "account"], ["pence"]),
    "programmes": (
        ["seed", "quarter", "year", "programme", "source", "payer"],
        ["pence", "units", "clients", "member_weeks", "offers", "engagements"],
    ),
    "services": (
        ["seed", "quarter", "year", "service", "role"],
        [name for name in SERVICE_COLUMNS if name not in ("quarter", "service", "role")],
    ),
    "volunteers": (
        ["seed", "quarter", "year", "programme"],
        ["volunteers", "weeks", "hours", "care_hours", "strain_millionths", "asked", "said_yes", "left", "willing"],
    ),
}
_MEANS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "volunteers": (("strain_millionths",), "weeks"),
    "services": (("utilisation", "turnover", "vacancies", "skill", "known"), "hours"),
}
"""By table: columns that are means, and the column over which they were taken."""


def summed_over_places(places: Sequence[Results], record: Mapping[str, Any]) -> Results:
    """One scenario's runs in all places of a county, added up by seed.

    ``record`` names and describes the county; the rest of the run record is that of the first place. A seed that
    failed in any place counts as failed, with that place's cause. All places share the same parameter draw.
    """
    first = places[0]
    lost = _lost(places)
    kept = [seed for seed in first.seeds if seed not in lost]
    columns = list(first.cells.columns)
    counts = [name for name in columns if name not in {"scenario", "place", "parameter_draw", *_CELL}]
    cells = _kept(first.cells, kept)
    total = np.zeros((len(cells), len(counts)), np.int64)
    for place in places:
        ordered = _kept(place.cells, kept)
        if not ordered[_CELL].equals(cells[_CELL]):
            raise ValueError(f"Runs of {place.record['place']} and {first.record['place']} have different cells.")
        total += ordered[counts].to_numpy()
    cells = cells.assign(**{name: total[:, column] for column, name in enumerate(counts)})
    failures = pd.DataFrame(
        [(first.scenario, seed, *failure) for seed, failure in lost.items()],
        columns=["scenario", "seed", *Failure._fields],
    ).astype({"seed": "int64"})
    sums = {
        name: _added_up([_whole(name, getattr(place, name)) for place in places], keys, amounts, kept)
        for name, (keys, amounts) in _SUMS.items()
    }
    return Results(
        cells=_placed(cells, record["place"]),
        ledger=_placed(sums["ledger"], record["place"]),
        programmes=_placed(sums["programmes"], record["place"]),
        services=_placed(_mean_again("services", sums["services"]), record["place"]),
        volunteers=_placed(_mean_again("volunteers", sums["volunteers"]), record["place"]),
        parameters=_placed(_kept(first.parameters, kept), record["place"]),
        failures=failures,
        record={**first.record, **record},
    )


def stacked_by_place(places: Sequence[Results], record: Mapping[str, Any]) -> Results:
    """One scenario's runs in all places stacked, distinguished by the column ``place``; not added up."""
    names = [str(place.record["place"]) for place in places]
    tables = {}
    for table in ("cells", "ledger", "programmes", "services", "volunteers", "parameters"):
        stacked = pd.concat(
            [getattr(place, table).assign(place=name) for place, name in zip(places, names, strict=True)],
            ignore_index=True,
        )
        tables[table] = stacked.assign(place=pd.Categorical(stacked["place"], categories=names))
    failures = pd.concat(
        [place.failures.assign(place=name) for place, name in zip(places, names, strict=True)], ignore_index=True
    )
    return Results(**tables, failures=failures, record={**places[0].record, **record})


def effects_by_year(scenario: Results, baseline: Results, *, incomplete: bool = False) -> pd.DataFrame:
    """Differences by year: year, measure, label, unit, baseline_value, value, difference, low, high, fewer_in."""
    table = compare(scenario, baseline, incomplete=incomplete).by("year", measures="county", rounded=False)
    columns = ["year", "measure", "label", "unit", "baseline", "scenario", "difference", "low", "high", "fewer_in"]
    found = table[[*columns, "monte_carlo_error", "runs"]]
    return found.rename(columns={"baseline": "baseline_value", "scenario": "value"})


def mode_differences(candles: Results, rollout: Results, *, incomplete: bool = False) -> pd.DataFrame:
    """Candles compared with roll-out in pairs, cumulatively from the start to the end of each year.

    One row per year and additive outcome: ``difference`` is cumulative candles minus roll-out; ``ahead`` names the side
    with the smaller mean; ``candles_ahead_in`` counts the pairs in which candles have the smaller value.
    """
    comparison = compare(candles, rollout, incomplete=incomplete).per("total")
    draws = np.array([parameter_draw_of(seed) for seed in comparison.seeds], np.int64)
    rows = []
    for measure in (name for name in shown_in("county") if not OUTCOMES[name].per):
        differences = _by_year(comparison, measure).cumsum(axis=1).round(PENCE)
        label = OUTCOMES[measure].label
        for column in range(differences.shape[1]):
            found = paired_difference(differences[:, column], draws)
            ahead = "equal" if found.mean == 0.0 else ("candles" if found.mean < 0.0 else "rollout")
            error = found.monte_carlo_error
            rows.append(
                (
                    column + 1,
                    measure,
                    label,
                    found.mean,
                    found.low,
                    found.high,
                    error,
                    ahead,
                    found.fewer_in,
                    found.runs,
                )
            )
    columns = ["year", "measure", "label", "difference", "low", "high", "monte_carlo_error", "ahead"]
    return pd.DataFrame(rows, columns=[*columns, "candles_ahead_in", "runs"])


def _by_year(comparison: Comparison, measure: str) -> np.ndarray:
    """Scenario minus baseline in total, by pair and year, shape (pairs, years)."""
    baseline, scenario = (values(arm, measure, ("year",), comparison.basis) for arm in comparison.arms)
    return np.asarray(scenario - baseline, dtype=np.float64)


def _lost(places: Sequence[Results]) -> dict[int, Failure]:
    """Seeds that failed in any place, with the first cause."""
    lost: dict[int, Failure] = {}
    for place in places:
        columns = (place.failures[name].tolist() for name in ("seed", *Failure._fields))
        for seed, error, message in zip(*columns, strict=True):
            lost.setdefault(int(seed), Failure(error, f"in {place.record['place']}: {message}"))
    return lost


def _kept(table: pd.DataFrame, seeds: Sequence[int]) -> pd.DataFrame:
    return table[table["seed"].isin(list(seeds))].reset_index(drop=True)


def _added_up(
    tables: Sequence[pd.DataFrame], keys: list[str], amounts: list[str], seeds: Sequence[int]
) -> pd.DataFrame:
    stacked = _kept(pd.concat([table.drop(columns="place") for table in tables], ignore_index=True), seeds)
    front = ["scenario", "parameter_draw"]
    summed = stacked.groupby(keys, observed=True, sort=True)[amounts].sum().reset_index()
    of_seed = stacked.drop_duplicates("seed")[["seed", *front]]
    return summed.merge(of_seed, on="seed", how="left")[[*front, *keys, *amounts]]


def _whole(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table with its means turned into sums, which can be added up."""
    if name not in _MEANS:
        return table
    means, over = _MEANS[name]
    return table.assign(**{mean: table[mean] * table[over] for mean in means})


def _mean_again(name: str, table: pd.DataFrame) -> pd.DataFrame:
    means, over = _MEANS[name]
    whole = table[over].where(table[over] != 0, 1)
    return table.assign(**{mean: table[mean] / whole for mean in means})


def _placed(table: pd.DataFrame, county: str) -> pd.DataFrame:
    """The table with the county as its place."""
    names = pd.Series(pd.Categorical([county] * len(table), categories=[county]))
    rest = table.drop(columns="place", errors="ignore")
    rest.insert(1, "place", names)
    return rest

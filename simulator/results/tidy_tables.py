"""Combines the output of single runs into tidy `Results` over seeds, with scenario, place and seed in front."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.foundations.categories import AGE_BANDS, DEPRIVATION
from simulator.foundations.measures import NAMES
from simulator.results.results import (
    CELLS,
    LEDGER_COLUMNS,
    PROGRAMME_COLUMNS,
    QUARTERS_PER_YEAR,
    SERVICE_COLUMNS,
    VOLUNTEER_COLUMNS,
    Failure,
    Results,
    RunFrames,
    parameter_draw_of,
)

Columns = Mapping[str, Any]
"""Columns of a table by name, each an array; a table is made of them at once, since adding columns takes longer."""
_OF_A_RUN: Final = (
    ("ledger", LEDGER_COLUMNS),
    ("programmes", PROGRAMME_COLUMNS),
    ("volunteers", VOLUNTEER_COLUMNS),
    ("services", SERVICE_COLUMNS),
)


def gather(
    outcomes: Mapping[int, RunFrames | Failure],
    record: Mapping[str, Any],
    draw_of: Callable[[int], int] = parameter_draw_of,
) -> Results:
    """Tidy tables over seeds. ``outcomes`` maps each seed to the output of its run, or to its failure.

    ``record`` is the run record (`simulator.results.run_record`); its ``parameters`` says whether parameters were
    ``drawn``. ``draw_of`` gives the parameter draw of a seed's run, which differs from the usual one if the seed is
    offset by place.
    """
    draws = {seed: draw_of(seed) if record["parameters"] == "drawn" else None for seed in outcomes}
    runs = {seed: outcome for seed, outcome in outcomes.items() if isinstance(outcome, RunFrames)}
    failed = [(seed, *outcome) for seed, outcome in outcomes.items() if isinstance(outcome, Failure)]
    failures = pd.DataFrame(failed, columns=["seed", *Failure._fields]).astype({"seed": "int64"})
    failures.insert(0, "scenario", record["scenario"])
    stacked = {
        name: _over_seeds({seed: getattr(run, name) for seed, run in runs.items()}, of) for name, of in _OF_A_RUN
    }
    tables = {"cells": _cells(runs), **stacked, "parameters": _parameters(runs)}
    return Results(
        **{name: _labelled(columns, record, draws) for name, columns in tables.items()},
        failures=failures,
        record=dict(record),
    )


def _labelled(columns: Columns, record: Mapping[str, Any], draws: Mapping[int, int | None]) -> pd.DataFrame:
    """A table with scenario, place, seed and parameter draw (missing if parameters were not drawn) in front."""
    seed = columns["seed"]
    same = np.zeros(len(seed), np.int8)
    by_seed = pd.array(list(draws.values()), dtype="Int64")
    front = {
        "scenario": _category(same, (record["scenario"],)),
        "place": _category(same, (record["place"],)),
        "seed": seed,
        "parameter_draw": by_seed.take(pd.Index(list(draws)).get_indexer(pd.Index(seed))),
    }
    return pd.DataFrame({**front, **columns})


def _cells(runs: Mapping[int, RunFrames]) -> Columns:
    """One row per seed, quarter and cell."""
    quarters = next(iter(runs.values())).cells.shape[0] if runs else 0
    rows = quarters * CELLS
    counts = np.array([run.cells.reshape(rows, len(NAMES)) for run in runs.values()], dtype=np.int64)
    counts = counts.reshape(len(runs) * rows, len(NAMES))
    quarter = np.tile(np.repeat(np.arange(1, quarters + 1), CELLS), len(runs))
    cell = np.tile(np.arange(CELLS), len(runs) * quarters)
    age_band, deprivation, lonely = np.unravel_index(cell, (len(AGE_BANDS), len(DEPRIVATION), 2))
    return {
        "seed": np.repeat(np.fromiter(runs, np.int64, len(runs)), rows),
        "quarter": quarter,
        "year": (quarter - 1) // QUARTERS_PER_YEAR + 1,
        "age_band": _category(age_band, AGE_BANDS),
        "deprivation": _category(deprivation, DEPRIVATION),
        "lonely": lonely.astype(bool),
        **{name: counts[:, column] for column, name in enumerate(NAMES)},
    }


def _parameters(runs: Mapping[int, RunFrames]) -> Columns:
    """One row per seed and evidence value. Runs mostly share their paths: these are turned into texts once."""
    paths = list(dict.fromkeys(path for run in runs.values() for path in run.parameters))
    number = {path: position for position, path in enumerate(paths)}
    where = [number[path] for run in runs.values() for path in run.parameters]
    return {
        "seed": np.repeat(np.fromiter(runs, np.int64, len(runs)), [len(run.parameters) for run in runs.values()]),
        "path": pd.Index(paths).take(where),
        "value": [value for run in runs.values() for value in run.parameters.values()],
    }


def _category(codes: NDArray[Any], names: tuple[str, ...]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(codes.astype(np.int8), categories=pd.Index(names), ordered=True)


def _over_seeds(tables: Mapping[int, pd.DataFrame], names: tuple[str, ...]) -> Columns:
    """One table per seed, stacked, with the seed in front, quarters counted from 1, and the year."""
    stacked = pd.concat(list(tables.values()) or [pd.DataFrame(columns=list(names))], ignore_index=True)
    lengths = [len(table) for table in tables.values()]
    quarter = stacked["quarter"].to_numpy(np.int64) + 1
    return {
        "seed": np.repeat(np.fromiter(tables, np.int64, len(tables)), lengths),
        "quarter": quarter,
        "year": (quarter - 1) // QUARTERS_PER_YEAR + 1,
        **{name: stacked[name].array for name in names if name != "quarter"},
    }

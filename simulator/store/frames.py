"""A run as `Results` of one seed, which is how it is written, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from simulator.measures import NAMES
from simulator.result_tables import gather
from simulator.results import CELLS, TABLES, Results, RunFrames
from simulator.run_record import run_record
from simulator.spec import Spec

_ADDED: Final = ("scenario", "place", "seed", "parameter_draw", "year")
"""Columns that `gather` adds to the tables of a run."""


def results_of(spec: Spec, seed: int, parameter_draw: int | None, run: RunFrames) -> Results:
    """What a run left, as tidy tables with its record.

    The tables say which draw it was: that of its seed as a rule, and another where the seed is a place's own luck.
    """
    results = gather({seed: run}, run_record(spec, [seed], "central" if parameter_draw is None else "drawn"))
    if parameter_draw is None:
        return results
    tables = {name: getattr(results, name) for name in TABLES}
    drawn = {name: table for name, table in tables.items() if "parameter_draw" in table.columns}
    kinds = {name: table["parameter_draw"].dtype for name, table in drawn.items()}
    return replace(
        results,
        **{
            name: table.assign(parameter_draw=np.full(len(table), parameter_draw)).astype(
                {"parameter_draw": kinds[name]}
            )
            for name, table in drawn.items()
        },
    )


def run_of(results: Results) -> RunFrames:
    """What the one run of these results left: `results_of` backwards, to the last bit."""
    tables: dict[str, Any] = {
        name: _as_left(getattr(results, name)) for name in RunFrames._fields if name not in ("cells", "parameters")
    }
    parameters = results.parameters
    return RunFrames(
        cells=results.cells[list(NAMES)].to_numpy().reshape(-1, CELLS, len(NAMES)),
        parameters=dict(zip(parameters["path"], parameters["value"], strict=True)),
        **tables,
    )


def _as_left(table: pd.DataFrame) -> pd.DataFrame:
    left = table.drop(columns=[name for name in _ADDED if name in table.columns])
    if "quarter" in left.columns:
        left["quarter"] = left["quarter"] - 1
    return left

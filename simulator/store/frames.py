"""A run as `Results` of one seed, which is how it is written, and back."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from simulator.measures import NAMES
from simulator.result_tables import gather
from simulator.results import CELLS, Results, RunFrames
from simulator.run_record import run_record
from simulator.spec import Spec

_ADDED: Final = ("scenario", "place", "seed", "parameter_draw", "year")
"""Columns that `gather` adds to the tables of a run."""


def results_of(spec: Spec, seed: int, parameter_draw: int | None, run: RunFrames) -> Results:
    """What a run left, as tidy tables with its record.

    The tables say which draw it was: that of its seed as a rule, and another where the seed is a place's own luck.
    """
    if parameter_draw is None:
        return gather({seed: run}, run_record(spec, [seed], "central"))
    return gather({seed: run}, run_record(spec, [seed], "drawn"), lambda _: parameter_draw)


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

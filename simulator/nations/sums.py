"""One scenario's runs in all places, scaled up and added up as they finish.

Each run is multiplied by the number of real residents that a simulated one represents. Sums are of floating-point
numbers, in the order of the places, and are rounded once, at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.results.results import (
    LEDGER_COLUMNS,
    PROGRAMME_COLUMNS,
    SERVICE_COLUMNS,
    VOLUNTEER_COLUMNS,
    Results,
    RunFrames,
)
from simulator.results.tidy_tables import gather

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "ledger": LEDGER_COLUMNS,
    "programmes": PROGRAMME_COLUMNS,
    "services": SERVICE_COLUMNS,
    "volunteers": VOLUNTEER_COLUMNS,
}
_KEYS: Final[Mapping[str, list[str]]] = {
    "ledger": ["quarter", "service", "account"],
    "programmes": ["quarter", "programme", "source", "payer"],
    "services": ["quarter", "service", "role"],
    "volunteers": ["quarter", "programme"],
    "money": ["quarter", "programme", "source", "payer"],
    "taking_part": ["quarter", "programme"],
}
_MEANS: Final[Mapping[str, tuple[list[str], str]]] = {
    "services": (["utilisation", "turnover", "vacancies", "skill", "known"], "hours"),
    "volunteers": (["strain_millionths"], "weeks"),
}
"""By table: columns that are means, and the column over which they are taken."""
_FRACTIONS: Final = {"units", *SERVICE_COLUMNS[3:-2], "done_by_added", "hours", "care_hours"}
"""Columns that are not whole numbers."""


@dataclass
class _Sum:
    """The sum of one seed's runs over the places so far."""

    cells: NDArray[np.float64]
    parameters: dict[str, float]  # the same in every place
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


class ArmSum:
    """The sum over places of one scenario, by seed."""

    def __init__(self) -> None:
        self._sums: dict[int, _Sum] = {}

    def add(self, seed: int, run: RunFrames, factor: float) -> None:
        """Add one place's run, multiplied by ``factor``."""
        if seed not in self._sums:
            self._sums[seed] = _Sum(np.zeros(run.cells.shape), run.parameters)
        into = self._sums[seed]
        into.cells += factor * run.cells
        for name, table in _parts(run).items():
            scaled = table.set_index(_KEYS[name]) * factor
            into.tables[name] = into.tables[name].add(scaled, fill_value=0.0) if name in into.tables else scaled

    def results(self, record: Mapping[str, Any], seeds: Sequence[int]) -> Results:
        """The nation's results for these seeds, with this run record."""
        return gather({seed: _frames(self._sums[seed]) for seed in seeds if seed in self._sums}, record)


def _parts(run: RunFrames) -> dict[str, pd.DataFrame]:
    """The tables of a run in additive form: means as sums, and programmes as two, since clients have no payer."""
    parts = {name: getattr(run, name)[list(columns)] for name, columns in _COLUMNS.items()}
    programmes = parts.pop("programmes")
    clients = [name for name in PROGRAMME_COLUMNS if name not in (*_KEYS["programmes"], "pence")]
    parts["money"] = programmes[[*_KEYS["money"], "pence"]]
    parts["taking_part"] = programmes[[*_KEYS["taking_part"], *clients]].drop_duplicates(_KEYS["taking_part"])
    for name, (means, over) in _MEANS.items():
        table = parts[name]
        parts[name] = table.assign(**{mean: table[mean].astype(float) * table[over].astype(float) for mean in means})
    return parts


def _frames(total: _Sum) -> RunFrames:
    tables = {name: table.reset_index() for name, table in total.tables.items()}
    tables["programmes"] = tables["money"].merge(tables["taking_part"], on=_KEYS["taking_part"], how="left")
    for name, (means, over) in _MEANS.items():
        table = tables[name]
        whole = table[over].where(table[over] != 0.0, 1.0)
        tables[name] = table.assign(**{mean: table[mean] / whole for mean in means})
    found = {name: _rounded(tables[name], name) for name in _COLUMNS}
    return RunFrames(np.rint(total.cells).astype(np.int64), parameters=total.parameters, **found)


def _rounded(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The table with whole numbers and the order of columns as in a run."""
    whole = [column for column in _COLUMNS[name] if column not in _KEYS[name] and column not in _FRACTIONS]
    numbers = {column: np.rint(table[column].to_numpy(np.float64)).astype(np.int64) for column in whole}
    quarter = table["quarter"].astype(np.int64)
    return table.assign(quarter=quarter, **numbers)[list(_COLUMNS[name])]

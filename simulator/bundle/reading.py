"""Reading ready results, which are never shown for another model, scenario or lens than the one they are of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from simulator.bundle.plan import BundlePlan, Key
from simulator.bundle.same_numbers import is_this_model
from simulator.bundle.tables import KEYS
from simulator.comparison.remembered import Remembered
from simulator.errors import ResultsError, UnknownNameError
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.lenses import EVIDENCE, apply_lens
from simulator.results.folder import RECORD, read_record, read_tables
from simulator.results.run_record import model_version
from simulator.scenario.scenario import load_scenario

FOLDER: Final = Path(__file__).parent / "shipped"
"""The bundle that ships with the simulator."""


class ReadyResult(NamedTuple):
    """One finished comparison: both run records (without time and library versions), and its rows of every table."""

    record: Mapping[str, Any]
    base_record: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Bundle:
    """The tables of a bundle by name (`simulator.bundle`), and its record."""

    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    record: Mapping[str, Any]
    made: Remembered = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Scenario, place and lens of every comparison, in order."""
        return tuple(self.tables["entries"][list(KEYS)].itertuples(index=False, name=None))

    @cached_property
    def _places(self) -> Mapping[str, Mapping[Any, Any]]:
        """Where the rows of each comparison are, by table."""
        return {name: table.groupby(list(KEYS), observed=True).indices for name, table in self.tables.items()}

    @cached_property
    def _unnamed(self) -> Mapping[str, pd.DataFrame]:
        """The tables without the columns that name a comparison."""
        return {name: table.drop(columns=list(KEYS)) for name, table in self.tables.items()}

    @property
    def outdated(self) -> str | None:
        """A sentence if the bundle is of a model version that gives other numbers."""
        made_by = str(self.record["model_version"])
        if is_this_model(made_by):
            return None
        return (
            f"The ready results are those of model {made_by}; this is model {model_version()}, whose results may "
            f"differ. They are made again with '{self.record['command']}'."
        )

    def of(self, scenario: str, place: str, lens: str = EVIDENCE) -> ReadyResult:
        """One comparison. Raises UnknownNameError if the bundle does not hold it."""
        wanted = (scenario, place, lens)
        if wanted not in self.keys:
            raise UnknownNameError("ready result", ", ".join(wanted), [", ".join(key) for key in self.keys])
        rows = _Rows(self, wanted)
        (entry,) = rows["entries"].to_dict("records")
        return ReadyResult(json.loads(entry["record"]), json.loads(entry["base_record"]), rows)

    def rows(self, name: str, wanted: Key) -> pd.DataFrame:
        """The rows of one comparison in a table, without the columns that name it. Raises KeyError for no table."""
        places = self._places[name].get(wanted, np.array([], np.intp))
        found: pd.DataFrame = self._unnamed[name].iloc[places]
        return found.reset_index(drop=True)


class _Rows(Mapping[str, pd.DataFrame]):
    """The tables of one comparison by name, each cut out of the bundle when it is asked for, and kept."""

    def __init__(self, bundle: Bundle, wanted: Key) -> None:
        self._bundle, self._wanted = bundle, wanted
        self._cut: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._cut:
            self._cut[name] = self._bundle.rows(name, self._wanted)
        return self._cut[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._bundle.tables)

    def __len__(self) -> int:
        return len(self._bundle.tables)


def load_bundle(folder: Path = FOLDER, *, any_version: bool = False) -> Bundle:
    """The bundle in a folder.

    Raises ResultsError if there is none, if a table has changed since it was written, or if it is of another model
    version and ``any_version`` is False.
    """
    record = folder / RECORD
    found = _read(folder, record.stat().st_mtime_ns if record.is_file() else 0)
    if found.outdated and not any_version:
        raise ResultsError(found.outdated)
    return found


def bundled(scenario: str, place: str | None = None, lens: str = EVIDENCE, folder: Path = FOLDER) -> ReadyResult:
    """The ready result of a shipped scenario in a place (default: the scenario's) through a lens.

    Raises ResultsError if it is of another model version, or if the scenario or lens has changed since, and
    UnknownNameError if there is none.
    """
    bundle, asked = load_bundle(folder), load_scenario(scenario)
    found = bundle.of(asked.name, place or str(asked.place_reference), lens)
    # Shipped places need not be compared: they are part of the model version.
    record, years = found.record, BundlePlan.of_record(bundle.record).years
    now = (
        asked.hash,
        load_scenario(str(found.base_record["scenario"])).hash,
        apply_lens(lens).hash,
        asked.weeks if years is None else years * WEEKS_PER_YEAR,
    )
    made = (found.base_record["scenario_hash"], record["lens_hash"], record["weeks"])
    if now != (record["scenario_hash"], *made):
        raise ResultsError(
            f"The ready result of {scenario} is of an earlier version of its files: the scenario, the base or "
            f"the lens has changed since. It is made again with '{bundle.record['command']}'."
        )
    return found


@lru_cache(maxsize=4)
def _read(folder: Path, _written: int) -> Bundle:
    """The bundle of a folder whose record was written at this time."""
    names = tuple(read_record(folder)["tables"])
    return Bundle(*read_tables(folder, names))

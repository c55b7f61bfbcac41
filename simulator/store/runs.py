"""One run of a store: its key, its folder with a sealed record, checks for damage, and conversion to results."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from simulator.errors import ResultsError
from simulator.foundations.measures import NAMES
from simulator.results.folder import RECORD, hash_of, read_record
from simulator.results.results import CELLS, Results, RunFrames
from simulator.results.run_record import run_record
from simulator.results.tidy_tables import gather
from simulator.specification.spec import Spec

_SEAL: Final = "seal"
_LISTED: Final = (
    "scenario",
    "place",
    "residents",
    "starts",
    "weeks",
    "model_version",
    "spec_hash",
    "scenario_hash",
    "place_hash",
    "evidence_hash",
    "base_evidence_hash",
)
"""Fields of the run record that identify a run."""
COLUMNS: Final = ("folder", "seed", "parameter_draw", *_LISTED, "bytes", "written", "written_by")
"""Columns of a list of runs: folder below the store, identity (parameter draw None: central values), bytes of its
tables, time of writing (UTC in ISO 8601) and writer (host:process)."""


def folder_of(spec_hash: str, seed: int, key: str) -> Path:
    """Folder of a run below the folder of all runs."""
    return Path(spec_hash) / f"{seed:06d}-{key}"


def fill(folder: Path, spec: Spec, seed: int, parameter_draw: int | None, run: RunFrames) -> None:
    """Write a run into an empty folder: its tables, and its record, sealed with a hash of its content."""
    results_of(spec, seed, parameter_draw, run).fill(folder)
    record = {
        **read_record(folder),
        "parameter_draw": parameter_draw,
        "bytes": _size_of(folder),
        "written_by": f"{socket.gethostname()}:{os.getpid()}",
    }
    content = json.dumps({**record, _SEAL: _seal_of(record)}, indent=2, ensure_ascii=False)
    (folder / RECORD).write_text(f"{content}\n", encoding="utf-8")


def faults_of(folder: Path) -> list[str]:
    """Damage to the folder of a run, as clauses that name each file; empty if it is as written.

    The record contains the hash of each table and its own; records of earlier versions of the simulator are not sealed.
    """
    path = folder / RECORD
    try:
        record = read_record(folder)
        hashes = dict(record["files"])
        sealed = record.pop(_SEAL, None)
        if sealed is not None and sealed != _seal_of(record):
            return [f"{path} has changed since it was written: its hash differs"]
        if sealed is not None and folder_of(*_identity(record)).name != folder.name:
            return [f"{folder} holds a different run from the one in its name"]
    except ResultsError as error:
        return [str(error).rstrip(".")]
    except (KeyError, TypeError, ValueError):
        return [f"{path} is not a run record"]
    faults = []
    for name, wanted in hashes.items():
        if not (folder / name).is_file():
            faults.append(f"{folder / name} is missing")
        elif hash_of(folder / name) != wanted:
            faults.append(f"{folder / name} has changed since it was written: its hash differs from the record's")
    return faults


def row_of(folder: Path) -> dict[str, Any]:
    """A run as a row of a list, with `COLUMNS`, from its record alone. Raises ResultsError if that cannot be read."""
    record = read_record(folder)
    try:
        (seed,) = record["seeds"]
        return {
            "folder": f"runs/{folder.parent.name}/{folder.name}",
            "seed": seed,
            **{name: record[name] for name in _LISTED},
            "written": record["created"],
            # Earlier versions of the simulator did not write these.
            "parameter_draw": record.get("parameter_draw"),
            "bytes": record["bytes"] if "bytes" in record else _size_of(folder),
            "written_by": record.get("written_by"),
        }
    except (KeyError, TypeError, ValueError) as error:
        raise ResultsError(f"{folder / RECORD} is not a run record.") from error


def _identity(record: Mapping[str, Any]) -> tuple[str, int, str]:
    (seed,) = record["seeds"]
    return record["spec_hash"], seed, _key({name: record[name] for name in _SAME}, seed, record["parameter_draw"])


def _seal_of(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _size_of(folder: Path) -> int:
    """Bytes of a run's tables."""
    return sum(path.stat().st_size for path in folder.glob("*.parquet"))


# Two runs are the same run if they have the same key.


_DIGITS: Final = 12
"""Hexadecimal digits of a key; enough that two runs of one specification and seed will not share one by chance."""
_SAME: Final = (
    "spec_hash",
    "scenario_hash",
    "place_hash",
    "evidence_hash",
    "base_evidence_hash",
    "starts",
    "weeks",
    "model_version",
    "versions",
)
"""Fields of the run record. The model version is the package's version and the hash of its sources; versions are those
of the libraries, since another version may round differently."""


def run_key(spec: Spec, seed: int, parameter_draw: int | None) -> str:
    """The key of a run: 12 hexadecimal digits of everything that determines its output.

    That is the specification, the package's version and sources, the libraries, the seed, and the parameter draw (None:
    central values).
    """
    return _key(_of(spec), seed, parameter_draw)


def _key(same: Mapping[str, Any], seed: int, parameter_draw: int | None) -> str:
    content = json.dumps([same, seed, parameter_draw], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:_DIGITS]


@lru_cache(maxsize=256)
def _of(spec: Spec) -> dict[str, Any]:
    record = run_record(spec, (), "")
    return {name: record[name] for name in _SAME}


_ADDED: Final = ("scenario", "place", "seed", "parameter_draw", "year")
"""Columns that `gather` adds to the tables of a run."""


def results_of(spec: Spec, seed: int, parameter_draw: int | None, run: RunFrames) -> Results:
    """The output of a run as tidy tables with its record.

    The tables contain the parameter draw: usually that of its seed, but another if the seed is offset by place.
    """
    if parameter_draw is None:
        return gather({seed: run}, run_record(spec, [seed], "central"))
    return gather({seed: run}, run_record(spec, [seed], "drawn"), lambda _: parameter_draw)


def run_of(results: Results) -> RunFrames:
    """The output of the single run in these results: the exact inverse of `results_of`."""
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

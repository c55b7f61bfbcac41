"""The catalogue's row of a run, from its folder and record: when it is written, and when a catalogue has lost it."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import socket
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from simulator.foundations.measures import NAMES
from simulator.results.folder import RECORD
from simulator.results.results import CELLS, Results, RunFrames
from simulator.results.run_record import run_record
from simulator.results.tidy_tables import gather
from simulator.specification.spec import Spec
from simulator.store.folders import faults_of, file_hashes, size_of

_SHOWN: Final = 12
"""Digits of the key in a folder's name."""
_FROM_RECORD: Final = (
    "spec_hash",
    "scenario",
    "place",
    "residents",
    "starts",
    "weeks",
    "model_version",
    "scenario_hash",
    "place_hash",
    "evidence_hash",
    "base_evidence_hash",
)


def row_of(folder: Path, record: Mapping[str, Any], key: str, parameter_draw: int | None) -> dict[str, Any]:
    """The row of the one run whose files are all in ``folder``, wherever that is now."""
    (seed,) = record["seeds"]
    return {
        **{name: record[name] for name in _FROM_RECORD},
        "key": key,
        "folder": f"runs/{record['spec_hash']}/{seed:06d}-{key[:_SHOWN]}",
        "seed": seed,
        "parameter_draw": parameter_draw,
        "versions": json.dumps(record["versions"]),
        "files": json.dumps(file_hashes(folder)),
        "bytes": size_of(folder),
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
        "written_by": f"{socket.gethostname()}:{os.getpid()}",
    }


def row_if_whole(folder: Path) -> dict[str, Any] | None:
    """The row of a run that is in no catalogue, if its record and every file are as they were written; else None."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if faults_of(folder, record["files"]):
            return None
        (seed,) = record["seeds"]
        draw = None
        if record["parameters"] == "drawn":
            draw = int(pd.read_parquet(folder / "cells.parquet")["parameter_draw"].iloc[0])
        row = row_of(folder, record, key_of_record(record, seed, draw), draw)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # a file is missing, cut or of another layout
    return row if row["folder"] == f"runs/{folder.parent.name}/{folder.name}" else None


# What makes two runs the same run.


KEY_DIGITS: Final = 32
"""Hexadecimal digits of a key; no two of any number of runs that will ever be made share them by chance."""
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
"""Fields of the run record. Model version is the package's version and the hash of its sources; versions are those of
the libraries, since another version of one may round otherwise."""


def run_key(spec: Spec, seed: int, parameter_draw: int | None) -> str:
    """The key of a run: 32 hexadecimal digits of all that decides what it leaves.

    That is the specification, the package's version and sources, the libraries, the seed, and the draw of the
    parameters (None: central values).
    """
    return _key(_of(spec), seed, parameter_draw)


def key_of_record(record: Mapping[str, Any], seed: int, parameter_draw: int | None) -> str:
    """The same key from a run's record, as it was written; raises KeyError for what is no such record."""
    return _key({name: record[name] for name in _SAME}, seed, parameter_draw)


def _key(same: Mapping[str, Any], seed: int, parameter_draw: int | None) -> str:
    content = json.dumps([same, seed, parameter_draw], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:KEY_DIGITS]


@lru_cache(maxsize=256)
def _of(spec: Spec) -> dict[str, Any]:
    record = run_record(spec, (), "")
    return {name: record[name] for name in _SAME}


# A run as `Results` of one seed, which is how it is written, and back.


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

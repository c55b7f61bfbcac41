"""The catalogue's row of a run, from its folder and record: when it is written, and when a catalogue has lost it."""

from __future__ import annotations

import datetime
import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from simulator.results_folder import RECORD
from simulator.store.folders import faults_of, file_hashes, size_of
from simulator.store.keys import key_of_record

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

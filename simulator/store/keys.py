"""What makes two runs the same run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from simulator.run_record import run_record
from simulator.spec import Spec

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

"""Model versions that give the same numbers, so that a change which only makes runs faster outdates no result."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from simulator.errors import FileError
from simulator.foundations.input_files import read_as
from simulator.results.run_record import model_version

FILE: Final = Path(__file__).with_name("same_numbers.yaml")

Digits = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]


class SameNumbers(BaseModel):
    """Hashes of what determines a run (`simulator.results.run_record.hash_of_rooms`), oldest first."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Model versions with the same numbers")

    versions: tuple[Digits, ...]


def same_numbers() -> tuple[str, ...]:
    """The versions in the file, oldest first. Raises FileError with every problem."""
    return _read(FILE)


def is_this_model(made_by: str) -> bool:
    """Whether results of a model version are those of this one: of the same hash, or of one with the same numbers."""
    return are_the_same(made_by, model_version())


def are_the_same(made_by: str, version: str) -> bool:
    """Whether runs of two model versions, such as ``0.1.0+615b2205``, have the same numbers."""
    both = {_digits(made_by), _digits(version)}
    return len(both) == 1 or both <= set(same_numbers())


def confirm_same_numbers(made_by: str) -> None:
    """Note that this model has the numbers of the version ``made_by``; versions without them are dropped."""
    held, both = same_numbers(), (_digits(made_by), _digits(model_version()))
    versions = list(dict.fromkeys((*(held if both[0] in held else ()), *both)))
    if versions != list(held):
        text = FILE.read_text(encoding="utf-8")
        FILE.write_text(re.sub(r"\[.*\]", json.dumps(versions), text, flags=re.DOTALL), encoding="utf-8")
        _read.cache_clear()


@lru_cache(maxsize=4)
def _read(file: Path) -> tuple[str, ...]:
    return read_as(SameNumbers, file, FileError, f"simulator/bundle/{file.name}")[0].versions


def _digits(version: str) -> str:
    return version.rpartition("+")[2]

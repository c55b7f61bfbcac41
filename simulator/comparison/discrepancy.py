"""The model discrepancy: ranges are wider than the spread of runs, as replicated studies show that they must be."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.errors import FileError
from simulator.evidence.schema import Grade
from simulator.foundations.input_files import read_as

FILE: Final = Path(__file__).with_name("discrepancy.yaml")


class Discrepancy(BaseModel):
    """Width of a range, relative to that of the runs alone."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Model discrepancy")

    ratio: float = Field(ge=1.0)
    low: float = Field(ge=0.0, description="The ratio if one study fewer had to lie within its interval")
    high: float = Field(ge=1.0, description="The ratio if one study more had to")
    unit: Literal["ratio"]
    studies: int = Field(ge=1, description="Independent published studies that it is estimated from")
    why: str = Field(min_length=10)
    source: str = Field(min_length=10)
    grade: Grade


@lru_cache(maxsize=1)
def discrepancy() -> Discrepancy:
    """The entry of the file. Raises FileError with every problem."""
    return read_as(Discrepancy, FILE, FileError, f"simulator/comparison/{FILE.name}")[0]


def discrepancy_in_words() -> str:
    """What ranges contain, in a sentence."""
    return (
        f"Ranges (80 %) are the middle 80 % of the pairs of runs, made {discrepancy().ratio:g} times as wide for what "
        "the model leaves out: so wide that four in five of the independent published studies lie within theirs."
    )

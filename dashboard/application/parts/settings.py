"""What the dashboard is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

EXAMPLE_SEEDS: Final = 8
"""Paired runs of each shipped scenario in the worked example: four beliefs, two runs of each."""
FIRST_SEEDS: Final = 24
"""Paired runs of the first scenario, once it has as many as the others: twelve beliefs, the fewest that are ranked."""
EXPLAINED_SEEDS: Final = 4
"""Seeds over which the first scenario's effect is split by channel, each of which takes dozens of runs; 0 for none."""
CAUSAL_SEEDS: Final = 4
"""Paired runs of the first scenario with none and with half of each observed association causal; 0 for none."""
EVALUATED_SEEDS: Final = 4
"""Simulated studies of a programme by each design, each of which takes three runs; 0 for none."""
STUDY_SEEDS: Final = 4
"""Runs of each published study, made again last of all; 0 for none, and two at least."""


@dataclass(frozen=True)
class Settings:
    """Where finished runs are kept, and how the worked example is run."""

    folder: Path  # of finished runs
    place: str = "frome"
    seeds: int = EXAMPLE_SEEDS
    first_seeds: int = FIRST_SEEDS
    workers: int | None = None  # processes; default: one a core
    scenarios: tuple[str, ...] = ()  # of the worked example; every shipped one that plays in one place unless given
    explained_seeds: int = EXPLAINED_SEEDS
    causal_seeds: int = CAUSAL_SEEDS
    evaluated_seeds: int = EVALUATED_SEEDS
    study_seeds: int = STUDY_SEEDS
    prepare: bool = True  # run what is missing of the worked example, in the background


def usual_folder() -> Path:
    """The folder of finished runs of whoever is logged in."""
    return Path(platformdirs.user_data_dir("relational-offset", appauthor=False)) / "finished"

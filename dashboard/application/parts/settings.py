"""Settings with which the dashboard is started."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from simulator.comparison.verdict import ENOUGH

EXAMPLE_SEEDS: Final = ENOUGH
"""Paired runs of each shipped scenario in the worked example: those of the ready results, which then say the same."""
FIRST_SEEDS: Final = 24
"""Paired runs of the first scenario, run after the others: twelve parameter draws, the fewest that are ranked."""
EXPLAINED_SEEDS: Final = 4
"""Seeds for the first scenario's effect by channel, each of which takes 130 runs; 0 for none."""
CAUSAL_SEEDS: Final = 4
"""Paired runs of the first scenario with none and with half of each observed association causal; 0 for none."""
EVALUATED_SEEDS: Final = 4
"""Simulated studies of a programme by each design, each of which takes three runs; 0 for none."""


@dataclass(frozen=True)
class Settings:
    """Folder of finished runs, and settings of the worked example."""

    folder: Path  # of finished runs
    place: str = "frome"
    seeds: int = EXAMPLE_SEEDS
    first_seeds: int = FIRST_SEEDS
    workers: int | None = None  # processes; default: one per core
    scenarios: tuple[str, ...] = ()  # of the worked example; default: all shipped ones in a single place
    explained_seeds: int = EXPLAINED_SEEDS
    causal_seeds: int = CAUSAL_SEEDS
    evaluated_seeds: int = EVALUATED_SEEDS
    prepare: bool = True  # run missing parts of the worked example, in the background


def usual_folder() -> Path:
    """The default folder of finished runs of the user of this computer."""
    return Path(platformdirs.user_data_dir("relational-offset", appauthor=False)) / "finished"

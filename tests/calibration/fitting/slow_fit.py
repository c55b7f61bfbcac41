"""A fit that writes a line for each simulation it begins; run it with a folder, and it continues until it is ended."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from calibration.fitting import fit
from tests.calibration.fitting.known import PLAN, known_problem, simulate

RESUMED = replace(PLAN, noise_points=4, noise_seeds=2, design_points=32, wave_points=16, check_points=8, truths=0)


@dataclass(frozen=True)
class Logged:
    """Simulates, slowly, and says so."""

    folder: Path
    seconds: float

    def __call__(self, points, seeds):
        with (self.folder / "begun.txt").open("a") as log:
            log.write(f"{points.tobytes().hex()} {seeds[0]}\n")
        time.sleep(self.seconds)
        return simulate(points, np.array(seeds))


def slow_fit(folder, seconds, progress=None):
    problem = known_problem(simulate=Logged(Path(folder), seconds))
    return fit(problem, RESUMED, store=Path(folder) / "runs.sqlite", workers=1, progress=progress)


if __name__ == "__main__":
    slow_fit(sys.argv[1], 0.02)

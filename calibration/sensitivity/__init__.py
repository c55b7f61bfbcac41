"""Which beliefs a decision turns on: the beliefs drawn for a comparison, emulators of its differences, and what moves.

    found = sensitivity(before, after, pairs=200)     # `Sensitivity`: tidy frames
    found.findings()                                  # sentences

Needs the extra ``calibration``, as `calibration.fitting` does.
"""

from calibration.sensitivity.findings import COLUMNS, Sensitivity
from calibration.sensitivity.pairs import FEWEST, RunSettings
from calibration.sensitivity.question import sensitivity

__all__ = ["COLUMNS", "FEWEST", "RunSettings", "Sensitivity", "sensitivity"]

"""Which beliefs a decision turns on: the beliefs drawn for a comparison, emulators of its differences, and what moves.

    found = sensitivity(before, after, pairs=200)     # `Sensitivity`: tidy frames
    found.findings()                                  # sentences

Needs the extra ``calibration``, as `calibration.fitting` does.
"""

from calibration.beliefs.asking import sensitivity
from calibration.beliefs.found import COLUMNS, Sensitivity
from calibration.beliefs.running import FEWEST, How

__all__ = ["COLUMNS", "FEWEST", "How", "Sensitivity", "sensitivity"]

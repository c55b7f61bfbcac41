"""Sensitivity analysis of a comparison: parameters that drive its differences, and the value of better evidence.

    found = sensitivity(before, after, pairs=200)     # `Sensitivity`: tidy frames
    found.findings()                                  # sentences

Needs the extra ``calibration``, as `calibration.fitting` does.
"""

from calibration.sensitivity.findings import COLUMNS, Sensitivity
from calibration.sensitivity.pairs import FEWEST, RunSettings
from calibration.sensitivity.question import sensitivity

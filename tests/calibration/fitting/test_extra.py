"""Without the extra, a fit says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import sys
sys.modules["emcee"] = None  # as if it were not installed
from simulator.errors import FitError
try:
    import calibration.fitting
except FitError as told:
    print(told)
"""


def test_a_missing_library_is_named_with_the_command_that_installs_it():
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert done.stdout.strip() == (
        'a fit needs emcee, which is not installed: python -m pip install -c constraints.txt ".[calibration]"'
    )

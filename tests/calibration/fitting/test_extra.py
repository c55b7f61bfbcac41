"""A fit without the optional libraries reports what to install."""

from __future__ import annotations

import importlib
import sys

import calibration.fitting
from simulator.errors import FitError


def test_a_missing_library_is_named_with_the_command_that_installs_it(monkeypatch, messages):
    monkeypatch.setitem(sys.modules, "SALib", None)  # as if it were not installed
    with messages.raised(FitError):
        importlib.reload(calibration.fitting)

from __future__ import annotations

import pytest

from calibration.fitting import fit
from tests.calibration.fitting.known import PLAN, known_problem


@pytest.fixture(scope="session")
def known_fit():
    return fit(known_problem(), PLAN, workers=1)

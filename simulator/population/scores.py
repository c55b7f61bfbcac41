"""The loneliness score of all residents, and the scale on which it is reported: that of adults at a given time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.evidence.parameters import Rates
from simulator.foundations.categories import ADULT_BAND
from simulator.population.columns import Residents
from simulator.rules import loneliness

Floats = NDArray[np.float64]
_FINE = 10_000
"""Parts of a unit in which scores are added up, so that the order of residents does not matter."""


class ScoreScale(NamedTuple):
    """Mean and standard deviation of the unscaled scores of adults, in which scaled scores are given."""

    centre: float
    spread: float


def lasting_scores(residents: Residents, rates: Rates) -> Floats:
    """Unscaled loneliness scores in the usual mood, shape (N,)."""
    rate = rates.loneliness
    personal: Any = residents.personal_need.astype(np.float64)
    outlook: Any = residents.outlook.astype(np.float64)
    need = np.asarray(rate.need)[residents.age_band] + personal
    effects = (rate.support_effect, rate.outlook_effect, rate.illness_effect)
    return np.asarray(loneliness.lasting_score(need, residents.support, outlook, residents.conditions, effects))


def scale_of(residents: Residents, rates: Rates) -> ScoreScale:
    """The scale of these residents' adults; spread 1 if there are none or all have the same score."""
    adult = residents.age_band >= ADULT_BAND
    scores = (lasting_scores(residents, rates) + residents.mood)[adult]
    parts = np.rint(scores * _FINE).astype(np.int64)
    if not len(parts):
        return ScoreScale(0.0, 1.0)
    centre = int(parts.sum()) / len(parts)
    variance = int((parts**2).sum()) / len(parts) - centre**2
    return ScoreScale(centre / _FINE, float(np.sqrt(variance)) / _FINE if variance > 1.0 else 1.0)

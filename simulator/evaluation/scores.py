"""The loneliness score of all residents, and what a survey with a real scale finds of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from simulator.foundations.categories import ADULT_BAND
from simulator.kernels.survey import draw_errors
from simulator.population.scores import Floats, lasting_scores
from simulator.rules import loneliness

if TYPE_CHECKING:
    from simulator.model.place_model import PlaceModel

Ints = NDArray[np.int64]


def loneliness_scores(model: PlaceModel) -> Floats:
    """The loneliness score of each resident at the end of the week [standard deviations of adults], shape (N,)."""
    residents, rates, ties = model.columns, model.rates.loneliness, model.workspace.lonely_ties
    mood, close = residents.mood.astype(np.float64), cast(Any, ties)
    company = loneliness.score_of_company(close, residents.volunteer, rates.travel_effect, rates.giver_effect)
    unscaled: Any = lasting_scores(residents, model.rates) + mood + company
    return np.asarray(loneliness.standardised(unscaled, model.now.score_centre, model.now.score_spread))


class Survey(NamedTuple):
    """How well a scale measures the score, and the score from which it calls someone often or always lonely."""

    seed: int
    error: float  # standard deviation of a measurement's error [standard deviations of adults]
    cut_off: float = np.inf  # [standard deviations of adults]

    def measured(self, true: Floats, weeks: Ints, berths: Ints, generations: Ints) -> Floats:
        """Scores as surveyed: each person's in each week has an error of its own, the same in all runs of a seed."""
        errors = np.empty(len(true))
        draw_errors(self.seed, weeks, berths, generations, errors)
        return true + self.error * errors


def survey_of_adults(model: PlaceModel) -> Survey:
    """The survey of this model's place, with a cut-off above which it finds as many adults as are lonely now."""
    residents = model.columns
    adult = residents.age_band >= ADULT_BAND
    survey = Survey(model.seed, measurement_error(model.rates.loneliness.scale_reliability))
    berths, generations = (residents[name][adult].astype(np.int64) for name in ("berth", "generation"))
    weeks = np.full(len(berths), model.week)
    measured = survey.measured(loneliness_scores(model)[adult], weeks, berths, generations)
    return survey._replace(cut_off=float(np.quantile(measured, 1.0 - residents.lonely[adult].mean())))


def measurement_error(reliability: float) -> float:
    """Standard deviation of the error of a scale with this reliability [standard deviations of the true score].

    Reliability is the share of the variance of measured scores that is not error, in a sample of all adults.

    >>> measurement_error(0.5), measurement_error(1.0)
    (1.0, 0.0)
    """
    return float(np.sqrt((1.0 - reliability) / reliability)) if reliability < 1.0 else 0.0

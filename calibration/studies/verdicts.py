"""Hit or miss: the predictive interval for a published estimate, by one rule for all studies.

The model's prediction is the mean over runs. Parameter uncertainty is the spread between runs with different parameter
draws (one-way random effects, two runs per draw). A published estimate differs from the prediction also by sampling
error in its own sample, which replaces that of the simulated sample:

- if the study reports a 95 % interval, its standard error, that is, the interval's width over 2 x 1.96;
- otherwise the standard deviation between simulated studies with the same parameters and independent comparators, times
  the square root of simulated people over the study's people.

The variances of these two and of the Monte Carlo error of the mean are added. The **80 % predictive interval** is the
mean plus or minus 1.28 standard deviations, and a published estimate within it is a **hit**. Ratios are on the log
scale. A well-calibrated model hits about four in five; if more, its intervals are too wide.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from scipy.special import ndtri

from calibration.studies.estimates import StudyEstimates
from calibration.studies.study import PublishedResult
from simulator.comparison.paired_statistics import components_of_variance, monte_carlo_error

LEVEL: Final = 0.80
REACH: Final = float(ndtri(0.5 + LEVEL / 2.0))
"""Half the width of the predictive interval, in standard deviations."""


class Verdict(NamedTuple):
    """A prediction and its comparison with the published result, in the study's unit; NaN where not available."""

    predicted: float
    low: float  # predictive interval: parameter uncertainty, Monte Carlo error and the study's own sampling error
    high: float
    expected_low: float  # the same without the study's own sampling error
    expected_high: float
    monte_carlo_error: float  # on the working scale
    sampling_error: float  # on the working scale: the study's own
    distance: float  # published minus predicted, in standard deviations of the predictive interval
    hit: bool
    overlap: bool | None  # of the expected interval and the study's; None if it reported none
    nothing_hits: bool | None  # whether an equally wide interval around no effect contains it; None if not applicable


def verdict(published: PublishedResult, found: StudyEstimates) -> Verdict:
    """The verdict on one study. Raises ValueError with fewer than two simulated studies."""
    if len(found.seeds) < 2:
        raise ValueError("a prediction needs at least two simulated studies")
    mean, draws = float(found.estimate.mean()), found.draws
    components = components_of_variance(found.estimate, draws)
    parameter = components.parameter if not math.isnan(components.parameter) else float(found.estimate.var(ddof=1))
    error = monte_carlo_error(found.estimate, draws)
    expected = math.sqrt(parameter + error**2)
    sampling = published.error if published.low is not None else _chance(published, found)
    spread = math.hypot(expected, sampling)
    value = published.on_scale(published.value)
    low, high = mean - REACH * spread, mean + REACH * spread
    expected_low, expected_high = (published.off_scale(mean + side * REACH * expected) for side in (-1.0, 1.0))
    overlap = None
    if published.low is not None and published.high is not None:
        overlap = expected_low <= published.high and published.low <= expected_high
    nothing = None
    if published.no_effect is not None:
        nothing = abs(value - published.on_scale(published.no_effect)) <= REACH * spread
    return Verdict(
        published.off_scale(mean),
        published.off_scale(low),
        published.off_scale(high),
        expected_low,
        expected_high,
        error,
        sampling,
        (value - mean) / spread if spread > 0.0 else (0.0 if value == mean else math.inf),
        low <= value <= high,
        overlap,
        nothing,
    )


def _chance(published: PublishedResult, found: StudyEstimates) -> float:
    """Sampling error of a study without an interval, from the spread of simulated studies and the study's size."""
    return math.sqrt(found.stochastic_variance * found.people / (published.people or found.people))

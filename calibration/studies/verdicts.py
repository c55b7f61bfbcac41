"""Hit or miss: the predictive interval of what a study would have printed, by one rule for all.

The model's prediction is the mean over runs. Its *belief* is the spread between runs of different beliefs about the
evidence (one-way random effects, two runs a belief). What a study prints differs from it further by chance in its own
sample, which takes the place of the luck of the simulated sample:

- where the study prints a 95 % interval, its standard error, that is the interval's width over 2 x 1.96;
- where it does not, the luck between simulated studies of one belief, each with a comparator that has luck of its own,
  times the square root of simulated people over the study's people.

With the Monte Carlo error of the mean, these three add up as variances. The **80 % predictive interval** is the mean
and 1.28 standard deviations of that to either side, and a published estimate within it is a **hit**. Ratios are taken
on the logarithm. A good model hits about four in five; more says that it is too unsure of itself.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from scipy.special import ndtri

from calibration.studies.estimates import StudyEstimates
from calibration.studies.study import PublishedResult
from simulator.comparison.paired_statistics import components_of_variance, monte_carlo_error

LEVEL: Final = 0.80
_REACH: Final = float(ndtri(0.5 + LEVEL / 2.0))


class Verdict(NamedTuple):
    """A prediction beside what was published, in the study's unit; NaN where something cannot be told."""

    predicted: float
    low: float  # of what the study would print: belief, Monte Carlo error and the study's own sampling
    high: float
    expected_low: float  # of what the model expects: the same without the study's own sampling
    expected_high: float
    monte_carlo_error: float  # on the working scale
    sampling_error: float  # on the working scale: the study's own
    distance: float  # published less predicted, in standard deviations of the predictive interval
    hit: bool
    overlap: bool | None  # of the belief's interval and the study's; None if it printed none
    nothing_hits: bool | None  # whether as wide an interval around no effect would hold it; None if that is no question


def verdict(published: PublishedResult, found: StudyEstimates) -> Verdict:
    """The verdict on one study; raises ValueError with fewer than two simulated studies."""
    if len(found.seeds) < 2:
        raise ValueError("a prediction needs two simulated studies or more")
    mean, draws = float(found.estimate.mean()), found.draws
    components = components_of_variance(found.estimate, draws)
    belief = components.parameter if not math.isnan(components.parameter) else float(found.estimate.var(ddof=1))
    error = monte_carlo_error(found.estimate, draws)
    expected = math.sqrt(belief + error**2)
    sampling = published.error if published.low is not None else _chance(published, found)
    spread = math.hypot(expected, sampling)
    value = published.on_scale(published.value)
    low, high = mean - _REACH * spread, mean + _REACH * spread
    expected_low, expected_high = (published.off_scale(mean + side * _REACH * expected) for side in (-1.0, 1.0))
    overlap = None
    if published.low is not None and published.high is not None:
        overlap = expected_low <= published.high and published.low <= expected_high
    nothing = None
    if published.no_effect is not None:
        nothing = abs(value - published.on_scale(published.no_effect)) <= _REACH * spread
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
    """Sampling error of a study that prints no interval, from the luck of simulated ones and the study's size."""
    return math.sqrt(found.stochastic_variance * found.people / (published.people or found.people))

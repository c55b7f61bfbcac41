"""The verdict on a paired difference: better, worse, too small to matter, or cannot tell yet.

One more pair may show a fall by more than the smallest difference that matters, a rise by more than that, or neither.
The chance of each is the share of pairs that show it, together with what Student's t with their mean and spread expects
of one more (its predictive distribution: Geisser S 1993, Predictive Inference, section 2.2), which counts as much as
`WORTH` pairs. Few pairs far from the smallest difference thus decide and few pairs near it do not, while with many the
share itself counts. Pairs that share a parameter draw count for less than independent ones (`effective_pairs`), and all
are further apart by the model discrepancy (`simulator.comparison.paired_statistics.widened`). A chance of at least
`HIGH` decides.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from simulator.comparison.paired_statistics import monte_carlo_error, widened

Kind = Literal["better", "worse", "different", "small", "unsure"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
HIGH: Final = 0.80
"""The chance from which a verdict is given."""
FEWEST: Final = 4
"""Pairs from which a chance is estimated: two parameter draws."""
VERDICTS: Final[Mapping[str, str]] = {
    "better": "Better",
    "worse": "Worse",
    "different": "Different",
    "small": "Too small to matter",
    "unsure": "Cannot tell yet",
}
"""The verdicts in words. ``different`` is for outcomes of which neither more nor less is good."""
ENOUGH: Final = 16
"""Pairs from which more would not change a chance that is far from `HIGH`."""
WORTH: Final = 4.0
"""Pairs that Student's t counts as much as."""


class ThreeChances(NamedTuple):
    """Chances that a difference matters, by direction; they add up to 1."""

    less: float
    small: float
    more: float


def three_chances(difference: NDArray[np.float64], draws: NDArray[np.int64], matters: float) -> ThreeChances:
    """Chances of a fall by more than ``matters``, of neither, and of a rise by more.

    ``difference`` is that of each pair, ``draws`` numbers their parameter draws, both of shape (n,). NaN with fewer
    than `FEWEST` pairs.

    >>> found = three_chances(np.array([-3.0] * 9 + [0.0]), np.arange(10), 1.0)
    >>> [round(chance, 2) for chance in found]
    [0.9, 0.1, 0.0]
    """
    n = len(difference)
    if n < FEWEST or math.isnan(matters):
        return ThreeChances(math.nan, math.nan, math.nan)
    difference = widened(difference)
    less, more = difference < -matters, difference > matters
    events = (less, ~(less | more), more)
    shares = [float(happened.mean()) for happened in events]
    pairs = effective_pairs(events[shares.index(max(shares))], draws)
    expected = _by_student(difference, draws, matters)
    chances = zip(shares, expected, strict=True)
    return ThreeChances(*((share * pairs + WORTH * by_t) / (pairs + WORTH) for share, by_t in chances))


def _by_student(
    difference: NDArray[np.float64], draws: NDArray[np.int64], matters: float
) -> tuple[float, float, float]:
    """Chances of less, small and more in one more pair by Student's t with the mean and spread of these."""
    n_draws = len(np.unique(draws))
    n = n_draws if n_draws > 1 else len(difference)
    mean = float(difference.mean())
    scale = float(difference.std(ddof=1)) * math.sqrt(1.0 + 1.0 / n)
    if scale == 0.0:
        return float(mean < -matters), float(abs(mean) <= matters), float(mean > matters)
    less, more = (float(special.stdtr(n - 1, (-matters - sign * mean) / scale)) for sign in (1.0, -1.0))
    return less, 1.0 - less - more, more


def effective_pairs(happened: NDArray[np.bool_], draws: NDArray[np.int64]) -> float:
    """The number of independent pairs that n pairs, of shape (n,), are worth: p (1 - p) / error^2.

    At least the number of parameter draws, which it is where all pairs agree and the error is 0; at most n.
    """
    n, share = len(happened), float(happened.mean())
    n_draws = len(np.unique(draws))
    fewest = float(n_draws if n_draws > 1 else n)  # with a single draw, pairs differ by chance only
    if share in (0.0, 1.0):
        return fewest
    error = monte_carlo_error(happened.astype(np.float64), draws)
    return min(float(n), max(fewest, share * (1.0 - share) / error**2 if error > 0.0 else 0.0))


def verdict(found: ThreeChances, good: str) -> Kind:
    """The verdict of three chances, where ``good`` is ``less``, ``more`` or ``neither``.

    >>> verdict(ThreeChances(0.9, 0.1, 0.0), "less"), verdict(ThreeChances(0.9, 0.1, 0.0), "more")
    ('better', 'worse')
    >>> verdict(ThreeChances(0.1, 0.85, 0.05), "less"), verdict(ThreeChances(0.5, 0.45, 0.05), "less")
    ('small', 'unsure')
    """
    if found.small >= HIGH:
        return "small"
    if max(found.less, found.more) < HIGH or math.isnan(found.less):
        return "unsure"
    if good == "neither":
        return "different"
    return "better" if (found.less >= HIGH) == (good == "less") else "worse"


def more_pairs(runs: int) -> int:
    """The pairs to run after so many: `ENOUGH`, and then four times as many, which halve the Monte Carlo error.

    >>> more_pairs(2), more_pairs(8), more_pairs(16)
    (16, 16, 64)
    """
    return ENOUGH if runs < ENOUGH else 4 * runs


def what_would_tell(row: Mapping[str, Any] | pd.Series[Any]) -> str:
    """What would decide on a row of a comparison that has no verdict yet.

    >>> row = {"runs": 8, "less_chance": 0.6, "small_chance": 0.3, "more_chance": 0.1, "stochastic_share": 0.2}
    >>> what_would_tell(row)
    '16 pairs of runs may tell'
    >>> what_would_tell({**row, "runs": 64, "less_chance": 0.5})
    'more runs would not tell: better evidence on what the plan does would'
    >>> what_would_tell({**row, "runs": 64, "less_chance": 0.5, "stochastic_share": 0.9})
    'more runs would not tell: chance alone moves it by more from run to run'
    """
    runs = int(row["runs"])
    if runs < FEWEST:
        return f"{runs} pair{'s' if runs > 1 else ''} of runs {'are' if runs > 1 else 'is'} too few; {ENOUGH} may tell"
    likely = max(row["less_chance"], row["small_chance"], row["more_chance"])
    error = math.sqrt(likely * (1.0 - likely) / (runs + 2.0))
    if runs < ENOUGH or likely + error >= HIGH:
        return f"{more_pairs(runs)} pairs of runs may tell"
    if row["stochastic_share"] > 0.5:
        return "more runs would not tell: chance alone moves it by more from run to run"
    return "more runs would not tell: better evidence on what the plan does would"

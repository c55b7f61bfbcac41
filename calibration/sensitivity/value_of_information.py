"""Value of knowing a parameter before deciding: expected value of partial perfect information (EVPPI).

By regression of net benefits on the draws (Strong M, Oakley JE, Brennan A 2014, Med Decis Making 34:311): if the
parameter were known, one would choose at each of its values the option with the highest expected (fitted) benefit.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import SplineTransformer, StandardScaler

from calibration.fitting.problem import Floats
from simulator.errors import FitError

_KNOTS: Final = 5
_FOLDS: Final = 10
_FEWEST: Final = 50
_RIDGES: Final = np.logspace(-4, 3, 8)


def value_of_information(draws: pd.DataFrame, benefits: pd.DataFrame, parameters: tuple[str, ...]) -> pd.DataFrame:
    """Value of knowing each parameter, in the unit of the benefits, and as a share of knowing everything.

    ``draws`` and ``benefits`` have a row for each draw, in the same order; each column of ``benefits`` is an option,
    doing nothing among them. Columns: parameter, evppi, share, error (standard error over the draws). Curves are fitted
    by ten-fold cross-validation, so that chance patterns are not mistaken for information; an estimate below 0 means
    no gain and is shown as 0.

    Raises FitError if there are too few rows or options.
    """
    if len(draws) != len(benefits) or len(draws) < _FEWEST:
        raise FitError(
            f"{len(draws)} draws were given for {len(benefits)} rows of benefits. Give {_FEWEST} or more, one row each"
        )
    if benefits.shape[1] < 2:
        raise FitError(
            "with fewer than two options there is no decision. Add a column of benefits, such as that of doing nothing"
        )
    net = benefits.to_numpy(dtype=np.float64)
    everything = float(np.mean(net.max(axis=1)) - net.mean(axis=0).max())
    rows = []
    for parameter in parameters:
        gain = _gain(draws[[parameter]].to_numpy(dtype=np.float64), net)
        worth = max(0.0, float(gain.mean()))
        share = worth / everything if everything > 0.0 else 0.0
        error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
        rows.append({"parameter": parameter, "evppi": worth, "share": share, "error": error})
    return pd.DataFrame(rows).sort_values("evppi", ascending=False, ignore_index=True)


def _gain(known: Floats, net: Floats) -> Floats:
    """Gain in each draw from choosing with the parameter known, over the best option without knowing it."""
    folds = KFold(_FOLDS, shuffle=True, random_state=0)
    expected = np.column_stack([_smooth(known, net[:, option], folds) for option in range(net.shape[1])])
    advised = net[np.arange(len(net)), expected.argmax(axis=1)]
    return np.asarray(advised - net[:, net.mean(axis=0).argmax()], dtype=np.float64)


def _smooth(known: Floats, benefit: Floats, folds: KFold) -> Floats:
    """Each draw's benefit as predicted by a cubic spline of the parameter fitted without that draw's fold."""
    curve = make_pipeline(
        SplineTransformer(n_knots=_KNOTS, knots="quantile", extrapolation="linear"),
        StandardScaler(),
        RidgeCV(alphas=_RIDGES),
    )
    return np.asarray(cross_val_predict(curve, known, benefit, cv=folds), dtype=np.float64)

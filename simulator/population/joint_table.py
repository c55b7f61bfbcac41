"""Joint table fitted to a place's margins by iterative proportional fitting, and rounded to whole residents.

Deming WE and Stephan FF 1940, Annals of Mathematical Statistics 11:427. The fit keeps the associations of age with
deprivation, and of sex with age and living alone, from the seed table (its odds ratios do not change), and meets the
place's margins of age, living alone by age, sex and deprivation.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from ipfn import ipfn
from numpy.typing import NDArray

from simulator.foundations.categories import AGE_BANDS, DEPRIVATION, SEXES
from simulator.places import Place

Counts = NDArray[np.int64]
F64 = NDArray[np.float64]

AGES, FIFTHS, TWO = len(AGE_BANDS), len(DEPRIVATION), len(SEXES)
_CLOSE: Final = 1e-7
"""Largest relative distance to a margin at convergence: far below one resident in a million."""
_MOST_ROUNDS: Final = 500


def seed_table(place: Place) -> F64:
    """Associations of characteristics before fitting, shape (D, A, 2, 2): deprivation, age, living alone, sex."""
    age_by_deprivation = np.array(place.age_by_deprivation)
    women, alone = np.array(place.women), np.array(place.living_alone)
    women_alone = np.array(place.women_living_alone)
    women_not_alone = np.clip(women - alone * women_alone, 0.0, 1.0) / np.maximum(1.0 - alone, 1e-12)
    women_not_alone = np.clip(women_not_alone, 0.0, 1.0)
    by_sex = np.empty((AGES, 2, TWO))
    by_sex[:, 0, 0], by_sex[:, 0, 1] = women_not_alone, 1.0 - women_not_alone
    by_sex[:, 1, 0], by_sex[:, 1, 1] = women_alone, 1.0 - women_alone
    by_sex *= np.stack([1.0 - alone, alone], axis=1)[:, :, None]
    shape: F64 = age_by_deprivation[:, :, None, None] / age_by_deprivation.sum() * by_sex[None]
    return shape


def margins(place: Place) -> tuple[F64, F64, F64]:
    """Required numbers of residents: by deprivation (D,), by age and living alone (A, 2), by sex (2,)."""
    age, alone = np.array(place.age), np.array(place.living_alone)
    by_age_alone = np.stack([age * (1.0 - alone), age * alone], axis=1)
    return (
        np.array(place.deprivation) * place.residents,
        by_age_alone * place.residents,
        np.array(place.sex) * place.residents,
    )


def fitted_table(place: Place) -> F64:
    """Expected residents by deprivation, age, living alone and sex, shape (D, A, 2, 2).

    Empty categories are left out of the fit and stay empty.
    """
    by_deprivation, by_age_alone, by_sex = margins(place)
    kinds = by_age_alone.ravel()
    used = np.ix_(by_deprivation > 0.0, kinds > 0.0, by_sex > 0.0)
    table = seed_table(place).reshape(FIFTHS, AGES * 2, TWO)
    aggregates = [by_deprivation[by_deprivation > 0.0], kinds[kinds > 0.0], by_sex[by_sex > 0.0]]
    fitted = np.zeros(table.shape)
    fit = ipfn.ipfn(table[used], aggregates, [[0], [1], [2]], convergence_rate=_CLOSE, max_iteration=_MOST_ROUNDS)
    fitted[used] = fit.iteration()
    return fitted.reshape(FIFTHS, AGES, 2, TWO)


def rounded(expected: F64) -> Counts:
    """Whole numbers with the same (rounded) sum: the largest remainders are rounded up, with ties in order."""
    whole = np.floor(expected)
    missing = round(float(expected.sum())) - int(whole.sum())
    largest = np.argsort(-(expected - whole).ravel(), kind="stable")[:missing]
    flat: Counts = whole.astype(np.int64).ravel()
    flat[largest] += 1
    return flat.reshape(expected.shape)


@lru_cache(maxsize=8)
def cell_counts(place: Place) -> Counts:
    """Residents by deprivation, age, living alone and sex, shape (D, A, 2, 2), read-only; cached by place."""
    counts = rounded(fitted_table(place))
    counts.setflags(write=False)
    return counts

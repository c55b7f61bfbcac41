"""Outcomes: what a reader asks about, as amounts or ratios of the counts of `simulator.foundations.measures`.

An *amount* (admissions) can be shown in total, per year, or per 1,000 residents a year; a *ratio* (percentage often or
always lonely) is what it is on every basis.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from simulator.errors import UnknownNameError
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.foundations.measures import COUNTED, INDEX, MILLIONTHS

Basis = Literal["total", "year", "1,000"]
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
Good = Literal["less", "more", "neither"]
Counts = NDArray[np.int64] | NDArray[np.float64]
"""Counts of measures, or weighted sums of them."""


class Outcome(NamedTuple):
    """An outcome of a run. Without ``per`` it is an amount; with it, a ratio of two sums of counts times ``scale``."""

    name: str
    unit: str
    label: str
    good: Good
    sum_of: tuple[str, ...]
    per: tuple[str, ...] = ()
    scale: float = 1.0

    def value(self, counts: Counts, basis: Basis, years: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """The outcome of counts, shape (..., measures), on a basis; NaN where nobody was there to be counted.

        ``years`` is the time the counts cover, of a shape that broadcasts against (...).
        """
        amount = total(counts, self.sum_of)
        if self.per:
            return divided(amount * self.scale, total(counts, self.per))
        return on_basis(amount, counts, basis, years)

    def unit_on(self, basis: Basis) -> str:
        """The unit on a basis, in words.

        >>> OUTCOMES["bed_days"].unit_on("1,000"), OUTCOMES["often_always_lonely"].unit_on("year")
        ('days per 1,000 residents a year', '% of adults')
        """
        return self.unit if self.per else unit_on(self.unit, basis)


def total(counts: Counts, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Sum of the named measures of counts, shape (..., measures) to (...)."""
    columns = [counts[..., INDEX[name]].astype(np.float64) for name in names]
    return np.asarray(sum(columns), dtype=np.float64)


def divided(amount: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quotient, NaN where the divisor is 0."""
    quotient: NDArray[np.float64] = np.full(amount.shape, np.nan)
    return np.divide(amount, by, out=quotient, where=by != 0)


def on_basis(
    amount: NDArray[np.float64], counts: Counts, basis: Basis, years: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    """An amount in total, per year, or per 1,000 residents a year of the residents in ``counts``."""
    if basis == "total":
        return amount
    if basis == "year":
        return np.asarray(amount / years, dtype=np.float64)
    return divided(1000.0 * amount, total(counts, ("resident_weeks",)) / WEEKS_PER_YEAR)


def unit_on(unit: str, basis: Basis) -> str:
    """The unit of an amount on a basis, in words.

    >>> unit_on("admissions", "year"), unit_on("admissions", "total")
    ('admissions a year', 'admissions')
    """
    return {"total": unit, "year": f"{unit} a year", "1,000": f"{unit} per 1,000 residents a year"}[basis]


def _counted(name: str) -> Outcome:
    measure = COUNTED[INDEX[name]]
    return Outcome(measure.name, measure.unit, measure.label, measure.good, (measure.name,))


_ADMISSIONS: Final = ("zero_night_admissions", "overnight_admissions")
_ALL: Final = (
    Outcome("emergency_admissions", "admissions", "Emergency admissions", "less", _ADMISSIONS),
    _counted("zero_night_admissions"),
    _counted("overnight_admissions"),
    _counted("bed_days"),
    Outcome("bed_days_per_admission", "days", "Bed days per emergency admission", "less", ("bed_days",), _ADMISSIONS),
    _counted("waiting_days"),
    Outcome(
        "readmission_rate",
        "% of admissions",
        "Emergency readmission within 30 days",
        "less",
        ("readmissions",),
        _ADMISSIONS,
        100.0,
    ),
    _counted("ae_attendances"),
    _counted("episodes"),
    _counted("consultations"),
    _counted("consultations_refused"),
    Outcome(
        "often_always_lonely",
        "% of adults",
        "Often or always lonely",
        "less",
        ("lonely_weeks",),
        ("adult_weeks",),
        100.0,
    ),
    Outcome(
        "persistently_lonely",
        "% of adults",
        "Often or always lonely for two years or more",
        "less",
        ("persistent_lonely_weeks",),
        ("adult_weeks",),
        100.0,
    ),
    Outcome(
        "support", "of 100", "Support from ties", "more", ("support_millionths",), ("adult_weeks",), 100.0 / MILLIONTHS
    ),
    Outcome(
        "continuity",
        "% with usual GP",
        "Consultations with the usual GP",
        "more",
        ("continuity_millionths",),
        ("adult_weeks",),
        100.0 / MILLIONTHS,
    ),
    _counted("human_contacts"),
    _counted("automated_contacts"),
    _counted("failed_contacts"),
    _counted("returned_contacts"),
    _counted("unmet_needs"),
    _counted("missed_appointments"),
    _counted("assessments"),
    _counted("care_waiting_weeks"),
    _counted("home_care_weeks"),
    _counted("care_home_weeks"),
    _counted("friends_made"),
    _counted("deaths"),
    Outcome(
        "children_with_trusted_adult",
        "% of children aged 5 to 15",
        "Children with a trusted adult whom a programme brought",
        "more",
        ("children_trusting",),
        ("children_present",),
        100.0,
    ),
    Outcome(
        "friends_across_income",
        "% of friends of the lower income half",
        "Friends in the upper income half",
        "more",
        ("friendships_across",),
        ("friendships_below",),
        100.0,
    ),
    Outcome(
        "trust", "of 100", "Trust in services", "more", ("trust_millionths",), ("adults_present",), 100.0 / MILLIONTHS
    ),
)
OUTCOMES: Final = {outcome.name: outcome for outcome in _ALL}
"""Outcomes by name, in the order they are shown."""


def outcome(name: str) -> Outcome:
    """The outcome of this name; raises UnknownNameError with a suggestion."""
    if name not in OUTCOMES:
        raise UnknownNameError("outcome", name, OUTCOMES)
    return OUTCOMES[name]

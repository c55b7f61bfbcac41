"""What the numbers of the chain of relational work come to, in a few sentences: arithmetic, and not a simulation."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from simulator.evidence import Evidence
from simulator.rules import ties
from simulator.rules.loneliness import discounted_ratio

_AGES: Final = "75-84"
_HOURS: Final = 26.0  # at a table, one a week for half a year
_LITTLE: Final = 0.5  # support
_USUAL: Final = 0.75  # support
_HELPED: Final = 20.0  # of a hundred lonely people
_RISE: Final = 0.05  # of support


class _Hospital(NamedTuple):
    """A hundred people in a year, before anything changes."""

    admissions: float
    overnight: float  # of the admissions
    days: float  # of one that stays overnight


def chain_example(evidence: Evidence) -> tuple[str, ...]:
    """From hours at a table to the loneliness score, and from loneliness, support and a GP of long standing to beds."""
    hospital = _hospital(evidence)
    return (
        _of_hours(evidence),
        _of_loneliness(evidence, hospital),
        _of_support(evidence, hospital),
        _of_the_gp(evidence, hospital),
    )


def _number(evidence: Evidence, path: str, category: str | None = None) -> float:
    found = evidence[path]
    number = found.value if category is None else found.by_category()[category]
    return float(number)  # type: ignore[arg-type]


def _hospital(evidence: Evidence) -> _Hospital:
    overnight = _number(evidence, "care.overnight_probability", _AGES)
    none = (1.0 - overnight) * _number(evidence, "care.zero_night_probability", _AGES)
    admissions = 0.1 * _number(evidence, "illness.emergency_admission_rate", _AGES)
    days = _number(evidence, "care.overnight_days", _AGES)
    return _Hospital(admissions, admissions * overnight / (overnight + none), days)


def _of_hours(evidence: Evidence) -> str:
    worth = _HOURS * _number(evidence, "ties.hour_ratio", "group")
    close = _number(evidence, "ties.hours_to_close"), _number(evidence, "ties.close_strength")
    strength = ties.growth(worth, *close)
    full, half = strength * _number(evidence, "ties.support_weight", "group"), _number(evidence, "ties.support_half")
    little, usual = (
        _number(evidence, "loneliness.support_effect")
        * (ties.support(half * support / (1.0 - support) + full, half) - support)
        for support in (_LITTLE, _USUAL)
    )
    return (
        f"{_HOURS:g} hours at a table with the same person, one each week, count as {worth:g} with a friend. They make "
        f"a tie of strength {strength:.2f}, worth {full:.2f} full friends, and lower the loneliness score by "
        f"{little:.2f} standard deviations for someone with little support ({_LITTLE:g}), by {usual:.2f} for someone "
        f"with the usual ({_USUAL:g})."
    )


def _of_loneliness(evidence: Evidence, hospital: _Hospital) -> str:
    causal = _number(evidence, "loneliness.causal_discount")
    more = discounted_ratio(_number(evidence, "loneliness.admission_relative_risk"), causal) - 1.0
    fewer = _HELPED / 100.0 * hospital.admissions * more
    days = fewer * hospital.overnight / hospital.admissions * hospital.days
    return (
        f"Take 100 people of 75 to 84, with {hospital.admissions:.0f} emergency admissions a year. If {_HELPED:g} of "
        f"them are no longer often or always lonely, that is {fewer:.1f} admissions and {days:.1f} bed days fewer."
    )


def _of_support(evidence: Evidence, hospital: _Hospital) -> str:
    fewer = 1.0 - math.exp(_RISE * _number(evidence, "care.support_admission_effect"))
    back = 1.0 - math.exp(_RISE * _number(evidence, "care.support_readmission_effect"))
    stays = hospital.overnight * (fewer + _number(evidence, "care.readmission_probability") * back)
    shorter = 1.0 - math.exp(_RISE * _number(evidence, "care.support_stay_effect"))
    days = hospital.days * (stays + (hospital.overnight - stays) * shorter)
    score = _RISE * _number(evidence, "loneliness.support_effect")
    return (
        f"If the support of all 100 rises by {_RISE:g}, which is {score:.1f} standard deviations less loneliness, "
        f"there are {stays:.1f} overnight stays fewer, those within 30 days of another included, the others are "
        f"{100.0 * shorter:.1f} % shorter, and that is {days:.1f} bed days fewer."
    )


def _of_the_gp(evidence: Evidence, hospital: _Hospital) -> str:
    causal = _number(evidence, "illness.gp_years_causal_share")
    ratio = discounted_ratio(_number(evidence, "illness.gp_years_ratio", "16+"), causal)
    fewer, days = (1.0 - ratio) * hospital.admissions, (1.0 - ratio) * hospital.overnight * hospital.days
    return (
        f"If all 100 have had the same GP for more than 15 years, and none is in the first, that is {fewer:.1f} "
        f"admissions and {days:.0f} bed days fewer."
    )

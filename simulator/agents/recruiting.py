"""Recruitment of volunteers from a finite pool: who is asked, by whom and who says yes.

Each resident has one permanent draw and is willing in weeks when it lies below the share of willing adults of that age
and deprivation. Shares fall each year; a surge raises them temporarily, and residents made willing by it are unwilling
again afterwards.
"""

from __future__ import annotations

import datetime
import math
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import mesa
import numpy as np

from simulator.agents.place_state import PlaceState
from simulator.agents.volunteer_book import Identity
from simulator.evidence.parameters import Volunteers
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, DEPRIVATION, NO_TIE, PROFESSIONAL, PROGRAMMES, WEEKS_PER_YEAR
from simulator.rules import chance, volunteers
from simulator.specification.entries import Surge

Uniforms = tuple[float, float, float, float]
_DAYS_PER_YEAR = 365.2425
_PROGRAMME = 65_535
"""Random numbers for a programme's asks use the number of the ask and, in place of a generation, this less the number
of a built-in programme or this plus a hash of another's name, so that its slot does not matter."""
_MOST_HASHES = 2**24


class Invitation(NamedTuple):
    """A resident who was asked, and the answer."""

    row: int
    said_yes: bool
    asked_by: Identity | None  # the volunteer who asked, or None for the programme


class VolunteerPool:
    """Willing adults in one week: shares by age band and deprivation."""

    def __init__(self, model: PlaceState) -> None:
        self.model = model
        surge = model.spec.volunteer_surge if "volunteers" in model.spec.channels else None
        self.surge = surge_now(surge, model.elapsed)
        self._ages, self._fifths = model.by_trait["age_band"], model.by_trait["deprivation"]
        years = _years_since(model.spec.starts, model.elapsed, model.rates.volunteers)
        self._years = years
        self._shares: dict[int, float] = {}

    def share(self, row: int) -> float:
        """Share willing among adults of the same age and deprivation, including the surge; 0 for children."""
        usual = self._usual(row)
        return min(1.0, usual + self.surge.extra_share) if self.surge and self._is_adult(row) else usual

    def is_willing(self, row: int, uniforms: Uniforms) -> bool:
        """Whether this resident, with these `personal_draws`, is willing to start or continue this week."""
        return uniforms[0] < self.share(row)

    def hours(self, row: int, uniforms: Uniforms) -> float:
        """Hours per week that this resident has; the surge's hours if only the surge makes the resident willing."""
        willing, more, _, _ = uniforms
        rates = self.model.rates.volunteers
        mean = rates.hours_per_week
        if self.surge and self._usual(row) <= willing < self.share(row):
            mean = self.surge.hours_per_week
        return mean * chance.lognormal_mean_one(more, rates.hours_spread)

    def size(self) -> int:
        """Expected number of willing adults, rounded down."""
        most = len(DEPRIVATION)
        people = np.bincount(self._ages.astype(np.int64) * most + self._fifths).tolist()
        extra = self.surge.extra_share if self.surge else 0.0
        first = ADULT_BAND * most
        return int(sum(n * min(1.0, self._share_of(first + k) + extra) for k, n in enumerate(people[first:]) if n))

    def _usual(self, row: int) -> float:
        age = int(self._ages[row])
        return self._share_of(age * len(DEPRIVATION) + int(self._fifths[row])) if age >= ADULT_BAND else 0.0

    def _share_of(self, cell: int) -> float:
        """Share willing in a cell of age band and deprivation; cached."""
        share = self._shares.get(cell)
        if share is None:
            rates, (age, fifth) = self.model.rates.volunteers, divmod(cell, len(DEPRIVATION))
            share = self._shares[cell] = volunteers.willing_share(
                rates.willing_share,
                float(rates.willing_age_ratio[age]),
                float(rates.willing_deprivation_ratio[fifth]),
                rates.pool_decline,
                self._years,
            )
        return share

    def _is_adult(self, row: int) -> bool:
        return bool(self._ages[row] >= ADULT_BAND)


def surge_now(surge: Surge | None, week: int) -> Surge | None:
    """The surge, or None if ``week`` of the scenario lies outside it."""
    return surge if surge is not None and surge.from_week <= week < surge.until_week else None


def ask_residents(
    model: PlaceState, pool: VolunteerPool, askers: Sequence[mesa.Agent], asks: float, role: tuple[int, float]
) -> Iterator[Invitation]:
    """Ask residents this week, one after another, for a ``role`` of (programme, hours per week).

    Of about ``asks`` [people], ``tie_ask_share`` are asked by the programme's volunteers, who each ask at most one
    acquaintance. The programme asks the rest, drawn by berth: numbers below the next power of two, rejected beyond the
    list, so that one more berth changes only the asks that fall on it. Children, volunteers, people who are lonely,
    and people already asked this week or resting are not asked.
    """
    by_ties = min(float(len(askers)), model.rates.volunteers.tie_ask_share * asks)
    for asker in askers:
        row = _acquaintance(model, asker, by_ties / len(askers))
        if row is not None and _may_be_asked(model, row):
            yield _answer(model, pool, row, role[1], asker.person)
    programme_address = _address_of(model.spec.programmes[role[0]].name)
    for ask in range(math.ceil(asks - by_ties)):
        row = _random_resident(model, ask, programme_address)
        if row is not None and _may_be_asked(model, row):
            yield _answer(model, pool, row, role[1], None)


def _acquaintance(model: PlaceState, asker: mesa.Agent, probability: float) -> int | None:
    """An adult whom this volunteer knows and asks this week, or None."""
    berth, generation = asker.person
    _, asks, whom, _ = draws.draw(model.seed, draws.VOLUNTEERING, model.week, berth, generation)
    if asks >= probability:
        return None
    ties = zip(*(model.by_trait[name][asker.row].tolist() for name in ("other", "context")), strict=True)
    known = [row for row, context in ties if context not in (NO_TIE, PROFESSIONAL) and row != asker.row]
    suitable = [row for row in known if _may_be_asked(model, row)]
    return suitable[int(whom * len(suitable))] if suitable else None


def _random_resident(model: PlaceState, ask: int, programme_address: int) -> int | None:
    """The resident drawn for an ask of the programme with this address, or None."""
    size = len(model.records)
    whom = draws.draw(model.seed, draws.VOLUNTEERING, model.week, ask, programme_address)[0]
    berth = int(whom * (1 << (size - 1).bit_length()))
    return int(model.workspace.row_of_berth[berth]) if berth < size else None


def _address_of(name: str) -> int:
    if name in PROGRAMMES:
        return _PROGRAMME - PROGRAMMES.index(name)
    return _PROGRAMME + 1 + zlib.crc32(name.encode()) % _MOST_HASHES


def _may_be_asked(model: PlaceState, row: int) -> bool:
    person = model.by_trait
    suitable = person["age_band"][row] >= ADULT_BAND and not person["volunteer"][row] and not person["lonely"][row]
    return bool(suitable) and model.volunteering.memory.may_be_asked(identity(model, row), model.week)


def _answer(model: PlaceState, pool: VolunteerPool, row: int, hours: float, asked_by: Identity | None) -> Invitation:
    rates, person, uniforms = model.rates.volunteers, identity(model, row), personal_draws(model, row)
    remembered = model.volunteering.memory.asks(person, model.week, rates.ask_half_life)
    model.volunteering.memory.was_asked(person, model.week, rates.ask_half_life)
    if not pool.is_willing(row, uniforms):
        return Invitation(row, False, asked_by)
    probability = volunteers.yes_probability(
        rates.says_yes,
        1.0 if asked_by is None else rates.asked_by_tie_ratio,
        rates.ask_fatigue,
        remembered,
        pool.hours(row, uniforms) / hours if hours > 0.0 else 1.0,
    )
    u = draws.draw(model.seed, draws.ANSWER, model.week, *person)[0]
    return Invitation(row, bool(u < probability), asked_by)


def identity(model: PlaceState, row: int) -> Identity:
    """Berth and generation of the resident in a row."""
    return model.by_trait["berth"].item(row), model.by_trait["generation"].item(row)


def personal_draws(model: PlaceState, row: int) -> Uniforms:
    """A resident's permanent draws for willingness and hours."""
    uniforms: Uniforms = draws.draw(model.seed, draws.WILLINGNESS, 0, *identity(model, row))
    return uniforms


def _years_since(starts: datetime.date, week: int, rates: Volunteers) -> float:
    """Years from the survey year of the willing share to this week of a scenario."""
    began = starts.year + (starts - datetime.date(starts.year, 1, 1)).days / _DAYS_PER_YEAR
    return began + week / WEEKS_PER_YEAR - rates.willing_year

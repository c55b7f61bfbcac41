"""Populations without volunteers, and weeks in which only volunteering happens."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from simulator.agents.volunteers import Volunteer, VolunteerDemand, volunteer
from simulator.foundations import categories as c
from simulator.model.place_model import PlaceModel
from simulator.population.columns import Residents
from tests.helpers.support import place_model, random_residents, small_spec

CAFES = [{"programme": "talking_cafes", "kind": "new_money", "payer": "voluntary", "units": 2.0}]
ALL_WILLING = {
    "willing_share": 1.0,
    "pool_decline": 0.0,
    "willing_age_ratio": dict.fromkeys(c.AGE_BANDS[c.ADULT_BAND :], 1.0),
    "willing_deprivation_ratio": dict.fromkeys(c.DEPRIVATION, 1.0),
}
EAGER = {**ALL_WILLING, "says_yes": 1.0, "asks_per_vacancy": 20.0}
SURGE = {
    "from_week": 26,
    "weeks": 26,
    "extra_share_of_adults": 0.19,
    "hours_per_week": 3.0,
    "reason": "a test",
    "source": "a test",
}
VISITS = c.HEALTH_CONNECTORS
"""The programme that tests run with visiting volunteers; any would do."""


@lru_cache(maxsize=8)
def without_volunteers(size: int, seed: int = 1) -> Residents:
    """Residents without volunteers; shared between tests, so read-only."""
    residents = random_residents(size, seed)
    residents.volunteer = 0
    residents.days_in_hospital = 0
    return residents


def model_of(residents: Residents, changes: dict[str, Any] | None = None, *, seed: int = 1, **parts: Any) -> PlaceModel:
    values = {f"volunteers.{name}": value for name, value in (changes or {}).items()}
    return place_model(small_spec(funding=CAFES, changes=values, weeks=156, **parts), residents, seed)


def group(volunteers: float, hours: float = 1.0, team: float = 0.0) -> VolunteerDemand:
    return VolunteerDemand(c.TALKING_CAFES, volunteers, hours, team=team)


def live_on(model: PlaceModel, want: VolunteerDemand, weeks: int, **care: float) -> list[int]:
    """The number of volunteers after each week, with nothing else happening."""
    numbers = []
    for _ in range(weeks):
        volunteer(model, [want], **care)
        numbers.append(len(model.volunteers))
        model.week += 1
    return numbers


def volunteering(size: int, changes: dict[str, Any] | None = None, **parts: Any) -> PlaceModel:
    return model_of(without_volunteers(size), changes, **parts)


def all_volunteers(size: int, changes: dict[str, Any]) -> PlaceModel:
    model = volunteering(size, {**ALL_WILLING, **changes})
    for row in np.flatnonzero(model.columns.age_band >= c.ADULT_BAND).tolist():
        model.volunteers.append(Volunteer(model, row, model.week, c.TALKING_CAFES))
        model.columns.volunteer[row] = 1
    return model

"""Volunteers: residents who run the talking cafés, asked, willing or not, and leaving after a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa

from simulator import draws
from simulator.categories import ADULT_BAND, TALKING_CAFES
from simulator.columns import AWAY_GROUP, ENROLLED
from simulator.rates import ProgrammeRates
from simulator.rules import chance

if TYPE_CHECKING:
    from simulator.model import PlaceModel


class Volunteer(mesa.Agent):
    """A resident's role: which resident, since when."""

    def __init__(self, model: PlaceModel, row: int, week: int) -> None:
        super().__init__(model)
        self.row = row
        self.generation = int(model.columns.generation[row])
        self.since_week = week

    @property
    def still_here(self) -> bool:
        """Whether the same person still holds the berth."""
        return int(self.model.columns.generation[self.row]) == self.generation

    def leaves(self, seed: int, week: int, rates: ProgrammeRates) -> bool:
        """Whether the volunteer stops this week (Time Well Spent 2023: about a quarter a year)."""
        berth = int(self.model.columns.berth[self.row])
        u = draws.draw(seed, draws.VOLUNTEERING, week, berth, self.generation)[0]
        return bool(u < chance.weekly_probability(rates.volunteer_leaving_rate))


def stand_down(model: PlaceModel, week: int) -> None:
    """Volunteers who stop, moved away or died are volunteers no more; nor is anyone once the cafés have closed."""
    closed = not model.now.still_open[TALKING_CAFES]
    for volunteer in list(model.volunteers):
        if closed or not volunteer.still_here or volunteer.leaves(model.seed, week, model.rates.programmes):
            if volunteer.still_here:
                model.columns.volunteer[volunteer.row] = 0
            model.volunteers.remove(volunteer)
            volunteer.remove()


def recruit(model: PlaceModel, week: int, cafes: float) -> None:
    """Ask residents until the week's asks are used up or the cafés have the volunteers they need.

    Whom to ask is drawn by berth: numbers below the next power of two, refused beyond the list, so that one berth
    more changes only the asks that fall on it. Children, volunteers and the often or always lonely are not asked.
    """
    rates, columns = model.rates.programmes, model.columns
    missing = math.ceil(cafes * rates.volunteers_per_cafe) - len(model.volunteers)
    if missing <= 0:
        return
    size = len(columns.berth)
    span = 1 << (size - 1).bit_length()
    for ask in range(math.ceil(missing * rates.asks_per_vacancy)):
        whom, yes, _, _ = draws.draw(model.seed, draws.VOLUNTEERING, week, ask, 65535)
        berth = int(whom * span)
        if berth >= size or missing == 0:
            continue
        row = int(model.workspace.row_of_berth[berth])
        suitable = columns.age_band[row] >= ADULT_BAND and not columns.volunteer[row] and not columns.lonely[row]
        if suitable and yes < rates.volunteer_says_yes:
            _begin(model, row, week)
            missing -= 1


def _begin(model: PlaceModel, row: int, week: int) -> None:
    """A resident becomes a volunteer, and sits at the café's tables like any member."""
    columns = model.columns
    columns.volunteer[row] = 1
    columns.programme_status[row, TALKING_CAFES] = ENROLLED
    columns.programme_weeks[row, TALKING_CAFES] = 0
    columns.away[row] &= 255 - AWAY_GROUP
    model.volunteers.append(Volunteer(model, row, week))

"""Residents: Mesa agents whose weekly phases read as sentences. The readable oracle of the compiled loops."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import (
    ADULT_BAND,
    MEETING_BLOCK,
    NO_TIE,
    PERSISTENT_WEEKS,
    WEEKS_PER_YEAR,
)
from simulator.kernels.cells import by_conditions, millionths
from simulator.kernels.meet import stopped_by
from simulator.population.columns import BAND_ENDS
from simulator.residents.programmes import ResidentProgrammes
from simulator.rules import demography, loneliness, ties


class Resident(ResidentProgrammes):
    """A resident of the place: a view of one row of the columns, one method a phase."""

    def live(self) -> None:
        """A week older; what happens in the household is flagged, and settled for all at the end of the phase."""
        self.age_weeks += 1
        if self.age_weeks >= BAND_ENDS[self.age_band]:
            self.age_band += 1
            if self.age_band == ADULT_BAND:
                self._come_of_age()
        self.workspace.event[self.row] = self._life_event()

    def _come_of_age(self) -> None:
        """Loneliness is measured from 16: whoever turns 16 is as likely to be lonely as others of that age."""
        prevalence = float(self.model.rates.loneliness.initial_prevalence[ADULT_BAND])
        self.lonely = int(self.draw(draws.COMING_OF_AGE)[0] < prevalence)
        self.weeks_lonely = self.lonely

    def _life_event(self) -> int:
        tables = self.model.tables
        if self.moves_in_week == self.now.week:
            return demography.MOVES_AWAY
        u_dies, u_household, _, _ = self.draw(draws.LIVE)
        hazard = float(tables.death[by_conditions(self.age_band, self.deprivation, self.conditions)])
        if demography.dies(u_dies, hazard, self.lonely, tables.death_lonely_ratio):
            return demography.DIES
        event = demography.drawn_event(
            u_household, tables.leave_home, tables.separation, tables.moving_in, tables.friend_making
        )
        if event != demography.NOTHING and self._circumstances_allow(event):
            return event
        if self.age_weeks == int(self.model.rates.demography.retirement_age * WEEKS_PER_YEAR):
            return demography.RETIRES
        return demography.NOTHING

    def _circumstances_allow(self, event: int) -> bool:
        people, ages_so_far = self.model.rates.demography, self.model.columns.age_weeks
        # Those in later rows are yet to be made a week older: whoever comes first, all are as old as this week ends.
        ages = [int(ages_so_far[row]) + (row > self.row) for row in self.housemates()]
        if event == demography.LEAVES_HOME:
            return demography.could_leave_home(
                self.age_weeks,
                max(ages, default=0),
                people.leave_home_youngest,
                people.leave_home_oldest,
                people.parent_gap,
            )
        if event == demography.SEPARATES:
            return any(
                demography.are_partners(self.age_weeks, age, people.adult_age, people.partner_gap) for age in ages
            )
        if event == demography.MOVES_IN:
            return bool(self.lives_alone) and self.age_weeks >= people.adult_age * WEEKS_PER_YEAR
        return True

    def meet(self) -> None:
        """Every tie grows with contact or fades without; a faded one is forgotten; support is what they add up to."""
        tables, rates = self.model.tables, self.model.rates
        away = self.model.columns.away
        total = rates.contacts.trust_support * self.trust
        for slot in self.ties():
            context = int(self.context[slot])
            stopped = (self.away | int(away[self.other[slot]])) & stopped_by(context)
            met = bool(int(self.meetings[slot]) >> self.now.week % MEETING_BLOCK & 1) and not stopped
            index = (int(met) << 3) | context
            self.strength[slot] = ties.strength_after_week(
                float(self.strength[slot]), float(tables.keep[index]), float(tables.gain[index])
            )
            strength = float(self.strength[slot])
            if strength < rates.ties.forgotten_strength:
                self.context[slot] = NO_TIE
                self.strength[slot] = 0.0
                self.other[slot] = self.row
            else:
                total += float(tables.support_weight[context]) * strength
        self.support = ties.support(total, rates.ties.support_half)
        self.trust *= tables.trust_keep

    def feel(self) -> None:
        """An adult becomes, stays or ceases to be often or always lonely."""
        if self.age_band < ADULT_BAND:
            return
        rates = self.model.rates.loneliness
        u, gap = self.draw(draws.FEEL)[1], self._connection_gap()
        if self.lonely:
            if loneliness.stops_being_lonely(
                u,
                self._connection_gap(),
                self.weeks_lonely,
                rates.recovery_rate,
                rates.steepness,
                rates.hardening_weeks,
            ):
                self.lonely = 0
                self.weeks_lonely = 0
            else:
                self.weeks_lonely += 1
        elif loneliness.becomes_lonely(
            u, gap, self.conditions, rates.onset_rate, rates.steepness, rates.illness_effect
        ):
            self.lonely = 1
            self.weeks_lonely = 1

    def count(self) -> None:
        """This week, in the measures of the resident's cell."""
        self.tally("resident_weeks")
        if self.age_band < ADULT_BAND:
            return
        self.tally("adult_weeks")
        self.tally("support_millionths", millionths(self.support))
        self.tally("continuity_millionths", millionths(self.continuity))
        if self.lonely:
            self.tally("lonely_weeks")
            if self.weeks_lonely >= PERSISTENT_WEEKS:
                self.tally("persistent_lonely_weeks")
        if self.care_plan:
            self.tally("care_plan_weeks")
        if self.volunteer:
            self.tally("volunteer_weeks")

"""Readable version of the phase live."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, SLOW_STEP, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.kernels.cells import by_conditions
from simulator.population.columns import BAND_ENDS
from simulator.residents.view import ResidentView
from simulator.rules import chance, demography, loneliness, social_care, ties, usual_gp


class Living(ResidentView):
    """Phase live."""

    def live(self) -> None:
        """Age every four weeks, keep the usual GP or have another, and flag strain on housemates.

        Any demographic event is flagged, and carried out at the end of the phase.
        """
        self.age_weeks += self._ageing()
        if self.age_weeks >= BAND_ENDS[self.age_band]:
            self.age_band += 1
            if self.age_band == ADULT_BAND:
                self._come_of_age()
        if self.now.week % WEEKS_PER_QUARTER == 0:
            left = self.draw(draws.USUAL_GP)[0] < self.now.gp_left
            self.usual_gp_quarters = usual_gp.quarters_after(self.usual_gp_quarters, left)
        strain = social_care.strain_on_household(self.care_state, self.now.home_care_met)
        for row in self.housemates() if strain else ():
            self.workspace.strain[row] |= strain
        self.workspace.event[self.row] = self._life_event()

    def _ageing(self) -> int:
        """Weeks by which everyone ages this week."""
        return SLOW_STEP if ties.ends_step(self.now.week) else 0

    def _come_of_age(self) -> None:
        """Draw initial loneliness at 16, from which age it is measured, with the prevalence at that age."""
        rates, u = self.model.rates.loneliness, self.draw(draws.COMING_OF_AGE)[0]
        self.lonely = int(u < float(rates.initial_prevalence[ADULT_BAND]))
        self.weeks_lonely = self.lonely
        self.mood = -rates.mood_spread * chance.normal_quantile(u)

    def _life_event(self) -> int:
        tables = self.model.tables
        if self.moves_in_week == self.now.week:
            return demography.MOVES_AWAY
        u_dies, u_household, _, _ = self.draw(draws.LIVE)
        hazard = float(tables.death[by_conditions(self.age_band, self.deprivation, self.conditions)])
        if demography.dies(u_dies, hazard, self.lonely, tables.death_lonely_ratio):
            return demography.DIES
        ratio = self.model.rates.loneliness.friend_making_ratio
        friend_making = loneliness.friend_making_of(tables.friend_making, self.lonely, ratio)
        event = demography.drawn_event(
            u_household, tables.leave_home, tables.separation, tables.moving_in, friend_making
        )
        if event != demography.NOTHING and self._circumstances_allow(event):
            return event
        retirement = int(self.model.rates.demography.retirement_age * WEEKS_PER_YEAR)
        if self.age_weeks - self._ageing() < retirement <= self.age_weeks:
            return demography.RETIRES
        return demography.NOTHING

    def _circumstances_allow(self, event: int) -> bool:
        people, ages_so_far = self.model.rates.demography, self.model.columns.age_weeks
        # Ages at the end of the week: residents in later rows have not been aged yet.
        ages = [int(ages_so_far[row]) + self._ageing() * (row > self.row) for row in self.housemates()]
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

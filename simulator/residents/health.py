"""The resident's phases of loneliness and illness, as one reads them."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, READMISSION_WEEKS
from simulator.population.columns import ACUTE_EPISODE, NO_EPISODE, READMISSION
from simulator.residents.view import ResidentView
from simulator.rules import chance, illness, loneliness


class Health(ResidentView):
    """feel, fall_ill."""

    def feel(self) -> None:
        """An adult becomes, stays or ceases to be often or always lonely."""
        if self.age_band < ADULT_BAND:
            return
        rates = self.model.rates.loneliness
        u, gap = self.draw(draws.FEEL)[1], self.connection_gap
        if self.lonely:
            if loneliness.stops_being_lonely(
                u,
                gap,
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

    def fall_ill(self) -> None:
        """A condition may be added, transient risk may change, an acute episode may come."""
        tables, ill = self.model.tables, self.model.rates.illness
        _, _, u_condition, u_transient = self.draw(draws.LIVE)
        if u_condition < tables.onset[self.age_band * 5 + self.deprivation] and self.conditions < 3:
            self.conditions += 1
        if u_transient < tables.transient:
            self.transient = chance.lognormal_mean_one(self.draw(draws.TRANSIENT)[0], ill.transient_spread)
        self.unmet_need *= tables.unmet_keep
        self.episode = NO_EPISODE
        if self.days_in_hospital > 0:
            return
        u_episode = self.draw(draws.FEEL)[0]
        again = self._readmission_hazard()
        if u_episode < again:
            self.episode = READMISSION
        elif u_episode < again + self._episode_hazard():
            self.episode = ACUTE_EPISODE
        if self.episode != NO_EPISODE:
            self.tally("episodes")

    def _readmission_hazard(self) -> float:
        if self.weeks_since_discharge > READMISSION_WEEKS:
            return 0.0
        effect = self.model.rates.care.support_readmission_effect
        gap = self.support - self.now.reference_support
        weekly = self.model.tables.readmission * float(self.model.programme_table.readmission[self.enrolled])
        return illness.readmission_hazard(weekly, gap, effect)

    def _episode_hazard(self) -> float:
        person = ((self.age_band * 5 + self.deprivation) * 4 + self.conditions) * 2 + self.lonely
        ill = self.model.rates.illness
        return illness.episode_hazard(
            float(self.model.tables.episode[person]) * self.now.local_demand,
            self.frailty,
            self.transient,
            self.continuity - self.model.rates.care.mean_continuity,
            ill.continuity_effect,
            ill.unmet_need_effect * self.unmet_need + float(self.model.programme_table.acute_episodes[self.enrolled]),
        )

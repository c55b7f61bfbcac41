"""The resident's phase of adult social care, as one reads it."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, READMISSION_WEEKS
from simulator.kernels.cells import millionths
from simulator.kernels.social_care import MOST_WEEKS
from simulator.residents.view import ResidentView
from simulator.rules import chance, social_care
from simulator.rules.social_care import CARE_HOME, HOME_CARE, NO_CARE, WAITING


class SocialCare(ResidentView):
    """need_care."""

    def need_care(self) -> None:
        """Ask the council for care, be assessed, live a week with home care or in a care home."""
        if self.age_band < ADULT_BAND:
            return
        before = self.care_state
        if before == NO_CARE:
            if not self._asks_for_care():
                return
            after = WAITING
            self.tally("care_requests")
        else:
            u, u_outcome, _, _ = self.draw(draws.SOCIAL_CARE)
            if before == WAITING:
                after = self._assessed(u, u_outcome)
            elif before == HOME_CARE:
                after = self._week_of_home_care(u)
            else:
                self.tally("care_home_weeks")
                after = NO_CARE if u < self.model.tables.care_home_end else CARE_HOME
        self.care_weeks = min(MOST_WEEKS, self.care_weeks + 1) if after == before else 0
        self.care_state = after

    def _asks_for_care(self) -> bool:
        tables, social = self.model.tables, self.model.rates.social_care
        probability = social_care.request_probability(
            float(tables.care_request[self.age_band * 4 + self.conditions]),
            self.lives_alone,
            social.request_alone_ratio,
            self.weeks_since_discharge <= READMISSION_WEEKS,
            social.request_discharge_ratio,
        )
        used = float(tables.onset[self.age_band * 5 + self.deprivation])
        return chance.happens_beyond(self.draw(draws.LIVE)[2], used, probability)

    def _assessed(self, u: float, u_outcome: float) -> int:
        social = self.model.rates.social_care
        self.tally("care_waiting_weeks")
        if u >= self.now.assessed:
            return WAITING
        self.tally("assessments")
        home_care, care_home = social.home_care_share[self.age_band], social.care_home_share[self.age_band]
        return social_care.care_at_start(u_outcome, float(home_care), float(care_home))

    def _week_of_home_care(self, u: float) -> int:
        tables, social, given = self.model.tables, self.model.rates.social_care, self.now.home_care_met
        self.tally("home_care_weeks")
        self.tally("home_care_hours_millionths", millionths(social.home_care_hours * given))
        self.unmet_need += social.short_care_need * (1.0 - given)
        return social_care.week_of_home_care(
            u, tables.home_care_end, tables.care_home_move, given, social.short_care_move_ratio
        )

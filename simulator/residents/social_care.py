"""Readable version of the phase need_care."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, READMISSION_WEEKS
from simulator.kernels.cells import millionths
from simulator.residents.view import ResidentView
from simulator.rules import social_care
from simulator.rules.social_care import NO_CARE, NOTHING, WAITING, WAITS


class SocialCare(ResidentView):
    """Phase need_care."""

    def need_care(self) -> None:
        """Request care from the council, wait, be assessed, or spend a week with home care or in a care home."""
        social, given, strain = (
            self.model.rates.social_care,
            self.now.home_care_met,
            int(self.workspace.strain[self.row]),
        )
        self.workspace.strain[self.row] = 0
        if self.age_band < ADULT_BAND:
            return
        if strain:
            self.unmet_need += social_care.carer_needs(strain, social.carer_need, given)
            self.tally("carers_waiting_weeks", strain & WAITS)
        before, weeks = self.care_state, self.care_weeks
        after, event = self._week_of_request() if before == NO_CARE else self._week_of_care(before, weeks)
        if before == NO_CARE and event == NOTHING:
            return
        hours = millionths(social.home_care_hours * given), millionths(social.home_care_hours * (1.0 - given))
        self.tally_all(social_care.COUNTED, social_care.care_counts(before, weeks, event, *hours))
        self.unmet_need += social_care.needs_of_week(before, social.waiting_need, social.short_care_need, given)
        self.care_weeks = social_care.weeks_in_state(weeks, before, after)
        self.care_state = after
        self.workspace.waiting[0] += after == WAITING

    def _week_of_request(self) -> tuple[int, int]:
        tables, social, band = self.model.tables, self.model.rates.social_care, self.age_band
        probability = social_care.request_probability(
            float(tables.care_request[band * 4 + self.conditions]),
            self.lives_alone,
            social.request_alone_ratio,
            self.weeks_since_discharge <= READMISSION_WEEKS,
            social.request_discharge_ratio,
        )
        used = float(tables.onset[band * 5 + self.deprivation])
        return social_care.week_of_request(self.draw(draws.LIVE)[2], used, probability, social.advice_share)

    def _week_of_care(self, before: int, weeks: int) -> tuple[int, int]:
        tables, social, band, now = self.model.tables, self.model.rates.social_care, self.age_band, self.now
        alone = float(tables.alone_care_home[band * 2 + self.lives_alone])
        into_care_home = float(social.care_home_share[band]) * alone
        outcomes = float(social.home_care_share[band]), into_care_home, social.long_wait_move_ratio
        assessment = (now.assessed, tables.care_withdrawal, *outcomes)
        moves = tables.care_home_move * alone
        home_care = (tables.home_care_end, moves, now.home_care_met, social.short_care_move_ratio)
        uniforms = self.draw(draws.SOCIAL_CARE)[:2]
        return social_care.care_after_week((before, weeks), uniforms, assessment, home_care, tables.care_home_end)

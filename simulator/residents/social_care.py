"""Readable version of the phase need_care."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, READMISSION_WEEKS
from simulator.kernels.cells import millionths
from simulator.residents.view import ResidentView
from simulator.rules import social_care
from simulator.rules.social_care import NO_CARE


class SocialCare(ResidentView):
    """Phase need_care."""

    def need_care(self) -> None:
        """Request care from the council, be assessed, or spend a week with home care or in a care home."""
        if self.age_band < ADULT_BAND:
            return
        tables, social, given = self.model.tables, self.model.rates.social_care, self.now.home_care_met
        before, band = self.care_state, self.age_band
        uniforms = (self.draw(draws.LIVE)[2], 1.0) if before == NO_CARE else self.draw(draws.SOCIAL_CARE)[:2]
        probability = social_care.request_probability(
            float(tables.care_request[band * 4 + self.conditions]),
            self.lives_alone,
            social.request_alone_ratio,
            self.weeks_since_discharge <= READMISSION_WEEKS,
            social.request_discharge_ratio,
        )
        request = (float(tables.onset[band * 5 + self.deprivation]), probability)
        assessment = (self.now.assessed, float(social.home_care_share[band]), float(social.care_home_share[band]))
        home_care = (tables.home_care_end, tables.care_home_move, given, social.short_care_move_ratio)
        after = social_care.care_after_week(before, uniforms, request, assessment, home_care, tables.care_home_end)
        if before == after == NO_CARE:
            return
        hours = millionths(social.home_care_hours * given)
        self.tally_all(social_care.COUNTED, social_care.care_counts(before, after, hours))
        self.unmet_need += social_care.needs_of_week(before, social.short_care_need, given)
        self.care_weeks = social_care.weeks_in_state(self.care_weeks, before, after)
        self.care_state = after

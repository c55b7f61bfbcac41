"""Readable version of the phase count."""

from __future__ import annotations

from simulator.foundations.categories import ADULT_BAND, PERSISTENT_WEEKS
from simulator.kernels.cells import millionths
from simulator.residents.view import ResidentView


class BeingCounted(ResidentView):
    """Phase count."""

    def count(self) -> None:
        """Add this week to the measures of the resident's cell."""
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

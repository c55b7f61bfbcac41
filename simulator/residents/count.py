"""Readable version of the phase count."""

from __future__ import annotations

from simulator.foundations.categories import ADULT_BAND, PERSISTENT_WEEKS
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import millionths
from simulator.residents.view import ResidentView
from simulator.rules import loneliness


class BeingCounted(ResidentView):
    """Phase count."""

    def count(self) -> None:
        """Be added to the stock of the resident's cell."""
        stock = self.workspace.stock[self.cell]
        stock[INDEX["resident_weeks"]] += 1
        if self.age_band < ADULT_BAND:
            return
        found = {
            "adult_weeks": 1,
            "support_millionths": millionths(self.support),
            "continuity_millionths": millionths(self.continuity),
            "lonely_weeks": self.lonely,
            "persistent_lonely_weeks": self.weeks_lonely >= PERSISTENT_WEEKS,
            "care_plan_weeks": self.care_plan,
            "volunteer_weeks": self.volunteer,
        }
        found |= zip(loneliness.COUNTED, loneliness.score_counts(self.score), strict=True)
        for name, amount in found.items():
            stock[INDEX[name]] += amount

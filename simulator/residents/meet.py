"""Readable version of the phase meet."""

from __future__ import annotations

from simulator.foundations.categories import MEETING_BLOCK, NO_TIE, SLOW_STEP
from simulator.kernels.meet import stopped_by
from simulator.residents.view import ResidentView
from simulator.rules import ties


class Meeting(ResidentView):
    """Phase meet."""

    def meet(self) -> None:
        """Nobody who is away is met; every four weeks ties are brought up to date and add up to support."""
        away = self.model.columns.away
        week = self.now.week % MEETING_BLOCK
        for slot in self.ties():
            if (self.away | int(away[self.other[slot]])) & stopped_by(int(self.context[slot])):
                self.meetings[slot] &= 255 - (1 << week)
        if ties.ends_step(week):
            self._live_four_weeks(week + 1 - SLOW_STEP)

    def _live_four_weeks(self, first: int) -> None:
        """Ties grow with contact or fade without it, faded ties are forgotten, and the rest add up to support."""
        tables, rates = self.model.tables, self.model.rates
        if rates.loneliness.travel_effect > 0.0:
            self.workspace.lonely_ties[self.row] = self._lonely_ties(rates.ties.close_strength)
        self.trust *= tables.trust_keep_in_step
        total = rates.contacts.trust_support * self.trust
        for slot in self.ties():
            context = int(self.context[slot])
            met = int(self.meetings[slot]) >> first & ((1 << SLOW_STEP) - 1)
            index = (context << SLOW_STEP) | met
            self.strength[slot] = ties.strength_after(
                float(self.strength[slot]), float(tables.keep_in_step[index]), float(tables.gain_in_step[index])
            )
            strength = float(self.strength[slot])
            if strength < rates.ties.forgotten_strength:
                self.context[slot] = NO_TIE
                self.strength[slot] = 0.0
                self.other[slot] = self.row
            else:
                total += float(tables.support_weight[context]) * strength
        self.support = ties.support(total, rates.ties.support_half)

    def _lonely_ties(self, close: float) -> int:
        """Close ties with other residents who are lonely, before they meet."""
        lonely = self.model.columns.lonely
        mine = (slot for slot in range(self.slots_used) if self.strength[slot] >= close)
        return sum(int(lonely[self.other[slot]]) for slot in mine if self.other[slot] != self.row)

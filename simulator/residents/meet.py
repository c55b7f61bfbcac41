"""Readable version of the phase meet."""

from __future__ import annotations

from simulator.foundations.categories import MEETING_BLOCK, NO_TIE
from simulator.kernels.meet import stopped_by
from simulator.residents.view import ResidentView
from simulator.rules import ties


class Meeting(ResidentView):
    """Phase meet."""

    def meet(self) -> None:
        """Ties grow with contact or fade without it, faded ties are forgotten, and the rest add up to support."""
        tables, rates = self.model.tables, self.model.rates
        away = self.model.columns.away
        if rates.loneliness.travel_effect > 0.0:
            self.workspace.lonely_ties[self.row] = self._lonely_ties(rates.ties.close_strength)
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

    def _lonely_ties(self, close: float) -> int:
        """Close ties with other residents who are lonely, before they meet this week."""
        lonely = self.model.columns.lonely
        mine = (slot for slot in range(self.slots_used) if self.strength[slot] >= close)
        return sum(int(lonely[self.other[slot]]) for slot in mine if self.other[slot] != self.row)

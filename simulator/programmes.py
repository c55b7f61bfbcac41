"""Programmes: what the freed resource buys, with money that arrives by quarter and units that work after a lag."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import mesa

from simulator.categories import PAYERS, PROGRAMMES, TALKING_CAFES, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.rates import ProgrammeRates
from simulator.rules import offset, programmes
from simulator.volunteers import cafe_want, care_share
from simulator.workspace import Workspace

if TYPE_CHECKING:
    from simulator.model import PlaceModel

RELEASED = "released"


class Programme(mesa.Agent):
    """A programme: money in by source and payer, whole-time units at work, places for residents."""

    def __init__(self, model: PlaceModel, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.name = PROGRAMMES[index]
        self.booked: defaultdict[tuple[int, str, str], int] = defaultdict(int)
        self._pence_by_week: defaultdict[int, int] = defaultdict(int)
        for funding in model.spec.funding:
            if funding.programme == index:
                until = min(funding.until_week, model.spec.weeks)
                for week in range(funding.from_week, until):
                    self.receive(week, funding.pence_per_week, funding.kind, PAYERS[funding.payer])

    def receive(self, week: int, pence: int, source: str, payer: str) -> None:
        """Money for one week of the scenario."""
        self._pence_by_week[week] += pence
        self.booked[week // WEEKS_PER_QUARTER, source, payer] += pence

    def receive_quarter(self, quarter: int, pence: int, payer: str) -> None:
        """Released money for a quarter, spread over its weeks to the penny."""
        for week in range(WEEKS_PER_QUARTER):
            share = pence * (week + 1) // WEEKS_PER_QUARTER - pence * week // WEEKS_PER_QUARTER
            self.receive(quarter * WEEKS_PER_QUARTER + week, share, RELEASED, payer)

    def received(self, quarter: int) -> int:
        """Pence given to the programme for this quarter so far, from any source."""
        return sum(pence for (when, _, _), pence in self.booked.items() if when == quarter)

    def committed(self, quarter: int, rates: ProgrammeRates) -> int:
        """Pence that the posts promised by the scenario cost in this quarter."""
        units = 0.0
        for commitment in self.model.spec.commitments:
            if commitment.programme == self.index and commitment.from_week < (quarter + 1) * WEEKS_PER_QUARTER:
                units += commitment.units
        return offset.whole_pence(units * float(rates.unit_cost[self.index]) * WEEKS_PER_QUARTER / WEEKS_PER_YEAR)

    def units(self, week: int, rates: ProgrammeRates) -> float:
        """Whole-time units at work: what the money of ``lag`` weeks ago pays for, if it still comes today.

        New posts take the lag to fill; posts that lose their money are gone at once. A programme that a study withholds
        from everyone has none.
        """
        withheld = self.model.spec.withheld
        if withheld.programme == self.index and withheld.share >= 1.0:
            return 0.0
        lag = int(rates.lag[self.index])
        pence = min(self._pence_by_week[week - lag], self._pence_by_week[week]) if week >= lag else 0
        return offset.units_from_money(pence, float(rates.unit_cost[self.index]))

    def places(self, week: int, rates: ProgrammeRates) -> float:
        """Residents who can take part at one time."""
        units = self.units(week, rates)
        if self.index == TALKING_CAFES:
            units *= care_share(self.model, cafe_want(units, rates))
        return units * float(rates.caseload[self.index])

    def offer(self, workspace: Workspace, week: int, rates: ProgrammeRates) -> float:
        """Probability that an eligible resident is offered a place this week."""
        free = self.places(week, rates) - int(workspace.members[self.index])
        return programmes.offer_probability(
            float(rates.offer_rate[self.index]),
            float(rates.engagement[self.index]),
            free,
            int(workspace.eligible[self.index]),
        )


def buy(model: PlaceModel, pence: int, payer: int) -> None:
    """Hand a quarter's reinvested ``pence`` of one payer to the programmes for the next quarter.

    Posts that the scenario committed itself to come first, then its shares.
    """
    quarter = model.quarter + 1
    if pence <= 0 or quarter * WEEKS_PER_QUARTER >= model.spec.weeks:
        return
    left = pence
    for programme in model.programmes:
        committed = programme.committed(quarter, model.rates.programmes) - programme.received(quarter)
        paid = max(0, min(left, committed))
        programme.receive_quarter(quarter, paid, PAYERS[payer])
        left -= paid
    for programme, part in zip(model.programmes, share_out(left, model.spec.programme_shares), strict=True):
        programme.receive_quarter(quarter, part, PAYERS[payer])


def share_out(pence: int, shares: tuple[float, ...]) -> list[int]:
    """Split whole ``pence`` by ``shares`` (which add up to 1, or are all 0) without losing a penny.

    >>> share_out(100, (0.333, 0.333, 0.334)), share_out(7, (0.0, 0.0))
    ([33, 34, 33], [0, 0])
    """
    if sum(shares) <= 0.0:
        return [0] * len(shares)
    parts, used, running = [], 0, 0.0
    for share in shares:
        running += share
        upto = offset.whole_pence(pence * min(1.0, running) / 100.0)
        parts.append(upto - used)
        used = upto
    parts[-1] += pence - used
    return parts

"""A resident as a Mesa agent: a view of one row of the columns, with traits, ties and random numbers."""

from __future__ import annotations

from collections.abc import Iterator

import mesa

from simulator.agents.place_state import PlaceState
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import HOUSEHOLD, NO_TIE
from simulator.foundations.measures import INDEX
from simulator.kernels.workspace import WeekInputs, Workspace
from simulator.population.columns import Traits
from simulator.rules import loneliness


class ResidentView(Traits, mesa.Agent):
    """One row of the columns, with the traits as attributes."""

    model: PlaceState

    def __init__(self, model: PlaceState, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.by_trait = model.by_trait

    @property
    def now(self) -> WeekInputs:
        """This week's scalars."""
        return self.model.now

    @property
    def workspace(self) -> Workspace:
        """This week's flags and counters."""
        return self.model.workspace

    @property
    def cell(self) -> int:
        """Number of the cell in which this resident counts."""
        return int((self.age_band * 5 + self.deprivation) * 2 + self.lonely)

    @property
    def lasting_score(self) -> float:
        """The loneliness score in the usual mood."""
        rates = self.model.rates.loneliness
        need = float(rates.need[self.age_band]) + self.personal_need
        effects = (rates.support_effect, rates.outlook_effect, rates.illness_effect)
        return loneliness.lasting_score(need, self.support, self.outlook, self.conditions, effects)

    @property
    def score(self) -> float:
        """The standardised loneliness score."""
        rates, now = self.model.rates.loneliness, self.now
        lonely_ties = int(self.workspace.lonely_ties[self.row])
        company = loneliness.score_of_company(lonely_ties, self.volunteer, rates.travel_effect, rates.giver_effect)
        return loneliness.standardised(self.lasting_score + self.mood + company, now.score_centre, now.score_spread)

    def draw(self, stream: int) -> tuple[float, float, float, float]:
        """Four uniform numbers of a stream for this resident and week."""
        now = self.now
        return draws.draw(now.seed, stream, now.week, self.berth, self.generation)  # type: ignore[no-any-return]

    def tally(self, measure: str, amount: int = 1) -> None:
        """Add an amount to a measure of this resident's cell."""
        self.workspace.counts[self.cell, INDEX[measure]] += amount

    def tally_all(self, measures: tuple[str, ...], amounts: tuple[int, ...]) -> None:
        """Add an amount to each of these measures of the resident's cell."""
        for measure, amount in zip(measures, amounts, strict=True):
            self.tally(measure, amount)

    def ties(self) -> Iterator[int]:
        """Slots that hold a tie."""
        context = self.context
        return (slot for slot in range(self.slots_used) if context[slot] != NO_TIE)

    def housemates(self) -> list[int]:
        """Rows of the other members of the household."""
        return [int(self.other[slot]) for slot in self.ties() if self.context[slot] == HOUSEHOLD]

"""Records of volunteering: residents asked or resting, and each quarter's counts."""

from __future__ import annotations

from simulator.rules import volunteers

Identity = tuple[int, int]
"""Berth and generation, which identify one person."""


class AskHistory:
    """How often residents were asked, and who is resting after having volunteered."""

    def __init__(self) -> None:
        self._asks: dict[Identity, tuple[float, int]] = {}
        self._rests_until: dict[Identity, float] = {}

    def asks(self, person: Identity, week: int, half_life: float) -> float:
        """Earlier asks that this person still remembers."""
        asks, when = self._asks.get(person, (0.0, week))
        return volunteers.asks_remembered(asks, float(week - when), half_life)

    def was_asked(self, person: Identity, week: int, half_life: float) -> None:
        """Record an ask."""
        self._asks[person] = (self.asks(person, week, half_life) + 1.0, week)

    def may_be_asked(self, person: Identity, week: int) -> bool:
        """Whether this person is not resting and has not been asked this week."""
        return week >= self._rests_until.get(person, week) and self._asks.get(person, (0.0, -1))[1] != week

    def rests(self, person: Identity, until: float) -> None:
        """Record that this person has stopped volunteering and is not asked until week ``until``."""
        self._rests_until[person] = until


class Tally:
    """Counts of one programme's volunteering in a quarter."""

    def __init__(self) -> None:
        self.weeks = self.hours = self.care_hours = self.strain = 0
        self.asked = self.said_yes = self.left = 0


class VolunteerBook:
    """A place's history of asks and this quarter's counts by programme."""

    def __init__(self) -> None:
        self.memory = AskHistory()
        self.tallies: dict[int, Tally] = {}

    def tally_of(self, programme: int) -> Tally:
        """This quarter's counts of one programme."""
        return self.tallies.setdefault(programme, Tally())

"""Entries of a specification: a scenario's entries with positions for names and money in pence per week."""

from __future__ import annotations

from typing import Final, NamedTuple


class Automation(NamedTuple):
    """Automation of one task."""

    task: int  # position in `simulator.foundations.categories.ALL_TASKS`
    share: float  # share of its contacts, or pieces of paperwork, after the ramp
    from_week: int  # week in which it starts
    ramp_weeks: int  # weeks until the full share


class Funding(NamedTuple):
    """Money for one programme that was not released in the place."""

    programme: int  # slot: position among the run's programmes
    kind: str  # "pump_priming" or "new_money"
    payer: int  # position in `simulator.foundations.categories.PAYERS`
    pence_per_week: int
    from_week: int
    until_week: int  # first week without it


class ControlArm(NamedTuple):
    """The control arm of a programme's trial: the share of residents, chosen at random, who never join it."""

    programme: int  # position in `simulator.foundations.categories.PROGRAMMES`
    share: float  # of residents; 1 = all, as if the programme did not run
    takes_up: bool = False  # controls are offered it too, and are randomised when they take it up


NO_CONTROL_ARM: Final = ControlArm(-1, 0.0)


class Commitment(NamedTuple):
    """Posts that released money pays for before anything else."""

    programme: int  # slot: position among the run's programmes
    units: float  # whole-time workers; cafés: weekly cafés
    from_week: int


class Surge(NamedTuple):
    """A limited time in which more adults are willing to volunteer."""

    from_week: int
    until_week: int  # first week without it
    extra_share: float  # share of adults, in addition to the usual one
    hours_per_week: float  # mean hours of volunteers who are willing only because of the surge


class StaffingChange(NamedTuple):
    """Hours of staff, or of their training, that a scenario adds or cuts."""

    role: int  # position in `simulator.foundations.categories.ROLES`
    hours_per_week: float  # of work; negative for a cut
    training_per_week: float  # of training in relational skill, in paid time
    from_week: int
    until_week: int  # first week without it

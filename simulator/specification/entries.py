"""What a specification is made of: the scenario's entries with names as positions and money as pence per week."""

from __future__ import annotations

from typing import Final, NamedTuple


class Automation(NamedTuple):
    """One task of which a share is automated."""

    task: int  # position in `simulator.foundations.categories.ALL_TASKS`
    share: float  # share of its contacts or pieces, in the end
    from_week: int  # week in which it begins
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
    """A programme that is kept, by lot, from a share of residents: 1 = from all, as if it did not run."""

    programme: int  # position in `simulator.foundations.categories.PROGRAMMES`
    share: float  # of residents, each by an addressed draw of stream ARM


NO_CONTROL_ARM: Final = ControlArm(-1, 0.0)


class Commitment(NamedTuple):
    """Posts that the released resource carries before it buys anything else."""

    programme: int  # slot: position among the run's programmes
    units: float  # whole-time workers; cafés: weekly cafés
    from_week: int


class Surge(NamedTuple):
    """A while in which more adults are willing to volunteer."""

    from_week: int
    until_week: int  # first week without it
    extra_share: float  # share of adults, on top of the usual one
    hours_per_week: float  # hours, mean of those whom only the surge has won


class StaffingChange(NamedTuple):
    """Hours of staff, or of their training, that a scenario adds or cuts."""

    role: int  # position in `simulator.foundations.categories.ROLES`
    hours_per_week: float  # of work; negative for a cut
    training_per_week: float  # of training in relational skill, in paid time
    from_week: int
    until_week: int  # first week without it

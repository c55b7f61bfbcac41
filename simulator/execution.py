"""The two executions of the residents' phases: compiled loops, which run, and readable agents, which are the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from simulator.kernels import blocks

PASSES: Final = {
    "live": blocks.pass_live,
    "ask": blocks.pass_meet_to_ask,
    "need_care": blocks.pass_care,
    "take_part": blocks.pass_take_part,
    "count": blocks.pass_count,
}
"""By the last phase of each of `blocks.TOGETHER`."""

if TYPE_CHECKING:
    from simulator.model import PlaceModel


class Execution(Protocol):
    """Something that can take all residents through a phase by its name."""

    def run(self, phase: str) -> None:
        """Take all residents through one phase."""


class ColumnExecution:
    """Compiled loops. Phases that need nothing but a resident's own row run in one pass, when the last is due."""

    def __init__(self, model: PlaceModel) -> None:
        self.model = model

    def run(self, phase: str) -> None:
        """Run the pass that ends with this phase; phases before the end of a pass wait for it."""
        model = self.model
        if phase == "count" and not (model.volunteers or model.workspace.members.any()):
            return  # nobody has a role, and all else has been counted
        if phase in PASSES:
            PASSES[phase](model.records, model.workspace, model.packed, model.packed_now)


class AgentExecution:
    """Each phase is the method of that name of every `Resident`."""

    def __init__(self, model: PlaceModel) -> None:
        self.model = model

    def run(self, phase: str) -> None:
        """Call the phase's method of every resident."""
        self.model.residents.do(phase)

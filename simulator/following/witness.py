"""What happens to each of a few residents in a run that works on columns.

The columns count events by cell and not by person. Since both engines give the same week bit for bit, a witness lets
the readable agents live each phase first, for the residents it follows and in memory that is put back afterwards, and
notes what they add to the counters. The run itself is not affected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.foundations.measures import NAMES
from simulator.rules import demography

if TYPE_CHECKING:
    from simulator.model.place_model import PlaceModel

_PHASES: Final = {
    "ask": ("fall_ill", "ask"),
    "need_care": ("get_care", "recover", "need_care"),
    "take_part": ("take_part",),
}
"""Phases in which agents count events, by the phase at whose end the columns run them."""


class Witness:
    """Execution of a model's phases that notes the events of the residents in ``rows``, and otherwise changes nothing.

    ``counts`` (R, M) are this week's measures of each, ``dies`` and ``moves`` (R,) whether they leave the place in this
    week's phase live. Call `begin_week` before each week.
    """

    def __init__(self, model: PlaceModel, rows: Sequence[int]) -> None:
        self.model, self.rows = model, np.asarray(rows, np.intp)
        self._execution, model.execution = model.execution, self
        self._followed = [model.resident(int(row)) for row in rows]
        self._between: NDArray[Any] | None = None  # their records after phase ask, as agents live it
        self.begin_week()

    def begin_week(self) -> None:
        """Forget the week before."""
        self.counts = np.zeros((len(self.rows), len(NAMES)), np.int64)
        self.dies = self.moves = np.zeros(len(self.rows), bool)

    def run(self, phase: str) -> None:
        """Run one phase for all residents."""
        if phase in _PHASES:
            self._live_ahead(phase)
        self._execution.run(phase)
        if phase == "live":
            events = self.model.workspace.event[self.rows]
            self.dies, self.moves = events == demography.DIES, events == demography.MOVES_AWAY

    def refresh_meetings(self, block: int) -> None:
        """Draw the weeks of this block of eight in which each tie meets."""
        self._execution.refresh_meetings(block)

    def _live_ahead(self, phase: str) -> None:
        """Let the followed residents live these phases as agents, note what they count, and put everything back."""
        model, rows = self.model, self.rows
        records = model.records[rows].copy()
        workspace = {name: array.copy() for name, array in model.workspace._asdict().items()}
        if phase == "need_care" and self._between is not None:
            model.records[rows] = self._between  # the columns may have ended this week for some of them
        counts = model.workspace.counts
        for number, resident in enumerate(self._followed):
            before = counts[resident.cell].copy()  # phases with events change neither age, deprivation nor loneliness
            for one in _PHASES[phase]:
                getattr(resident, one)()
            self.counts[number] += counts[resident.cell] - before
        self._between = model.records[rows].copy() if phase == "ask" else None
        model.records[rows] = records
        for name, array in workspace.items():
            getattr(model.workspace, name)[...] = array

"""The two executions of the residents' phases: compiled columns, which run, and readable agents, which are the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernels import care, count, health, live, meet, programmes

if TYPE_CHECKING:
    from simulator.model import PlaceModel


class ColumnExecution:
    """Each phase is one compiled loop over the columns."""

    def __init__(self, model: PlaceModel) -> None:
        self.model = model

    def live(self) -> None:
        """A week older; deaths, moves and household events are flagged."""
        m = self.model
        live.live(m.columns, m.workspace, m.packed.tables, m.packed.rates.demography, m.packed_now)

    def meet(self) -> None:
        """Ties and support move by a week."""
        m = self.model
        meet.meet(m.columns, m.packed.tables, m.packed.rates.ties, m.packed.rates.contacts.trust_support, m.packed_now)

    def feel(self) -> None:
        """Loneliness comes and goes."""
        m = self.model
        health.feel(m.columns, m.workspace, m.packed.rates.loneliness)

    def fall_ill(self) -> None:
        """Conditions, transient risk, episodes."""
        m = self.model
        health.fall_ill(m.columns, m.workspace, m.packed.tables, m.packed.rates.illness, m.packed.rates.care, m.packed_now)

    def ask(self) -> None:
        """Routine contacts and requests."""
        m = self.model
        care.ask(m.columns, m.workspace, m.packed.tables, m.packed.rates.contacts, m.packed.rates.care, m.packed_now)

    def get_care(self) -> None:
        """Consultations, A&E, admissions."""
        m = self.model
        care.get_care(m.columns, m.workspace, m.packed.tables, m.packed.rates.contacts, m.packed.rates.care, m.packed_now)

    def recover(self) -> None:
        """Days in hospital pass."""
        care.recover(self.model.columns)

    def take_part(self) -> None:
        """Offers, engagement, membership."""
        m = self.model
        programmes.take_part(m.columns, m.workspace, m.packed.rates.programmes, m.packed.rates.loneliness.need, m.packed_now)

    def count(self) -> None:
        """Weeks by cell."""
        count.count(self.model.columns, self.model.workspace)


class AgentExecution:
    """Each phase is the method of that name of every `Resident`."""

    def __init__(self, model: PlaceModel) -> None:
        self.model = model

    def _do(self, phase: str) -> None:
        workspace = self.model.workspace
        if phase == "ask":
            workspace.requests[:] = 0
        if phase == "take_part":
            workspace.members[:] = 0
            workspace.eligible[:] = 0
        self.model.residents.do(phase)

    def live(self) -> None:
        """See `Resident.live`."""
        self._do("live")

    def meet(self) -> None:
        """See `Resident.meet`."""
        self._do("meet")

    def feel(self) -> None:
        """See `Resident.feel`."""
        self._do("feel")

    def fall_ill(self) -> None:
        """See `Resident.fall_ill`."""
        self._do("fall_ill")

    def ask(self) -> None:
        """See `Resident.ask`."""
        self._do("ask")

    def get_care(self) -> None:
        """See `Resident.get_care`."""
        self._do("get_care")

    def recover(self) -> None:
        """See `Resident.recover`."""
        self._do("recover")

    def take_part(self) -> None:
        """See `Resident.take_part`."""
        self._do("take_part")

    def count(self) -> None:
        """See `Resident.count`."""
        self._do("count")

"""AgentSets over columns: `select`, `get`, `set`, `agg` and `groupby` at array speed; agents built on first touch."""

from __future__ import annotations

import copy
import weakref
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.agent import AgentSet
from numpy.typing import NDArray

from simulator.columns import TRAITS, Residents
from simulator.errors import UnknownNameError
from simulator.residents import Resident

if TYPE_CHECKING:
    from simulator.model import PlaceModel

Rows = NDArray[np.intp]


class ColumnView:
    """Looks like one resident and answers with arrays: what a filter sees when it is tried on everybody at once."""

    def __init__(self, columns: Residents, rows: Rows) -> None:
        self._columns, self._rows = columns, rows

    def __getattr__(self, name: str) -> NDArray[Any]:
        return _column(self._columns, name)[self._rows]


def _column(columns: Residents, name: str) -> NDArray[Any]:
    if name not in TRAITS:
        raise UnknownNameError("trait of a resident", name, TRAITS)
    column: NDArray[Any] = getattr(columns, name)
    return column


class ResidentSet(AgentSet):
    """Residents as an ordered set of agents, held as row numbers.

    A filter written with ``&``, ``|`` and comparisons, such as ``lambda r: (r.age_band >= 6) & (r.lonely == 1)``, is
    evaluated on whole columns; one that only works on a single agent is evaluated agent by agent, as Mesa does.
    """

    def __init__(self, model: PlaceModel, rows: Rows) -> None:
        self.model, self.rows = model, rows
        self.random = model.random
        self._built: weakref.WeakKeyDictionary[Any, None] | None = None

    @classmethod
    def of(cls, model: PlaceModel) -> ResidentSet:
        """All residents of a place."""
        return cls(model, np.arange(len(model.columns.berth)))

    @property
    def _agents(self) -> weakref.WeakKeyDictionary[Any, None]:
        """The agents, as Mesa's own methods expect them; built when something needs agents rather than arrays."""
        if self._built is None:
            agent = self.model.resident
            self._built = weakref.WeakKeyDictionary(dict.fromkeys(agent(row) for row in self.rows.tolist()))
        return self._built

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._agents.keys())

    def __copy__(self) -> ResidentSet:
        return type(self)(self.model, self.rows.copy())

    def _update(self, agents: Iterable[Any]) -> ResidentSet:
        self.rows = np.array([agent.row for agent in agents], dtype=np.intp)
        self._built = None
        return self

    def select(
        self,
        filter_func: Callable[[Any], Any] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> ResidentSet:
        """Residents for whom ``filter_func`` is true, at most this many (or, below 1.0, this share) of them."""
        rows = self.rows
        if agent_type is not None and not issubclass(Resident, agent_type):
            rows = rows[:0]
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        if filter_func is not None:
            rows = rows[self._mask(filter_func, rows)]
        if at_most < len(rows):
            rows = rows[: int(at_most)]
        if inplace:
            self.rows, self._built = rows, None
            return self
        return ResidentSet(self.model, rows)

    def _mask(self, filter_func: Callable[[Any], Any], rows: Rows) -> NDArray[np.bool_]:
        try:
            mask = np.asarray(filter_func(ColumnView(self.model.columns, rows)))
        except ValueError:
            # `and`, `or`, `not` and `in` ask an array for one truth value: such a filter is for one agent at a time.
            mask = np.empty(0)
        if mask.shape == rows.shape and mask.dtype == np.bool_:
            return mask
        return np.fromiter((bool(filter_func(agent)) for agent in self), np.bool_, len(rows))

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> Any:
        """Values of a trait as an array; of several traits, a list of arrays. Attributes that are no trait: a list."""
        names = [attr_names] if isinstance(attr_names, str) else list(attr_names)
        if all(name in TRAITS for name in names):
            arrays = [getattr(self.model.columns, name)[self.rows] for name in names]
            return arrays[0] if isinstance(attr_names, str) else arrays
        return super().get(attr_names, handle_missing, default_value)

    def set(self, attr_name: str, value: Any) -> ResidentSet:
        """Give every resident of the set this value of a trait."""
        _column(self.model.columns, attr_name)[self.rows] = value
        return self

    def agg(self, attribute: str, func: Any) -> Any:
        """Apply ``func`` (or several) to the array of a trait."""
        values = self.get(attribute)
        return func(values) if callable(func) else [one(values) for one in func]

    def groupby(self, by: Any, result_type: str = "agentset") -> Any:
        """Groups by a trait, each a ResidentSet; by a function, as Mesa does."""
        if not isinstance(by, str) or result_type != "agentset":
            return super().groupby(by, result_type)
        values = self.get(by)
        groups: dict[Hashable, Any] = {
            value.item(): ResidentSet(self.model, self.rows[values == value]) for value in np.unique(values)
        }
        return type(AgentSet([], random=self.random).groupby("unique_id"))(groups)


class PlaceAgentSet(AgentSet):
    """Every agent of a place. Choose residents with ``select(agent_type=Resident)`` and stay at array speed."""

    def __init__(self, model: PlaceModel) -> None:
        self.model = model
        self.random = model.random
        self.residents = ResidentSet.of(model)
        self.few = (*model.services, *model.programmes, *model.volunteers)

    @property
    def _agents(self) -> weakref.WeakKeyDictionary[Any, None]:
        return weakref.WeakKeyDictionary(dict.fromkeys((*self.residents, *self.few)))

    def __len__(self) -> int:
        return len(self.residents) + len(self.few)

    def __contains__(self, agent: object) -> bool:
        return agent in self.few or (isinstance(agent, Resident) and agent.model is self.model)

    def by_type(self) -> dict[type, Any]:
        """Agents by their class, residents as a `ResidentSet`."""
        kinds: dict[type, Any] = {Resident: self.residents}
        for kind in dict.fromkeys(type(agent) for agent in self.few):
            kinds[kind] = AgentSet([agent for agent in self.few if type(agent) is kind], random=self.random)
        return kinds

    def select(
        self,
        filter_func: Callable[[Any], Any] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type[mesa.Agent] | None = None,
    ) -> Any:
        """As Mesa's, and at array speed where ``agent_type`` is Resident."""
        if agent_type is not None and issubclass(agent_type, Resident):
            return self.residents.select(filter_func, at_most)
        return AgentSet(list(self), random=self.random).select(filter_func, at_most, inplace, agent_type)

    def __copy__(self) -> AgentSet:
        return copy.copy(AgentSet(list(self), random=self.random))

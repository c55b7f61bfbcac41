"""AgentSets over columns: `select`, `get`, `set`, `agg` and `groupby` at array speed; agents are built when needed."""

from __future__ import annotations

import copy
import importlib
import random
import weakref
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, Final, Protocol

import mesa
import numpy as np
from mesa.agent import AgentSet
from numpy.typing import NDArray

from simulator.errors import UnknownNameError
from simulator.population.columns import TRAITS, Residents
from simulator.residents.resident import Resident

Rows = NDArray[np.intp]
GroupBy: Any = importlib.import_module(AgentSet.__module__).GroupBy
"""Mesa's class, taken from the module of AgentSet, which was renamed in Mesa 3.5."""
_ONE_AT_A_TIME: Final = (ValueError, TypeError, AttributeError)
"""Errors from arrays if a filter needs a single number: `and`, `or`, `not`, `in`, int(), math.exp(), an index."""


class PopulatedPlace(Protocol):
    """A place whose residents can be built as agents, one by one."""

    columns: Residents
    random: random.Random
    services: tuple[mesa.Agent, ...]
    programmes: tuple[mesa.Agent, ...]
    volunteers: list[mesa.Agent]

    def resident(self, row: int) -> Resident:
        """The agent of one row."""


class ColumnView:
    """Stand-in for a resident whose traits are arrays, so that a filter is evaluated for all residents at once.

    A trait is an array (n,), with integers as int64 so that they do not wrap around. A wide trait is an array
    (slots, n), so that ``r.programme_status[0]`` is the first entry of every resident.
    """

    def __init__(self, model: PopulatedPlace, rows: Rows) -> None:
        self._model, self._rows = model, rows

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name not in TRAITS and hasattr(self._model.resident(int(self._rows[0])), name):
            raise AttributeError(f"{name} is available for one resident at a time only")
        values = _column(self._model.columns, name)[self._rows]
        if values.ndim > 1:
            return values.T
        return values.astype(np.int64) if values.dtype.kind in "ui" else values


def _column(columns: Residents, name: str) -> NDArray[Any]:
    if name not in TRAITS:
        raise UnknownNameError("trait of a resident", name, TRAITS)
    column: NDArray[Any] = getattr(columns, name)
    return column


class ResidentGroups(GroupBy):
    """Groups of residents with an ``agg`` that works on columns."""

    def agg(self, attr_name: str, func: Callable[[Any], Any]) -> dict[Hashable, Any]:
        """Apply ``func`` to the array of a trait, group by group."""
        return {name: group.agg(attr_name, func) for name, group in self.groups.items()}


class ResidentSet(AgentSet):
    """Residents as an ordered set of agents, stored as row numbers.

    A filter written with ``&``, ``|`` and comparisons, such as ``lambda r: (r.age_band >= 6) & (r.lonely == 1)``, is
    evaluated on whole columns; one that works only on a single agent is evaluated agent by agent, as in Mesa.
    """

    def __init__(self, model: PopulatedPlace, rows: Rows) -> None:
        self.model, self.rows = model, rows
        self.random = model.random
        self._built: weakref.WeakKeyDictionary[Any, None] | None = None

    @classmethod
    def of(cls, model: PopulatedPlace) -> ResidentSet:
        """All residents of a place."""
        return cls(model, np.arange(len(model.columns.berth)))

    @property
    def _agents(self) -> weakref.WeakKeyDictionary[Any, None]:
        """The agents, as Mesa's methods expect them; built on first use."""
        if self._built is None:
            agent = self.model.resident
            self._built = weakref.WeakKeyDictionary(dict.fromkeys(agent(row) for row in self.rows.tolist()))
        return self._built

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._agents.keys())

    def __contains__(self, agent: object) -> bool:
        return isinstance(agent, Resident) and agent.model is self.model and bool((self.rows == agent.row).any())

    def __getitem__(self, item: int | slice) -> Any:
        resident, chosen = self.model.resident, self.rows[item].tolist()
        return [resident(row) for row in chosen] if isinstance(chosen, list) else resident(chosen)

    def __copy__(self) -> ResidentSet:
        return type(self)(self.model, self.rows.copy())

    def _from_iterable(self, agents: Iterable[Any]) -> ResidentSet:
        """The result of `&`, `|` or `-` of two sets."""
        return type(self)(self.model, np.array([agent.row for agent in dict.fromkeys(agents)], dtype=np.intp))

    def _update(self, agents: Iterable[Any]) -> ResidentSet:
        return self._hold(np.array([agent.row for agent in agents], dtype=np.intp), inplace=True)

    def _hold(self, rows: Rows, *, inplace: bool) -> ResidentSet:
        """A set of these rows: this one if ``inplace``, otherwise a new one."""
        if not inplace:
            return type(self)(self.model, rows)
        self.rows, self._built = rows, None
        return self

    def add(self, agent: Any) -> None:
        """Add a resident of the same place. Raises TypeError for any other agent."""
        if not isinstance(agent, Resident) or agent.model is not self.model:
            raise TypeError(f"a set of residents accepts residents of its own place only, not {agent!r}")
        if agent not in self:
            self._hold(np.append(self.rows, agent.row), inplace=True)

    def discard(self, agent: Any) -> None:
        """Remove a resident, if present."""
        if agent in self:
            self._hold(self.rows[self.rows != agent.row], inplace=True)

    def remove(self, agent: Any) -> None:
        """Remove a resident. Raises KeyError if it is not in the set."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def select(
        self,
        filter_func: Callable[[Any], Any] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> ResidentSet:
        """Residents for whom ``filter_func`` is true, at most ``at_most`` (a number, or a share if a float <= 1.0)."""
        rows = self.rows
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        if agent_type is not None and not issubclass(Resident, agent_type):
            rows = rows[:0]
        if filter_func is not None and len(rows) > 0:
            rows = rows[self._mask(filter_func, rows)]
        if at_most < len(rows):
            rows = rows[: int(at_most)]
        return self._hold(rows, inplace=inplace)

    def _mask(self, filter_func: Callable[[Any], Any], rows: Rows) -> NDArray[np.bool_]:
        try:
            mask = np.asarray(filter_func(ColumnView(self.model, rows)))
        except _ONE_AT_A_TIME:
            mask = np.empty(0)
        if mask.shape == rows.shape and mask.dtype.kind in "buif":
            return mask.astype(np.bool_)
        return np.fromiter((bool(filter_func(agent)) for agent in self), np.bool_, len(rows))

    def shuffle(self, inplace: bool = False) -> ResidentSet:
        """The residents in random order, using the model's random number generator."""
        order = list(range(len(self)))
        self.random.shuffle(order)
        return self._hold(self.rows[order], inplace=inplace)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> ResidentSet:
        """The residents sorted by a trait or by a ``key`` function; the sort is stable."""
        values = self.get(key) if isinstance(key, str) else self.map(key)
        order = sorted(range(len(self)), key=list(values).__getitem__, reverse=not ascending)
        return self._hold(self.rows[order], inplace=inplace)

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> Any:
        """Values of a trait as an array, or of several traits as a list of arrays; of other attributes as a list."""
        names = [attr_names] if isinstance(attr_names, str) else list(attr_names)
        if all(name in TRAITS for name in names):
            arrays = [getattr(self.model.columns, name)[self.rows] for name in names]
            return arrays[0] if isinstance(attr_names, str) else arrays
        if handle_missing == "error" and len(self) > 0:
            for name in names:
                if not hasattr(self[0], name):
                    raise UnknownNameError("trait of a resident", name, TRAITS)
        return super().get(attr_names, handle_missing, default_value)

    def set(self, attr_name: str, value: Any) -> ResidentSet:
        """Set a trait to this value for every resident of the set."""
        _column(self.model.columns, attr_name)[self.rows] = value
        return self

    def agg(self, attribute: str, func: Any) -> Any:
        """Apply ``func`` (or several) to the array of a trait."""
        values = self.get(attribute)
        return func(values) if callable(func) else [one(values) for one in func]

    def groupby(self, by: Any, result_type: str = "agentset") -> Any:
        """Groups by a trait or by a function of each resident; each group is a ResidentSet or a list."""
        values = self.get(by) if isinstance(by, str) else self.map(by)
        numbers: dict[Hashable, list[int]] = {}
        for place, value in enumerate(values.tolist() if isinstance(values, np.ndarray) else values):
            numbers.setdefault(value, []).append(place)
        groups = {value: type(self)(self.model, self.rows[places]) for value, places in numbers.items()}
        if result_type == "agentset":
            return ResidentGroups(groups)
        return GroupBy({value: list(group) for value, group in groups.items()})


class PlaceAgentSet(AgentSet):
    """Every agent of a place. ``select(agent_type=Resident)`` chooses residents at array speed."""

    def __init__(self, model: PopulatedPlace) -> None:
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
        inplace: bool = False,  # noqa: ARG002 - a place keeps its agents
        agent_type: type[mesa.Agent] | None = None,
    ) -> Any:
        """As in Mesa, and at array speed if ``agent_type`` is Resident."""
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        if agent_type is not None and issubclass(agent_type, Resident):
            return self.residents.select(filter_func, at_most)
        if agent_type is None or issubclass(Resident, agent_type):
            return AgentSet(list(self), random=self.random).select(filter_func, at_most)
        few = [agent for agent in self.few if isinstance(agent, agent_type)]
        return AgentSet(few, random=self.random).select(filter_func, at_most)

    def _update(self, agents: Iterable[Any]) -> AgentSet:
        """A separate set: the agents of a place do not change."""
        return AgentSet(agents, random=self.random)

    def __copy__(self) -> AgentSet:
        return copy.copy(AgentSet(list(self), random=self.random))

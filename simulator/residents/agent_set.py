"""AgentSets over columns: `select`, `get`, `set`, `agg` and `groupby` at array speed; agents built on first touch."""

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
"""Mesa's, from where it keeps AgentSet: the module has another name from Mesa 3.5 on."""
_ONE_AT_A_TIME: Final = (ValueError, TypeError, AttributeError)
"""What arrays raise where a filter needs one agent's number: `and`, `or`, `not`, `in`, int(), math.exp(), an index."""


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
    """Looks like one resident and answers with arrays: what a filter sees when it is tried on everybody at once.

    A trait is an array (n,) that reckons as one resident's number does: integers do not wrap around. A wide trait is
    an array (slots, n), so that ``r.programme_status[0]`` is the first entry of everyone.
    """

    def __init__(self, model: PopulatedPlace, rows: Rows) -> None:
        self._model, self._rows = model, rows

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name not in TRAITS and hasattr(self._model.resident(int(self._rows[0])), name):
            raise AttributeError(f"{name} is known of one resident at a time")
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
    """Groups of residents, whose ``agg`` works on columns."""

    def agg(self, attr_name: str, func: Callable[[Any], Any]) -> dict[Hashable, Any]:
        """Apply ``func`` to the array of a trait, group by group."""
        return {name: group.agg(attr_name, func) for name, group in self.groups.items()}


class ResidentSet(AgentSet):
    """Residents as an ordered set of agents, held as row numbers.

    A filter written with ``&``, ``|`` and comparisons, such as ``lambda r: (r.age_band >= 6) & (r.lonely == 1)``, is
    evaluated on whole columns; one that only works on a single agent is evaluated agent by agent, as Mesa does.
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
        """The agents, as Mesa's own methods expect them; built when something needs agents rather than arrays."""
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
        """What `&`, `|` and `-` of two sets make."""
        return type(self)(self.model, np.array([agent.row for agent in dict.fromkeys(agents)], dtype=np.intp))

    def _update(self, agents: Iterable[Any]) -> ResidentSet:
        return self._hold(np.array([agent.row for agent in agents], dtype=np.intp), inplace=True)

    def _hold(self, rows: Rows, *, inplace: bool) -> ResidentSet:
        """These rows in this set, or in a new one."""
        if not inplace:
            return type(self)(self.model, rows)
        self.rows, self._built = rows, None
        return self

    def add(self, agent: Any) -> None:
        """Take in a resident of the same place."""
        if not isinstance(agent, Resident) or agent.model is not self.model:
            raise TypeError(f"a set of residents takes residents of its own place, not {agent!r}")
        if agent not in self:
            self._hold(np.append(self.rows, agent.row), inplace=True)

    def discard(self, agent: Any) -> None:
        """Leave a resident out, if it was in."""
        if agent in self:
            self._hold(self.rows[self.rows != agent.row], inplace=True)

    def remove(self, agent: Any) -> None:
        """Leave a resident out. Raises KeyError if it was not in."""
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
        """Residents for whom ``filter_func`` is true, at most this many (or, below 1.0, this share) of them."""
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
        """The residents in random order, by the random numbers of the model."""
        order = list(range(len(self)))
        self.random.shuffle(order)
        return self._hold(self.rows[order], inplace=inplace)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> ResidentSet:
        """The residents in order of a trait, or of what ``key`` says of each; equals stay in order."""
        values = self.get(key) if isinstance(key, str) else self.map(key)
        order = sorted(range(len(self)), key=list(values).__getitem__, reverse=not ascending)
        return self._hold(self.rows[order], inplace=inplace)

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> Any:
        """Values of a trait as an array; of several traits, a list of arrays. Attributes that are no trait: a list."""
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
        """Give every resident of the set this value of a trait."""
        _column(self.model.columns, attr_name)[self.rows] = value
        return self

    def agg(self, attribute: str, func: Any) -> Any:
        """Apply ``func`` (or several) to the array of a trait."""
        values = self.get(attribute)
        return func(values) if callable(func) else [one(values) for one in func]

    def groupby(self, by: Any, result_type: str = "agentset") -> Any:
        """Groups by a trait, or by what a function says of each resident; each group a ResidentSet, or a list."""
        values = self.get(by) if isinstance(by, str) else self.map(by)
        numbers: dict[Hashable, list[int]] = {}
        for place, value in enumerate(values.tolist() if isinstance(values, np.ndarray) else values):
            numbers.setdefault(value, []).append(place)
        groups = {value: type(self)(self.model, self.rows[places]) for value, places in numbers.items()}
        if result_type == "agentset":
            return ResidentGroups(groups)
        return GroupBy({value: list(group) for value, group in groups.items()})


class PlaceAgentSet(AgentSet):
    """Every agent of a place. Choose residents with ``select(agent_type=Resident)`` and stay at array speed."""

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
        """As Mesa's, and at array speed where ``agent_type`` is Resident."""
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        if agent_type is not None and issubclass(agent_type, Resident):
            return self.residents.select(filter_func, at_most)
        if agent_type is None or issubclass(Resident, agent_type):
            return AgentSet(list(self), random=self.random).select(filter_func, at_most)
        few = [agent for agent in self.few if isinstance(agent, agent_type)]
        return AgentSet(few, random=self.random).select(filter_func, at_most)

    def _update(self, agents: Iterable[Any]) -> AgentSet:
        """What Mesa's methods make of all agents is a set of its own: a place keeps its agents."""
        return AgentSet(agents, random=self.random)

    def __copy__(self) -> AgentSet:
        return copy.copy(AgentSet(list(self), random=self.random))

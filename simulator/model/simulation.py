"""One run from a population to the end of its calendar; the last warm-up is kept in memory.

The model is imported inside functions, so that importing this module stays fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulator.foundations import compiling
from simulator.population.columns import Residents, copy_residents, empty_residents
from simulator.results.results import RunFrames
from simulator.specification.spec import Spec

if TYPE_CHECKING:
    from simulator.model.place_model import PlaceModel, Replay


@dataclass(frozen=True, eq=False)
class _Start:
    """The parts of a spec that affect the warm-up: place, evidence and lens."""

    spec: Spec

    def _key(self) -> tuple[str, str, str]:
        return self.spec.place.hash, self.spec.evidence.hash, self.spec.applied_lens.hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Start) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


LARGE: Final = 200_000
"""Residents of a place from which on a run uses every thread that it may: in a small one, handing work to another
thread takes much of the time that it saves (docs/performance.md)."""


class _Threads(NamedTuple):
    most: int
    of_any_place: bool


_THREADS: Final = [_Threads(1, of_any_place=False)]


def use_threads(most: int, *, of_any_place: bool = False) -> None:
    """Let runs of this process use up to ``most`` threads: those of places of at least `LARGE`, or ``of_any_place``.

    A run has the same results with any number of threads.
    """
    _THREADS[0] = _Threads(most, of_any_place)


def _model(spec: Spec, seed: int, parameter_draw: int | None, **how: Any) -> PlaceModel:
    """A model with the threads that it may use."""
    from simulator.model.place_model import PlaceModel

    model, may = PlaceModel(spec, seed, parameter_draw=parameter_draw, **how), _THREADS[0]
    if may.most > 1 and (may.of_any_place or spec.place.residents >= LARGE):
        model.use_threads(may.most)
    return model


def _warm_up(start: _Start, seed: int, parameter_draw: int | None) -> Residents:
    model = _model(start.spec, seed, parameter_draw)
    while model.elapsed < 0:
        model.step()
    forget_model(model)
    return model.columns


_warmed_up = lru_cache(maxsize=1)(_warm_up)


def forget_model(model: PlaceModel) -> None:
    """Release a finished model, which Mesa before 3.5 keeps in the table that numbers its agents."""
    import mesa

    getattr(mesa.Agent, "_ids", {}).pop(model, None)


KEPT_AT_MOST: Final = 4_000_000
"""Residents of the largest place whose warm-up is kept in memory for the next scenario."""


@compiling.no_garbage_collected()
def compile_population(spec: Spec) -> None:
    """Compile what builds a population, changes its ties and counts it, and the services' week, unless it is cached."""
    from simulator.events import volunteering
    from simulator.events.census import take_census
    from simulator.events.group_meetings import gather
    from simulator.kernels.passes import pass_count
    from simulator.model.place_model import PlaceModel
    from simulator.population.build import build_population
    from simulator.population.ties import refresh_meetings

    build_population(spec.place, spec.rates(), seed=0)
    model = PlaceModel(spec, seed=0, warmed_up=empty_residents(64))
    refresh_meetings(model.records, model.seed, 0, 0, 64)
    take_census(model.columns, 0.0, model.workspace.counts)
    pass_count(model.records, model.workspace, model.packed, model.packed_now, 0, 64)
    model.execution.run("take_part")
    gather(model.records, model.workspace, model.packed, model.packed_now)
    volunteering.begin(model.records, 0, 0, (0, 0.0), model.packed_now)
    volunteering.end(model.records, 0, 0, model.packed, model.packed_now)
    model.serve()  # here, since the rest of a week takes as long to compile as all this


@compiling.no_garbage_collected()
def compile_week(spec: Spec) -> None:
    """Compile the functions that simulate a week, unless they are in the cache."""
    from simulator.model.place_model import PlaceModel

    PlaceModel(spec, seed=0, warmed_up=empty_residents(64)).step()


COMPILE_AHEAD: Final = ((compile_week, "pass_care"), (compile_population, "serve_week"))
"""Two halves of about equal compile time, each with the last function it compiles, which shows whether the cache is
complete."""


def is_compiled_ahead() -> bool:
    """Whether the cache contains all the functions a run needs."""
    return all(compiling.is_compiled(last) for _, last in COMPILE_AHEAD)


def compile_ahead(spec: Spec) -> None:
    """Compile all the functions a run needs, unless they are in the cache."""
    for half, _ in COMPILE_AHEAD:
        half(spec)


def simulate(spec: Spec, seed: int, parameter_draw: int | None = None, replay: Replay | None = None) -> RunFrames:
    """Simulate one scenario with one seed, from building a population to the end of the calendar.

    The last warm-up is kept in memory, and scenarios with the same place, evidence and lens share it, unless the place
    is larger than `KEPT_AT_MOST`. ``replay`` contains amounts reinvested in another run, to be spent instead.
    """
    if spec.place.residents > KEPT_AT_MOST:
        _warmed_up.cache_clear()
        warmed_up = _warm_up(_Start(spec), seed, parameter_draw)
    else:
        warmed_up = copy_residents(_warmed_up(_Start(spec), seed, parameter_draw))
    model = _model(spec, seed, parameter_draw, warmed_up=warmed_up, replay=replay)
    model.run_model()
    forget_model(model)
    return model.book.frames(model)

"""One run from a population to the end of a calendar; the year lived before a scenario begins is kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import mesa

from simulator.columns import Residents, empty_residents
from simulator.kernels import volunteering
from simulator.kernels.gather import gather
from simulator.model import PlaceModel, Replay
from simulator.population import build_population
from simulator.results import RunFrames
from simulator.spec import Spec
from simulator.ties import refresh_meetings


@dataclass(frozen=True, eq=False)
class _Start:
    """A spec as far as the warm-up goes: no scenario has a part in it beyond the evidence it changes or reads."""

    spec: Spec

    def _key(self) -> tuple[str, str, str]:
        return self.spec.place.hash, self.spec.evidence.hash, self.spec.reading.hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Start) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


@lru_cache(maxsize=1)
def _warmed_up(start: _Start, seed: int, parameter_draw: int | None) -> Residents:
    model = PlaceModel(start.spec, seed, parameter_draw=parameter_draw)
    while model.elapsed < 0:
        model.step()
    let_go(model)
    return model.columns


def let_go(model: PlaceModel) -> None:
    """Mesa before 3.5 keeps every model for good, in the table that numbers its agents; here each has had its day."""
    getattr(mesa.Agent, "_ids", {}).pop(model, None)


LAST_COMPILED: Final = "end"
"""The last function that `compile_ahead` compiles: if the cache holds it, it holds the rest."""


def compile_ahead(spec: Spec) -> None:
    """Compile what builds a population and lives a week, if the cache does not hold it yet."""
    build_population(spec.place, spec.rates(), seed=0)
    model = PlaceModel(spec, seed=0, warmed_up=empty_residents(64))
    model.step()
    refresh_meetings(model.records, model.seed, 0)
    model.execution.run("take_part")
    gather(model.records, model.workspace, model.packed, model.packed_now)
    volunteering.begin(model.records, 0, 0, (0, 0.0), model.packed_now)
    volunteering.end(model.records, 0, 0, model.packed, model.packed_now)


def simulate(spec: Spec, seed: int, parameter_draw: int | None = None, replay: Replay | None = None) -> RunFrames:
    """Live one scenario with one seed's luck, from a population of its own to the end of its calendar.

    The last warm-up is kept in memory: scenarios that start from the same place and evidence share it. A ``replay`` is
    what another run reinvested, to be spent again.
    """
    warmed_up = _warmed_up(_Start(spec), seed, parameter_draw).copy()
    model = PlaceModel(spec, seed, parameter_draw=parameter_draw, warmed_up=warmed_up, replay=replay)
    model.run_model()
    let_go(model)
    return model.book.frames(model)

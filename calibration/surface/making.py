"""Making a response surface: paired runs of every point, emulators of them, and their check on points not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from calibration.emulator import emulate
from calibration.surface.points import NAME, PLAN, Point, design, freed
from calibration.surface.reading import MEASURES, Surface
from simulator.api import specify_comparable
from simulator.bundle.making import make_tables
from simulator.bundle.plan import BASE, Work
from simulator.bundle.tables import KEYS
from simulator.comparison.comparison import compare
from simulator.comparison.outcomes import OUTCOMES
from simulator.experiments.lens_comparisons import default_lenses
from simulator.lenses import apply_lens
from simulator.places import load_place
from simulator.results.folder import write_tables
from simulator.results.results import SEEDS_PER_DRAW, Results
from simulator.results.run_record import model_version
from simulator.running.ensemble import Progress, RunGroup
from simulator.scenario.scenario import load_scenario

SEEN: Final = 3
UNSEEN: Final = 1
"""Points to which emulators are fitted, and points on which they are checked, of every four."""
_CHUNK: Final = 16
"""Points whose runs are kept in memory together."""


@dataclass(frozen=True)
class SurfacePlan:
    """What to run; by default what ships. Empty ``lenses`` are the two that are shown."""

    points: int = 96
    draws: int = 8  # parameter draws, with one pair of runs each: those of the ready results
    residents: int = 28_000  # simulated of each place at most, in proportion; results are scaled up to all of them
    places: tuple[str, ...] = ("frome",)
    lenses: tuple[str, ...] = ()
    years: int | None = None  # instead of the scenario's length

    @property
    def seeds(self) -> tuple[int, ...]:
        """The first seed of each parameter draw, as in exact runs."""
        return tuple(range(0, SEEDS_PER_DRAW * self.draws, SEEDS_PER_DRAW))

    @property
    def chosen(self) -> tuple[Point, ...]:
        """The points, those on which emulators are checked last."""
        return tuple(design(self.points))

    @property
    def fitted(self) -> int:
        """The number of points to which emulators are fitted."""
        return self.points * SEEN // (SEEN + UNSEEN)

    @property
    def lens_names(self) -> tuple[str, ...]:
        """The lenses, each with a surface of its own."""
        return self.lenses or default_lenses()

    @property
    def command(self) -> str:
        """The command that makes this surface.

        >>> SurfacePlan(32, places=("frome", "rural_district")).command
        'offset surface --points 32 --draws 8 --residents 28000 --place frome --place rural_district'
        """
        named = (("place", self.places), ("lens", self.lenses))
        parts = [f"--{option} {name}" for option, names in named for name in names]
        length = [] if self.years is None else [f"--years {self.years}"]
        size = f"--points {self.points} --draws {self.draws} --residents {self.residents}"
        return " ".join(["offset surface", size, *parts, *length])

    def work(self) -> list[Work]:
        """Everything to run. Raises UnknownNameError, PlaceError, LensError or ScenarioError before anything runs."""
        found = []
        for place in self.places:
            for lens in self.lens_names:
                for first in range(0, self.points, _CHUNK):
                    numbers = range(first, min(first + _CHUNK, self.points))
                    found.append(self.work_of(place, lens, tuple(numbers)))
        return found

    def work_of(self, place: str, lens: str, numbers: tuple[int, ...]) -> Work:
        """The runs of some points, and the table ``pairs`` that is made of them."""
        whole = load_place(place)
        some = whole.model_copy(update={"residents": min(whole.residents, self.residents)})
        scenarios = [load_scenario(BASE), *(self.chosen[number].scenario() for number in numbers)]
        specs = specify_comparable(scenarios, place=some, years=self.years, lens=apply_lens(lens)).specs
        return Work(RunGroup(specs), partial(_pairs, numbers, whole.residents / some.residents))

    @property
    def record(self) -> dict[str, Any]:
        """What the surface depends on, ready for JSON."""
        return {
            "model_version": model_version(),
            "plan": asdict(self),
            "command": self.command,
            "seeds": list(self.seeds),
            "scenarios": {name: load_scenario(name).hash for name in (BASE, PLAN)},
            "places": {name: load_place(name).hash for name in self.places},
            "residents": {name: load_place(name).residents for name in self.places},
            "simulated": {name: min(load_place(name).residents, self.residents) for name in self.places},
            "lenses": {name: apply_lens(name).hash for name in self.lens_names},
        }


def _pairs(numbers: tuple[int, ...], scale: float, results: Sequence[Results]) -> list[dict[str, pd.DataFrame]]:
    """The table ``pairs`` of runs of some points, the base first; amounts times ``scale``, and shares as they are."""
    base, *others = results
    named = dict(zip(KEYS, (NAME, base.record["place"], base.record["lens"]), strict=True))
    found = []
    for number, arm in zip(numbers, others, strict=True):
        rows = compare(arm, base).per("year").by_pair((*MEASURES, "care_cost"))
        times = np.array([1.0 if OUTCOMES[measure].per else scale for measure in rows["measure"]])
        amounts = {name: times * rows[name] for name in ("baseline", "scenario")}
        found.append({"pairs": pd.DataFrame({**named, "point": number, **rows, **amounts})})
    return found


def make_surface(
    plan: SurfacePlan,
    folder: Path,
    executor: Executor,
    progress: Progress | None = None,
    on_done: Callable[[Work], None] | None = None,
) -> Surface:
    """Run every point, fit emulators, check them on the points they have not seen, and write the tables.

    The same plan, model and libraries give the same bytes. Raises as `SurfacePlan.work`, IncompleteEnsembleError if a
    run failed, ResultsError if the folder holds something else.
    """
    from threadpoolctl import threadpool_limits  # of the extra calibration, which reading a surface does not need

    pairs = make_tables(plan.work(), plan.seeds, executor, progress, on_done)["pairs"]
    points = pd.DataFrame([point._asdict() for point in plan.chosen])
    points["fitted"] = np.arange(len(points)) < plan.fitted
    pieces = [pd.DataFrame({"place": name, **freed(load_place(name))._asdict()}) for name in plan.places]
    tables = {"points": points, "pairs": pairs, "freed": pd.concat(pieces, ignore_index=True)}
    with threadpool_limits(1):  # small matrices: several threads would be slower
        made = Surface({**tables, "scales": _scales(tables, plan)}, plan.record)
        whole = {**made.tables, "check": made.checked()}
    write_tables(folder, whole, plan.record)
    return Surface(whole, plan.record)


def _scales(tables: dict[str, pd.DataFrame], plan: SurfacePlan) -> pd.DataFrame:
    """Fit an emulator to the mean difference of each outcome, and to each pair's deviation from it."""
    surface, rows = Surface(tables, plan.record), []
    for place in plan.places:
        for lens in plan.lens_names:
            for measure in MEASURES:
                at, outputs = surface.fitted_to(place, lens, measure)
                for seed, values_of in outputs.items():
                    scales = emulate(at, values_of).scales
                    rows.append((place, lens, measure, seed, *scales))
    names = [f"scale_{number}" for number in range(len(rows[0]) - 4)]
    return pd.DataFrame(rows, columns=["place", "lens", "measure", "seed", *names])


def repeated(surface: Surface, executor: Executor) -> tuple[str, ...]:
    """A sentence for each number of a surface that is another when the first pair of its last point is run again."""
    plan = SurfacePlan(**{**surface.record["plan"], "places": tuple(surface.record["places"]), "lenses": ()})
    number, place, lens = len(plan.chosen) - 1, plan.places[0], next(iter(surface.record["lenses"]))
    again = make_tables([plan.work_of(place, lens, (number,))], plan.seeds[:1], executor)["pairs"]
    on = [*KEYS, "point", "measure", "seed"]
    both = again.merge(surface.tables["pairs"], on=on, how="left", suffixes=("", "_held"))
    faults = []
    for arm in ("baseline", "scenario"):
        for _, row in both[both[arm] != both[f"{arm}_held"]].iterrows():
            held = row[f"{arm}_held"]
            faults.append(f"{row['measure']} of the {arm} is {row[arm]!r} when it is run again, and {held!r} here.")
    return tuple(faults)

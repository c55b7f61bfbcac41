"""Reading a response surface, and estimating what a plan does; never for another model or lens than the one it is of.

Of each outcome, one emulator gives the mean of the pairs' differences and one for each pair how far it is from that
mean. An estimate is therefore a set of pairs, as runs are, and judged as they are. Each estimated pair is three: less
and more by 1.22 sd of what the emulators do not know of one run (their own error, and the chance within a run that does
not depend smoothly on the plan), which together have that variance. Where fewer residents were simulated than a place
has, that chance is reduced in proportion.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from calibration.emulator import Emulator, Floats, with_scales
from calibration.surface.points import Freed, Point, coordinates, plan_itself
from simulator.bundle.same_numbers import is_this_model
from simulator.comparison.arms import outcome_label
from simulator.comparison.comparison_row import Pairs, contrast
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.smallest_differences import DEFAULTS, Matters, smallest
from simulator.errors import ResultsError, UnknownNameError
from simulator.experiments.sized_plan import MEASURES
from simulator.lenses import apply_lens, lens_names
from simulator.places import place_names
from simulator.results.folder import RECORD, read_tables
from simulator.results.results import parameter_draw_of
from simulator.results.run_record import model_version
from simulator.scenario.scenario import load_scenario

FOLDER: Final = Path(__file__).parent / "shipped"
"""The surface that ships with the simulator."""
TABLES: Final = ("points", "pairs", "scales", "freed", "check")
MEAN: Final = -1
"""In place of a seed: the mean of all pairs."""
_NODES: Final = np.array([-math.sqrt(1.5), 0.0, math.sqrt(1.5)])
"""Three equally likely values of mean 0 and variance 1."""


@dataclass(frozen=True)
class Surface:
    """The tables of a surface (`calibration.surface`) and its record."""

    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    record: Mapping[str, Any]

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The points that were run."""
        return tuple(Point(*row) for row in self.tables["points"][list(Point._fields)].itertuples(index=False))

    @property
    def outdated(self) -> str | None:
        """A sentence if the surface is of another model version, scenario, place or lens than those of now."""
        made_by = str(self.record["model_version"])
        changed = [
            *(name for name, held in self.record["scenarios"].items() if load_scenario(name).hash != held),
            *(name for name in self.record["places"] if name not in place_names()),
            *(n for n, held in self.record["lenses"].items() if n not in lens_names() or apply_lens(n).hash != held),
        ]
        again = f"They are made again with '{self.record['command']}'."
        if not is_this_model(made_by):
            return f"The estimates are those of model {made_by}; this is model {model_version()}. {again}"
        return f"Since the estimates were made, {' and '.join(changed)} changed. {again}" if changed else None

    def freed(self, place: str) -> Freed:
        """What automation frees in a place."""
        rows = self.tables["freed"]
        return Freed(*rows.loc[rows["place"] == place, list(Freed._fields)].to_numpy(np.float64).T)

    def fitted_to(self, place: str, lens: str, measure: str) -> tuple[Floats, dict[int, Floats]]:
        """Coordinates of the points of the emulators, and the outputs of each (by seed, or `MEAN`).

        Services as they are are one of the points: every difference is 0 there.
        """
        seen = int(self.tables["points"]["fitted"].sum())
        found = self._runs[place, lens, measure][1][:seen]
        found = np.vstack([np.zeros(found.shape[1]), found])
        mean = found.mean(axis=1)
        nothing = Point(0.0, 1.0, 0.0, 0.0, 0.0)
        at = self._at(place, [nothing, *self.points[:seen]])
        apart = {seed: found[:, column] - mean for column, seed in enumerate(self.record["seeds"])}
        return at, {MEAN: mean, **apart}

    def estimate(self, point: Point, place: str, lens: str, matters: Matters = DEFAULTS) -> pd.DataFrame:
        """One row for each of `MEASURES`, a year, as in `Comparison.summary`, unrounded, with three columns more.

        ``withheld``: whether the lens failed a check; ``runs_used``: the runs that the emulators were fitted to;
        ``missed_by``: mean absolute error on plans not seen. ``runs`` are the pairs that are estimated. Raises
        UnknownNameError for a place or lens without a surface, ResultsError if the surface is outdated.
        """
        self._require(place, lens)
        return self.with_error(self._rows(point, place, lens, matters, self._chance_share(place)), place, lens)

    def pairs(self, point: Point, place: str, lens: str, measures: Iterable[str] = MEASURES) -> dict[str, Pairs]:
        """The estimated pairs of each measure, a year; raises as `estimate`."""
        self._require(place, lens)
        return self._pairs(point, place, lens, self._chance_share(place), measures)

    @cached_property
    def itself(self) -> Mapping[tuple[str, str], dict[str, Pairs]]:
        """The estimated pairs of the plan itself, by place and lens; raises as `estimate`."""
        return {key: self.pairs(plan_itself(), *key) for key in self._emulators}

    def with_error(self, rows: pd.DataFrame, place: str, lens: str) -> pd.DataFrame:
        """Rows of outcomes with how they were estimated: runs, withheld, runs_used and missed_by of `estimate`."""
        check = self.tables["check"]
        mine = check[(check["place"] == place) & (check["lens"] == lens)]
        seeds = len(self.record["seeds"])
        used = (1 + int(self.tables["points"]["fitted"].sum())) * seeds
        rows = rows.assign(runs=seeds, withheld=bool(apply_lens(lens).faults), runs_used=used)
        return rows.merge(mine[["measure", "missed_by"]], on="measure", how="left")

    def ends(self, place: str, measure: str) -> tuple[float, float]:
        """The smallest and the largest mean difference of all plans that were run, through any lens, with 0."""
        means = [self._runs[place, lens, measure][1].mean(axis=1) for lens in self.record["lenses"]]
        return min(0.0, *map(float, np.concatenate(means))), max(0.0, *map(float, np.concatenate(means)))

    def checked(self) -> pd.DataFrame:
        """How far estimates miss the points to which no emulator was fitted: one row by place, lens and outcome.

        missed_by  mean absolute difference of the estimated and the simulated mean
        run_error  mean Monte Carlo error of the simulated mean itself
        range      of the simulated means of all points
        inside     share of the pairs within the estimated 80 % range
        points     not seen
        """
        unseen = [n for n, fitted in enumerate(self.tables["points"]["fitted"]) if not fitted]
        found = []
        for place in self.record["places"]:
            for lens in self.record["lenses"]:
                estimates = {n: self._rows(self.points[n], place, lens, DEFAULTS, 1.0) for n in unseen}
                for number, measure in enumerate(MEASURES):
                    pairs = self._runs[place, lens, measure][1]
                    said = pd.DataFrame([rows.iloc[number] for rows in estimates.values()])
                    mean, low, high = said[["difference", "low", "high"]].to_numpy(np.float64).T
                    runs = pairs[unseen]
                    row = {
                        "missed_by": float(np.abs(mean - runs.mean(axis=1)).mean()),
                        "run_error": float(runs.std(axis=1, ddof=1).mean() / math.sqrt(runs.shape[1])),
                        "range": float(np.ptp(pairs.mean(axis=1))),
                        "inside": float(((runs >= low[:, None]) & (runs <= high[:, None])).mean()),
                        "points": len(unseen),
                    }
                    words = outcome_label(measure, "year")
                    named = {"place": place, "lens": lens, "measure": measure, "label": words.label, "unit": words.unit}
                    found.append({**named, **row})
        return pd.DataFrame(found)

    def _require(self, place: str, lens: str) -> None:
        if self.outdated:
            raise ResultsError(self.outdated)
        if (place, lens) not in self._emulators:
            known = [f"{name} ({title})" for name, title in self._emulators]
            raise UnknownNameError("response surface", f"{place} ({lens})", known)

    def _chance_share(self, place: str) -> float:
        """Variance of chance in the whole place, relative to that in the residents simulated."""
        return float(self.record["simulated"][place] / self.record["residents"][place])

    def _rows(self, point: Point, place: str, lens: str, matters: Matters, chance_share: float) -> pd.DataFrame:
        """The rows of `estimate`; the variance of what is left to chance in a run is multiplied by ``chance_share``."""
        care = float(self._runs[place, lens, "care_cost"][0].mean())
        rows = []
        for measure, pairs in self._pairs(point, place, lens, chance_share).items():
            level = float(self._runs[place, lens, measure][0].mean())
            judged = smallest(OUTCOMES[measure].smallest_difference, matters, level, care)
            rows.append(contrast(outcome_label(measure, "year"), pairs, judged, to_error=False))
        return pd.DataFrame(rows)

    def _pairs(
        self, point: Point, place: str, lens: str, chance_share: float, measures: Iterable[str] = MEASURES
    ) -> dict[str, Pairs]:
        at, seeds = self._at(place, [point]), self.record["seeds"]
        draws = np.repeat(np.array([parameter_draw_of(seed) for seed in seeds], np.int64), len(_NODES))
        pairs = {}
        for measure in measures:
            found = self._emulators[place, lens][measure]
            base = self._runs[place, lens, measure][0]
            change = np.zeros((len(seeds), len(_NODES)))
            if not point.nothing:
                middle, error = found[MEAN].mean_and_variance(at)
                for number, seed in enumerate(seeds):
                    apart, other = found[seed].mean_and_variance(at)
                    chance = chance_share * float(found[MEAN].nuggets[-1] + found[seed].nuggets[-1])
                    unknown = math.sqrt(error[0] + other[0] + chance)
                    change[number] = middle[0] + apart[0] + unknown * _NODES
            before = np.repeat(base, len(_NODES))
            pairs[measure] = Pairs(before, before + change.ravel(), draws)
        return pairs

    @cached_property
    def _emulators(self) -> dict[tuple[str, str], dict[str, dict[int, Emulator]]]:
        """By place and lens, then outcome, then seed or `MEAN`."""
        found: dict[tuple[str, str], dict[str, dict[int, Emulator]]] = {}
        for keys, rows in self.tables["scales"].groupby(["place", "lens", "measure"], sort=False):
            place, lens, measure = (str(key) for key in keys)
            at, outputs = self.fitted_to(place, lens, measure)
            columns = [name for name in rows if str(name).startswith("scale_")]
            scales = dict(zip(rows["seed"], rows[columns].to_numpy(np.float64), strict=True))
            of = {seed: with_scales(at, values, scales[seed]) for seed, values in outputs.items()}
            found.setdefault((place, lens), {})[measure] = of
        return found

    def _at(self, place: str, points: list[Point]) -> Floats:
        return coordinates(points, self.freed(place), self.record["residents"][place])

    @cached_property
    def _runs(self) -> dict[tuple[str, ...], tuple[Floats, Floats]]:
        """By place, lens and outcome: the baseline of every pair (seeds,), and differences (points, seeds)."""
        found = {}
        for keys, rows in self.tables["pairs"].groupby(["place", "lens", "measure"], sort=False):
            wide = rows.pivot(index="point", columns="seed", values=["baseline", "scenario"])
            before, after = (wide[arm].to_numpy(np.float64) for arm in ("baseline", "scenario"))
            found[tuple(str(key) for key in keys)] = (before[0], after - before)
        return found


def load_surface(folder: Path = FOLDER) -> Surface:
    """The surface in a folder, outdated or not.

    Raises ResultsError if there is none, or if a table has changed since it was written.
    """
    record = folder / RECORD
    if not record.is_file():
        raise ResultsError(f"There are no estimates in {folder.name}/ yet. They are made with 'offset surface'.")
    return _read(folder, record.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(folder: Path, _written: int) -> Surface:
    return Surface(*read_tables(folder, TABLES))

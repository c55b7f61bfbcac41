"""Ready results of every district of England: what is run, and the tables that are kept.

    entries     one row per district and lens: its residents and those simulated
    pairs       one row per outcome and pair of runs: the baseline and the difference, per 1,000 residents a year or,
                for a ratio, in its own unit

Both begin with `simulator.bundle.tables.KEYS`. A district is simulated with a few thousand residents, so that a single
one differs from the others mostly by chance; `simulator.comparison.small_areas` says what the runs of all of them say
about one. ``offset bundle --districts`` makes the tables again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pandas as pd

from simulator.api import specify_comparable
from simulator.bundle.plan import BASE, Work
from simulator.bundle.reading import Bundle, load_bundle
from simulator.bundle.tables import KEYS
from simulator.comparison.arms import outcome_label
from simulator.comparison.comparison import compare
from simulator.comparison.outcomes import OUTCOMES, shown_in
from simulator.comparison.paired_statistics import range_of
from simulator.comparison.remembered import remembered
from simulator.comparison.small_areas import POINTS, small_areas
from simulator.comparison.smallest_differences import DEFAULTS, Matters, smallest
from simulator.comparison.verdict import three_chances, verdict
from simulator.counties.spread_runs import seed_offset_of
from simulator.districts import district, district_kinds, district_titles, place_residents
from simulator.errors import ResultsError, UnknownNameError
from simulator.lenses import ORDER, apply_lens
from simulator.results.results import SEEDS_PER_DRAW, Results, parameter_draw_of
from simulator.running.ensemble import RunGroup
from simulator.scenario.scenario import load_scenario

FOLDER: Final = Path(__file__).with_name("shipped_districts")
"""The results of districts that ship with the simulator."""
SCENARIO: Final = "relational_offset"
MEASURES: Final = (*shown_in("first screen"), "care_cost")
"""Outcomes that are kept; the cost of care is what the smallest difference in money is measured by."""

PER: Final = 1000
"""Residents that amounts are per."""


@dataclass(frozen=True)
class DistrictsPlan:
    """What to run in every district: one pair of runs for each parameter draw, which all districts share."""

    draws: int = 4
    residents: int = 2000  # simulated, or all if a district has fewer
    scenario: str = SCENARIO
    lenses: tuple[str, ...] = ORDER
    districts: tuple[str, ...] = ()  # all, if empty

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """The plan in the record of the results."""
        lists = {name: tuple(record["plan"][name]) for name in ("lenses", "districts")}
        return cls(**{**record["plan"], **lists})

    @property
    def record(self) -> dict[str, Any]:
        """The plan, ready for JSON, and the command that carries it out."""
        return {"plan": asdict(self), "hashes": self.hashes, "command": f"offset bundle --districts {self.draws}"}

    @property
    def hashes(self) -> dict[str, str]:
        """Hashes of the files that the results are of besides the model's own: scenarios and lenses, by name."""
        scenarios = {name: load_scenario(name).hash for name in (BASE, self.scenario)}
        return {**scenarios, **{lens: apply_lens(lens).hash for lens in self.lenses}}

    @property
    def seeds(self) -> tuple[int, ...]:
        """One seed for each parameter draw."""
        return tuple(range(0, SEEDS_PER_DRAW * self.draws, SEEDS_PER_DRAW))

    def group(self, name: str, lens: str) -> RunGroup:
        """The runs of one district through one lens: the base, then the scenario."""
        place = district(name, min(self.residents, place_residents(name)))
        specs = specify_comparable([load_scenario(BASE), load_scenario(self.scenario)], place=place).specs
        return RunGroup(tuple(spec.read_through(apply_lens(lens)) for spec in specs), seed_offset_of(name))

    def work(self) -> list[Work]:
        """Everything to run; raises UnknownNameError or LensError before anything runs."""
        found = [
            Work(self.group(name, lens), district_tables)
            for lens in self.lenses
            for name in self.districts or district_titles()
        ]
        return sorted(found, key=lambda work: -work.group.resident_weeks)


def district_tables(results: Sequence[Results]) -> list[dict[str, pd.DataFrame]]:
    """The tables of one district through one lens, from the results of base and scenario."""
    base, scenario = results
    comparison = compare(scenario, base).per("1,000")
    record = scenario.record
    keys = dict(zip(KEYS, (record["scenario"], record["place"], record["lens"]), strict=True))
    entry = {
        **keys,
        "residents": place_residents(record["place"]),
        "simulated": record["residents"],
    }
    rows = comparison.by_pair(MEASURES)
    rows["difference"] = rows.pop("scenario") - rows["baseline"]
    rows = rows.astype({"seed": np.int16, "baseline": np.float32, "difference": np.float32})
    return [{"entries": pd.DataFrame([entry]), "pairs": pd.DataFrame({**keys, **rows})}]


def load_district_results(folder: Path = FOLDER) -> Bundle:
    """The ready results of districts.

    Raises ResultsError if there are none, if they have changed since they were written, or if they are of another model
    version, scenario or lens.
    """
    if not folder.is_dir():
        raise ResultsError(
            f"There are no results of districts. They are made with '{DistrictsPlan().record['command']}'."
        )
    found = load_bundle(folder)
    now, held = DistrictsPlan.of_record(found.record).hashes, found.record["hashes"]
    changed = [name for name in now if now[name] != held.get(name)]
    if changed:
        raise ResultsError(
            f"The results of districts are of earlier files: {', '.join(changed)}. They are made again with "
            f"'{found.record['command']}'."
        )
    return found


def estimates(
    found: Bundle, lens: str, chosen: Matters = DEFAULTS, measures: Sequence[str] = MEASURES[:-1], place: str = ""
) -> pd.DataFrame:
    """What the runs of all districts say about each, through one lens: a row per district and outcome.

    With a ``place``, only its rows, none if it is no district.

    Columns: place, title, residents, simulated; measure, label, unit, good and baseline, as in a comparison per 1,000
    residents a year; difference, its Monte Carlo error, low and high (80 %), by `simulator.comparison.small_areas` with
    kinds of districts by deprivation and age; ``own``, the weight of the district's own runs; ``a_year``, the
    difference in the whole district a year (NaN for a ratio); and matters, the three chances and the verdict. Chance
    variation of a single run is left out. Raises UnknownNameError for a lens that was not run.
    """
    asked = (lens, place, tuple(chosen.items()), *measures)
    return remembered(found.made, asked, lambda: _estimates(found, lens, chosen, measures, place))


def _estimates(found: Bundle, lens: str, chosen: Matters, measures: Sequence[str], place: str) -> pd.DataFrame:
    entries = found.tables["entries"].query("lens == @lens").sort_values("place", ignore_index=True)
    if entries.empty:
        raise UnknownNameError("lens", lens, found.tables["entries"]["lens"].unique())
    pairs = found.tables["pairs"].query("lens == @lens")
    kinds = district_kinds().loc[entries["place"]].to_numpy()
    levels = pairs.pivot_table(index="place", columns="measure", values="baseline").astype(np.float64)
    rows = []
    for measure in measures:
        by_seed = pairs[pairs["measure"] == measure].pivot(index="seed", columns="place", values="difference")
        areas = small_areas(by_seed.to_numpy(np.float64), entries["simulated"].to_numpy(np.float64), kinds)
        draws = np.repeat([parameter_draw_of(seed) for seed in by_seed.index], POINTS)
        outcome = OUTCOMES[measure]
        for number, entry in enumerate(entries.to_dict("records")):
            if place and entry["place"] != place:
                continue
            allowed, level = areas.differences(number), levels.loc[entry["place"], measure]
            matters = smallest(outcome.smallest_difference, chosen, level, levels.loc[entry["place"], "care_cost"])
            sure, difference = three_chances(allowed, draws, matters), float(areas.estimate[number])
            low, high = range_of(allowed)
            rows.append(
                {
                    **{name: entry[name] for name in ("place", "residents", "simulated")},
                    "title": district_titles()[entry["place"]],
                    **outcome_label(measure, "1,000")._asdict(),
                    "baseline": level,
                    "difference": difference,
                    "monte_carlo_error": float(areas.monte_carlo_error[number]),
                    "low": low,
                    "high": high,
                    "own": float(areas.own[number]),
                    "a_year": math.nan if outcome.per else difference * entry["residents"] / PER,
                    "matters": matters,
                    **{f"{name}_chance": chance for name, chance in sure._asdict().items()},
                    "verdict": verdict(sure, outcome.good),
                }
            )
    return pd.DataFrame(rows)

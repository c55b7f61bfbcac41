"""Runs of a practice that spreads over a county: adoption and fidelity by place, and the effects."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from simulator.comparison.comparability import common_calendar
from simulator.counties import County, load_county
from simulator.counties.county_results import effects_by_year, mode_differences, stacked_by_place, summed_over_places
from simulator.counties.spread import (
    Candles,
    Network,
    Plan,
    RollOut,
    adoption_table,
    adoptions,
    overtaken_in,
    reach_table,
)
from simulator.errors import IncomparableRunsError, did_you_mean
from simulator.evidence import load_evidence
from simulator.evidence.parameters import Spread
from simulator.foundations.categories import WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.results.folder import fill_tables, write_folder
from simulator.results.results import Results
from simulator.running.ensemble import RunGroup
from simulator.scenario.scenario import Scenario
from simulator.specification.fidelity import Adoption
from simulator.specification.spec import Spec, build_spec

SPEED, LOSS = "spread.learners_at_once", "spread.kept_by_manual"
"""The two values that decide which mode is ahead: learners per team, and fidelity kept in a hand-over by manual."""


@dataclass(frozen=True)
class CountySpread:
    """One scenario over a county: its network, its plan, and each place's adoption at central evidence."""

    scenario: Scenario
    network: Network
    plan: Plan
    found: tuple[Adoption, ...]
    specs: tuple[Spec, ...]  # one per place

    @property
    def weeks(self) -> int:
        """Length of its runs."""
        return self.specs[0].weeks

    def adoption(self) -> pd.DataFrame:
        """The table `simulator.counties.spread.adoption_table` with the scenario in front."""
        table = adoption_table(self.found, self.specs[0].rates().spread, self.weeks)
        return table.assign(scenario=self.scenario.name)[["scenario", *table.columns]]

    def reach(self) -> pd.DataFrame:
        """The table `simulator.counties.spread.reach_table` with the scenario in front."""
        table = reach_table(self.network, self.found, self.specs[0].rates().spread, self.weeks)
        return table.assign(scenario=self.scenario.name)[["scenario", *table.columns]]


def county_of(scenarios: Sequence[Scenario], named: str | None = None) -> County:
    """The county named for the run, or the one that the scenarios name.

    Raises IncomparableRunsError if they name no county, or different ones.
    """
    if named is not None:
        return load_county(named)
    references = {str(one.county_reference): one for one in scenarios if one.county_reference is not None}
    if len(references) > 1:
        each = " and ".join(f"{one.name} names {reference}" for reference, one in references.items())
        raise IncomparableRunsError(f"{each}. Give one county for both, with --county.")
    if not references:
        raise IncomparableRunsError(
            "No county is named. Give one with --county, or write 'county: ...' under 'spread'."
        )
    return load_county(next(iter(references)))


def comparable_spreads(scenarios: Sequence[Scenario], county: County, weeks: int | None = None) -> list[CountySpread]:
    """Each scenario's spread over the county. Raises IncomparableRunsError if calendars differ or names repeat."""
    spreads = [county_spread(scenario, county, weeks) for scenario in scenarios]
    common_calendar({(one.specs[0].starts, one.weeks): one.scenario.name for one in spreads})
    names = [one.scenario.name for one in spreads]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise IncomparableRunsError(f"Two scenarios are named {twice[0]}. Give each a different name.")
    return spreads


def county_spread(scenario: Scenario, county: County, weeks: int | None = None) -> CountySpread:
    """How a scenario spreads over a county, with a specification for each place.

    The weeks in which places begin follow from central evidence; fidelity depends on the parameter draw of a run.
    Raises ScenarioError if the scenario has no part ``spread``, or names an origin that is not in the county.
    """
    part = scenario.spread
    if part is None:
        right = "Add 'spread:' with mode, reason and pace, or run it with 'offset compare'"
        raise scenario.error([scenario.problem((), "'spread' is missing, which a county run needs", right)])
    names = tuple(place.name for place in county)
    origin = part.origin or county.origin
    if origin not in names:
        wrong = f"there is no place '{origin}' in {county.title}"
        raise scenario.error([scenario.problem(("spread", "origin"), wrong, did_you_mean(origin, names))])
    network = Network(names, tuple(place.residents for place in county), county.neighbours, origin)
    specs = tuple(build_spec(scenario, place, weeks=weeks) for place in county)
    plan = _plan(scenario)
    found = adoptions(network, plan, specs[0].rates().spread, specs[0].weeks)
    placed = tuple(spec_after_adoption(spec, one) for spec, one in zip(specs, found, strict=True))
    return CountySpread(scenario, network, plan, found, placed)


def _plan(scenario: Scenario) -> Plan:
    part = scenario.spread
    if part is not None and part.places_per_wave is not None and part.weeks_between_waves is not None:
        return RollOut(part.from_week, part.places_per_wave, part.weeks_between_waves)
    return Candles(0 if part is None else part.from_week)


def spec_after_adoption(spec: Spec, adoption: Adoption) -> Spec:
    """The specification of a place with this adoption: everything in it begins that many weeks later, or never."""
    later = adoption.week
    if later is None:
        return replace(spec, automation=(), funding=(), commitments=(), staffing=(), adoption=adoption)
    return replace(
        spec,
        automation=tuple(task._replace(from_week=task.from_week + later) for task in spec.automation),
        funding=tuple(
            fund._replace(from_week=fund.from_week + later, until_week=min(spec.weeks, fund.until_week + later))
            for fund in spec.funding
        ),
        commitments=tuple(posts._replace(from_week=posts.from_week + later) for posts in spec.commitments),
        staffing=tuple(
            staff._replace(from_week=staff.from_week + later, until_week=min(spec.weeks, staff.until_week + later))
            for staff in spec.staffing
        ),
        adoption=adoption,
    )


def groups_of(county: County, baseline: Scenario, spreads: Sequence[CountySpread]) -> list[RunGroup]:
    """One group per place: the baseline, then each spread, with random numbers specific to the place.

    They follow from the place's name, so that they do not depend on the other places.
    """
    weeks, starts = spreads[0].weeks, spreads[0].specs[0].starts
    return [
        RunGroup(
            (build_spec(baseline, place, weeks=weeks, starts=starts), *(one.specs[number] for one in spreads)),
            seed_offset=seed_offset_of(place.name),
        )
        for number, place in enumerate(county)
    ]


def seed_offset_of(place: str) -> int:
    """The number that a place of this name adds to a seed: specific to the name, and above all usual seeds.

    >>> market, mill = seed_offset_of("market_town"), seed_offset_of("mill_town")
    >>> market % 2**32, market == mill, market < 2**63
    (0, False, True)
    """
    return (zlib.crc32(place.encode()) >> 1) << 32


def county_record(county: County, places: Sequence[Results]) -> dict[str, Any]:
    """Fields in a county's run record that replace those of a place."""
    return {
        "place": county.name,
        "place_title": county.title,
        "place_hash": county.hash,
        "composite": county.composite,
        "residents": county.residents,
        "places": [
            {
                "place": str(one.record["place"]),
                "residents": one.record["residents"],
                "place_hash": one.record["place_hash"],
                "spec_hash": one.record["spec_hash"],
                "seed_offset": seed_offset_of(str(one.record["place"])),
            }
            for one in places
        ],
    }


def sums(county: County, runs: Sequence[Sequence[Results]]) -> list[Results]:
    """The county's results for each scenario, from results by place and scenario."""
    by_scenario = [list(arms) for arms in zip(*runs, strict=True)]
    return [summed_over_places(places, county_record(county, places)) for places in by_scenario]


def effects(runs: Sequence[Sequence[Results]], in_all: Sequence[Results], *, incomplete: bool = False) -> pd.DataFrame:
    """Effects of each spread by year, in the county (first) and in each place, with scenario and place in front."""
    tables = []
    for baseline, *arms in [in_all, *runs]:
        for arm in arms:
            table = effects_by_year(arm, baseline, incomplete=incomplete)
            place = str(arm.record["place"])
            tables.append(table.assign(scenario=arm.scenario, place=place)[["scenario", "place", *table.columns]])
    return pd.concat(tables, ignore_index=True)


def write_county(
    folder: Path, county: County, runs: Sequence[Sequence[Results]], tables: Mapping[str, pd.DataFrame]
) -> None:
    """Write ``tables`` and the county's run record, and one folder per scenario with the runs of every place.

    Raises ResultsError if the folder holds something other than results.
    """
    by_scenario = [list(arms) for arms in zip(*runs, strict=True)]
    arms = [stacked_by_place(places, county_record(county, places)) for places in by_scenario]

    def fill(new: Path) -> None:
        fill_tables(new, tables, {**arms[0].record, "scenarios": [arm.scenario for arm in arms]})
        for arm in arms:
            (new / arm.scenario).mkdir()
            arm.fill(new / arm.scenario)

    write_folder(folder, fill)


def compare_modes(
    spreads: Sequence[CountySpread], in_all: Sequence[Results], *, incomplete: bool = False
) -> pd.DataFrame | None:
    """Candles compared with roll-out in the county (`simulator.counties.county_results.mode_differences`).

    None unless there is one spread of each mode.
    """
    arms = {one.found[0].mode: results for one, results in zip(spreads, in_all[1:], strict=True)}
    if len(spreads) != len(arms) or set(arms) != {"candles", "rollout"}:
        return None
    return mode_differences(arms["candles"], arms["rollout"], incomplete=incomplete)


def overtaking_by_fidelity(spreads: Sequence[CountySpread]) -> pd.DataFrame | None:
    """Year in which candles permanently overtake a roll-out, by fidelity kept by a manual and learners per team.

    Compares faithful years per resident (`simulator.counties.spread.reach_table`) for the low, central and high value
    of fidelity kept by a manual, and for no loss; and for each number of learners from low to high. Missing: not within
    the run. None unless there is one spread of each mode.
    """
    by_mode = {one.found[0].mode: one for one in spreads}
    if len(spreads) != len(by_mode) or set(by_mode) != {"candles", "rollout"}:
        return None
    rollout, candles = by_mode["rollout"], by_mode["candles"]
    evidence, rates = load_evidence(), candles.specs[0].rates().spread
    kept, learners = evidence[LOSS], evidence[SPEED]
    rows = []
    for share in sorted({1.0, *(_number(number) for number in (kept.low, kept.value, kept.high))}):
        leader = _reach(rollout, rates._replace(kept_by_manual=share))
        for teams in range(int(_number(learners.low)), int(_number(learners.high)) + 1):
            follower = _reach(candles, rates._replace(learners_at_once=float(teams)))
            quarter = overtaken_in(leader, follower)
            year = None if quarter is None else (quarter * WEEKS_PER_QUARTER - 1) // WEEKS_PER_YEAR + 1
            rows.append((share, teams, quarter, year))
    table = pd.DataFrame(rows, columns=["kept_by_manual", "learners_at_once", "quarter", "year"])
    return table.astype({"quarter": "Int64", "year": "Int64"})


def _reach(one: CountySpread, rates: Spread) -> pd.DataFrame:
    found = adoptions(one.network, one.plan, rates, one.weeks)
    return reach_table(one.network, found, rates, one.weeks)


def _number(numbers: float | tuple[float, ...]) -> float:
    return numbers[0] if isinstance(numbers, tuple) else numbers

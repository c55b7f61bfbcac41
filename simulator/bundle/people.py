"""Ready results about people: residents followed through one pair of runs of a plan, which ship as a second bundle.

Its tables, each beginning with `KEYS`, are ``entries`` (as of a bundle, without pairs), and ``residents``, ``events``
and ``ties`` of `simulator.following.pair.FollowedPair`. ``offset bundle --people`` makes them again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from simulator.bundle.checking import changed
from simulator.bundle.plan import SIZED, BundlePlan, Pair
from simulator.bundle.reading import Bundle, bundled
from simulator.bundle.tables import kept, with_keys
from simulator.experiments.sized_plan import SizeQuestion
from simulator.following.pair import FollowedPair, follow_pair
from simulator.lenses import EVIDENCE, lens_names
from simulator.places import load_place
from simulator.results.run_record import run_record
from simulator.running.ensemble import Progress, RunGroup
from simulator.scenario.scenario import load_scenario

PEOPLE: Final = Path(__file__).parents[1] / "following" / "shipped"
"""The followed residents that ship with the simulator."""
SEED: Final = 0
"""The pair of runs that is shown: the first, so that nobody has picked it."""
_TABLES: Final = ("residents", "events", "ties")


class PeoplePlan(BundlePlan):
    """A plan for followed residents, with one seed and no other sizes."""

    @property
    def command(self) -> str:
        """The command that makes the followed residents that ship."""
        return "offset bundle --people"

    def sizes(self) -> Iterator[tuple[SizeQuestion, RunGroup]]:
        """None."""
        return iter(())


def people_plan() -> PeoplePlan:
    """What ships: the plans that also ship at several sizes, in the base's place, through every fitted lens."""
    fitted = tuple(name for name in lens_names() if name != EVIDENCE)
    place = load_place(str(load_scenario(SIZED[0]).place_reference)).name
    return PeoplePlan((SEED,), SIZED, (place,), fitted)


def make_people(plan: PeoplePlan, executor: Executor, progress: Progress | None = None) -> dict[str, pd.DataFrame]:
    """The tables of every comparison of a plan."""
    pairs = plan.pairs()
    tasks = [executor.submit(follow_pair, *pair, plan.seeds[0]) for pair in pairs]
    made: dict[str, list[pd.DataFrame]] = {}
    for done, (pair, task) in enumerate(zip(pairs, tasks, strict=True), start=1):
        for name, table in _tables(pair, task.result(), plan.seeds[0]).items():
            made.setdefault(name, []).append(table)
        if progress is not None:
            progress(done, len(pairs))
    return {name: pd.concat(tables, ignore_index=True) for name, tables in made.items()}


def _tables(pair: Pair, found: FollowedPair, seed: int) -> dict[str, pd.DataFrame]:
    base, record = (kept(run_record(spec, (seed,), "drawn")) for spec in pair)
    entry = {
        "base_spec_hash": base["spec_hash"],
        "spec_hash": record["spec_hash"],
        "record": json.dumps(record, ensure_ascii=False),
        "base_record": json.dumps(base, ensure_ascii=False),
    }
    return with_keys({"entries": pd.DataFrame([entry]), **found._asdict()}, record, pair.spec.scenario.name)


def check_people(bundle: Bundle, executor: Executor) -> tuple[str, ...]:
    """A sentence for each fault, as `check_bundle`; the first comparison is run again if there is no other fault."""
    if bundle.outdated:
        return (bundle.outdated,)
    plan = PeoplePlan.of_record(bundle.record)
    faults = tuple(changed(bundle, plan))
    if faults:
        return faults
    pair, held = plan.pairs()[0], bundle.tables
    again = _tables(pair, executor.submit(follow_pair, *pair, plan.seeds[0]).result(), plan.seeds[0])
    return tuple(
        f"{', '.join(pair.key)}: the {name} followed are others when it is run again."
        for name in _TABLES
        if not again[name].equals(held[name].head(len(again[name])))
    )


class Followed(NamedTuple):
    """Both run records, without time and library versions, and the residents followed."""

    record: Mapping[str, Any]
    base_record: Mapping[str, Any]
    pair: FollowedPair


def followed(scenario: str, place: str, lens: str, folder: Path = PEOPLE) -> Followed:
    """The residents followed under a shipped scenario, in a place and through a lens; raises as `bundled`."""
    record, base, tables = bundled(scenario, place, lens, folder)
    return Followed(record, base, FollowedPair(*(tables[name] for name in _TABLES)))

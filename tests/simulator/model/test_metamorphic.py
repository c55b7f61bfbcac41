"""The whole model with one change: what must stay the same, and the direction of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest

from simulator.comparison.arms import value_of
from simulator.comparison.costs import costs
from simulator.comparison.outcomes import OUTCOMES
from simulator.evidence import load_evidence
from simulator.foundations.categories import HOME_CARER, TALKING_CAFES
from simulator.foundations.measures import NAMES
from simulator.model.place_model import PlaceModel
from simulator.results.results import TABLES, Results
from simulator.rules.programmes import ENROLLED
from simulator.running.ensemble import run_ensemble
from simulator.scenario.scenario import Scenario, load_scenario
from simulator.specification.spec import Spec, build_spec
from tests.helpers.support import (
    AUTOMATED,
    EVENTFUL,
    FUNDED,
    STAFFED,
    differing,
    everything_spec,
    small_place,
    small_spec,
)

RESIDENTS: Final = 2_000
YEAR: Final = 52
HALF_YEAR: Final = 26
TAKING_PART: Final = {"programme_status", "programme_weeks", "enrolled"}


def ran(specs: Sequence[Spec], seeds: int) -> list[Results]:
    """Runs of these specs with common random numbers and central values, one after the other to share warm-ups."""
    results = run_ensemble(specs, range(seeds), workers=1, parameters="central")
    assert all(one.failures.empty for one in results)
    return results


def outcome(results: Results, name: str, basis: Any = "total") -> np.ndarray:
    """An outcome of each run, shape (seeds,)."""
    counts = results.counts(results.seeds).sum(axis=(1, 2, 3, 4))
    return value_of(OUTCOMES[name], counts, basis, results.weeks / YEAR)


def lived(spec: Spec, seed: int = 1) -> PlaceModel:
    model = PlaceModel(spec, seed)
    model.run_model()
    return model


def posts(programme: str, units: float, payer: str = "nhs") -> dict[str, Any]:
    return {"programme": programme, "kind": "new_money", "payer": payer, "units": units}


OFTEN: Final = {
    "loneliness.mood_half_life": 4.0,
    "loneliness.support_effect": 9.0,
    "programme.health_connectors.lag": 1.0,
    "programme.health_connectors.offer_rate": 0.3,
    "programme.health_connectors.tie_strength": 0.9,
}
"""Loneliness that comes and goes within a year with support, and connectors who find people at once."""


@lru_cache(maxsize=1)
def with_connectors() -> list[Results]:
    few, many = ([posts("health_connectors", units)] for units in (0.75, 3.0))
    return ran([small_spec(weeks=YEAR, funding=funding, changes=OFTEN) for funding in ([], few, many)], 5)


@pytest.mark.parametrize("measure", ["lonely_weeks", "support_millionths"])
def test_more_connectors_leave_no_more_lonely_and_no_less_support(measure: str) -> None:
    none, some, many = (
        np.array([one.cells.loc[one.cells["seed"] == seed, measure].sum() for seed in one.seeds]).mean()
        for one in with_connectors()
    )
    assert (none > some > many) if measure == "lonely_weeks" else (none < some < many)


def test_more_connectors_have_more_members_for_more_money() -> None:
    weeks = [one.programmes.groupby("seed")["member_weeks"].sum().mean() for one in with_connectors()[1:]]
    pounds = [one.programmes["pence"].sum() / 100 for one in with_connectors()[1:]]
    assert 0 < 1.5 * weeks[0] < weeks[1]
    assert pounds[1] == pytest.approx(4 * pounds[0], rel=1e-4)  # booked in whole pence a week


def without_automation(scenario: Scenario) -> Scenario:
    """The scenario with the share of everything it automates set to nothing."""
    tasks = tuple(task.model_copy(update={"share": 0.0}) for task in scenario.automate)
    return scenario.model_copy(update={"automate": tasks})


def test_automating_nothing_of_the_relational_offset_is_the_baseline_in_every_table() -> None:
    nothing = without_automation(load_scenario("relational_offset"))
    assert len(nothing.automate) == 23
    specs = [build_spec(one, small_place(), weeks=HALF_YEAR) for one in (load_scenario("baseline"), nothing)]
    baseline, offset = ran(specs, 2)
    for name in TABLES:
        mine, theirs = (getattr(one, name).drop(columns="scenario", errors="ignore") for one in (offset, baseline))
        pd.testing.assert_frame_equal(mine, theirs)
    one, same, other = lived(specs[0]), lived(specs[1]), lived(specs[0], seed=2)
    assert differing(one.columns, same.columns) == [] != differing(one.columns, other.columns)


IDLE: Final = """\
name: idle
title: Idle
description: A list of names
source: Made up for a test
grade: assumption
for: [{age: {from: 16}}]
channel: visit
ties: professional
payer: nhs
unit_cost: 40000
lag: 1
caseload: 500
offer_rate: 0.9
engagement: 1.0
duration: 500
contacts_per_week: 0
contact_hours: 1
"""


def test_a_programme_with_no_contacts_and_no_effects_only_takes_names_and_money(tmp_path: Path) -> None:
    path = tmp_path / "idle.yaml"
    path.write_text(IDLE, encoding="utf-8")
    idle = small_spec(weeks=HALF_YEAR, programmes=[str(path)], funding=[posts("idle", 2)])
    without, model = lived(small_spec(weeks=HALF_YEAR)), lived(idle)
    assert (model.columns.programme_status[:, 3] == ENROLLED).sum() > 500
    assert set(differing(without.columns, model.columns)) <= TAKING_PART
    assert (np.array(model.book.cells) == np.array(without.book.cells)).all()
    pence = model.book.frames(model).programmes.set_index("programme")["pence"]
    assert pence["idle"].sum() == pytest.approx(2 * 40_000 * 100 / 2, abs=HALF_YEAR)


def as_number(value: float | tuple[float, ...]) -> float:
    assert isinstance(value, float)
    return value


def money_times(factor: float) -> dict[str, Any]:
    """Changes that multiply all evidence that is money, and give every unit a price without a fraction of a penny."""
    money = {path: entry for path, entry in load_evidence().items() if entry.unit.startswith("pounds")}
    units = {f"programme.{plan.name}.unit_cost": factor * 52_000.0 for plan in small_spec(funding=FUNDED).programmes}
    tables = {path: {key: factor * x for key, x in entry.by_category().items()} for path, entry in money.items()}
    assert len(money) > 10
    return {path: tables[path] or factor * as_number(entry.value) for path, entry in money.items()} | units


def test_doubled_prices_double_every_cost_and_change_no_resident() -> None:
    """Every price, wage and unit cost is doubled; so posts given in units are as many as before."""
    parts: dict[str, Any] = {"automate": AUTOMATED, "funding": FUNDED, "staffing": STAFFED}
    once, twice = ran([small_spec(weeks=YEAR, changes=EVENTFUL | money_times(by), **parts) for by in (1.0, 2.0)], 1)
    pd.testing.assert_frame_equal(once.cells, twice.cells)
    keys = ["year", "item", "payer", "kind"]
    before, after = (costs(one).set_index(keys)["pounds"] for one in (once, twice))
    assert {"released_staff_time", "technology", "staffing", "home_care", "volunteers", "programmes_new_money"} <= set(
        before.index.get_level_values("item")
    )
    pd.testing.assert_series_equal(after, 2.0 * before, rtol=1e-9, atol=1.0)  # what is booked is booked in whole pence


RATES: Final = ("emergency_admissions", "ae_attendances", "consultations")
SHARES: Final = ("often_always_lonely", "persistently_lonely", "readmission_rate")


@lru_cache(maxsize=1)
def small_and_large() -> list[Results]:
    return [ran([small_spec(weeks=YEAR, residents=size)], 8)[0] for size in (RESIDENTS, 3 * RESIDENTS)]


@pytest.mark.parametrize("name", [*RATES, *SHARES])
def test_a_place_three_times_as_large_has_the_same_rates(name: str) -> None:
    small, large = (outcome(one, name, "1,000") for one in small_and_large())
    error = np.hypot(*(found.std(ddof=1) / np.sqrt(len(found)) for found in (small, large)))
    assert error < 0.08 * large.mean(), "these runs can tell sizes apart"
    assert abs(small.mean() - large.mean()) < 4.0 * error


def test_posts_that_do_nothing_only_cost_money() -> None:
    hours = {"programme.relational_skills_training.training_hours": {"value": 0.0, "reason": "a test"}}
    trained = {"name": "x", "title": "X", "question": "?", "funding": [posts("relational_skills_training", 3)]}
    paid = build_spec(Scenario.model_validate({**trained, "changes": hours}), small_place(), weeks=HALF_YEAR)
    baseline, found = ran([small_spec(weeks=HALF_YEAR), paid], 2)
    for name in ("cells", "ledger", "volunteers", "services"):
        mine, theirs = (getattr(one, name).drop(columns="scenario", errors="ignore") for one in (found, baseline))
        pd.testing.assert_frame_equal(mine, theirs)
    keys = ["seed", "year", "item", "payer", "kind"]
    merged = costs(found).merge(costs(baseline), on=keys, how="outer", suffixes=("", "_before"), indicator=True)
    assert (merged["pounds"] == merged["pounds_before"])[merged["_merge"] == "both"].all()
    new = merged[merged["_merge"] != "both"]
    assert new["item"].tolist() == ["programmes_new_money"] * 2
    unit = next(plan for plan in paid.programmes if plan.name == "relational_skills_training").central("unit_cost")
    assert new["pounds"].to_numpy() == pytest.approx(3 * unit * HALF_YEAR / YEAR, abs=0.01 * HALF_YEAR)


NOBODY_TIRES: Final = {
    "staffing.overload_turnover_ratio": 1.0,
    "staffing.overload_absence": 0.0,
    "staffing.overload_hiring_ratio": 1.0,
}
"""Evidence under which load changes nothing about staff."""


def test_more_hours_of_home_care_never_bring_more_days_of_delay() -> None:
    """Bought as a programme, so that money, lag, hours, load and waiting all take part."""
    specs = [
        small_spec(
            weeks=YEAR,
            residents=3_000,
            funding=[posts("home_care_hours", units, "council")] if units else [],
            changes={"programme.home_care_hours.lag": 1.0, **NOBODY_TIRES},
        )
        for units in (0, 1, 6)
    ]
    results = ran(specs, 4)
    waited = [outcome(one, "waiting_days").mean() for one in results]
    hours = [one.services.loc[one.services["role"] == "home_carer", "hours"].mean() for one in results]
    assert waited[0] >= waited[1] >= waited[2] > 0
    assert waited[0] > waited[2]
    assert hours == sorted(hours)
    assert hours[1] - hours[0] == pytest.approx(30.0, rel=0.15)


def test_home_care_that_is_cut_is_saved_once() -> None:
    """As staff. A week in which some is not given costs what it did; those who miss it cost elsewhere."""
    cut = {"service": "adult_social_care", "role": "home_carer", "hours_per_week": -400.0, "reason": "a test"}
    nobody_tires = NOBODY_TIRES | {"staffing.usual_utilisation": {"adult_social_care.home_carer": 0.8}}  # all is given
    usual, short = ran(
        [small_spec(weeks=YEAR, residents=6_000, staffing=some, changes=nobody_tires) for some in ([], [cut])], 2
    )
    given = [one.cells["home_care_hours_millionths"].sum() for one in (usual, short)]
    assert given[1] < 0.9 * given[0]
    before, after = (costs(one).groupby("item")["pounds"].sum() / 2 for one in (usual, short))
    saved = 400.0 * YEAR * float(small_spec().rates().staffing.hourly_cost[HOME_CARER])
    assert after["staffing"] == pytest.approx(-saved, rel=1e-4)
    weeks = [one.cells["home_care_weeks"].sum() / 2 for one in (usual, short)]
    assert after["home_care"] / weeks[1] == pytest.approx(before["home_care"] / weeks[0], rel=0.01)
    assert after["care_homes"] > before["care_homes"]


@pytest.mark.parametrize(("causal", "harmless"), [(0.0, True), (1.0, False)])
def test_loneliness_that_causes_nothing_harms_nobody(causal: float, harmless: bool) -> None:
    """Four times as many are lonely; they are admitted, seen and die as they would have been."""
    usual, lonely = (
        lived(
            small_spec(
                weeks=HALF_YEAR,
                changes={
                    "loneliness.threshold": threshold,
                    "loneliness.causal_discount": causal,
                    "loneliness.admission_relative_risk": 3.0,
                },
            )
        )
        for threshold in (1.55, 0.5)
    )
    assert int(lonely.columns.lonely.sum()) > 3 * int(usual.columns.lonely.sum())
    changed = set(differing(usual.columns, lonely.columns))
    assert (changed == {"lonely", "weeks_lonely"}) == harmless
    one, other = (np.array(model.book.cells).sum(axis=1) for model in (usual, lonely))
    moved = {name for column, name in enumerate(NAMES) if (one[:, column] != other[:, column]).any()}
    assert (moved == {"lonely_weeks", "persistent_lonely_weeks"}) == harmless
    assert harmless or {"episodes", "ae_attendances", "consultations"} <= moved


@pytest.mark.thorough
def test_the_order_of_scenarios_and_seeds_does_not_matter() -> None:
    specs = [small_spec(weeks=HALF_YEAR), everything_spec(weeks=HALF_YEAR)]
    forward = run_ensemble(specs, [1, 2, 5], workers=1)
    backward = run_ensemble(specs[::-1], [5, 1, 2], workers=1)[::-1]
    for one, other in zip(forward, backward, strict=True):
        for name in TABLES:
            mine, theirs = (
                table.sort_values("seed", kind="stable", ignore_index=True)
                for table in (getattr(one, name), getattr(other, name))
            )
            pd.testing.assert_frame_equal(mine, theirs)
    assert not forward[0].cells.equals(forward[1].cells)


def test_more_connectors_do_not_make_a_cafe_larger() -> None:
    """Connectors bring their clients to a café as long as it has places, and no more than it has but by chance."""
    changes = OFTEN | {"programme.health_connectors.introduction": 0.9, "volunteers.willing_share": 0.8}
    members = []
    for units in (0.5, 4.0):
        funding = [posts("talking_cafes", 1), posts("health_connectors", units)]
        model = PlaceModel(small_spec(weeks=YEAR, funding=funding, changes=changes), 1)
        places, found = model.programmes[TALKING_CAFES].number("caseload"), []
        while model.elapsed < YEAR:
            model.step()
            found.append(int(model.workspace.members[TALKING_CAFES]))
        connected = model.book.frames(model).programmes.query("programme == 'health_connectors'")["engagements"].sum()
        members.append((max(found), connected))
    (some, few_clients), (most, many_clients) = members
    assert many_clients > 2 * few_clients > places
    assert 0.5 * places < min(some, most) <= max(some, most) < 1.6 * places

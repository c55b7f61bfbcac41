"""The specification of a run: equality, immutability, and unchanged draws for unchanged values."""

from __future__ import annotations

import dataclasses
import datetime
import pickle
from pathlib import Path

import numpy as np
import pytest

from simulator.errors import UnknownNameError
from simulator.evidence import Change, Evidence, load_evidence
from simulator.evidence.parameters import TOPICS
from simulator.foundations.categories import PAYERS, PROGRAMMES, TASKS
from simulator.places import load_place, place_names
from simulator.scenario.scenario import load_scenario, scenario_names
from simulator.specification.spec import Spec, build_spec, rates_from


def spec_of(folder: Path, body: str, **build: object) -> Spec:
    path = folder / "plan.yaml"
    path.write_text(f"name: plan\ntitle: Plan\nquestion: What if?\nplace: frome\n{body}", encoding="utf-8")
    return build_spec(load_scenario(path), **build)  # type: ignore[arg-type]


@pytest.mark.parametrize("place", place_names())
@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_can_be_run_in_every_shipped_place(name: str, place: str) -> None:
    scenario = load_scenario(name)
    spec = build_spec(scenario, load_place(place))
    assert spec.place.name == place
    assert spec.label == f"{scenario.title}, {spec.place.title}"
    assert len(spec.automation) == len(scenario.automate)


def test_names_become_positions_and_pounds_become_pence_a_week() -> None:
    spec = build_spec(load_scenario("frome"))
    start, *_ = spec.funding
    assert start.programme == PROGRAMMES.index("health_connectors")
    assert start.payer == PAYERS.index("nhs")
    assert (start.kind, start.from_week, start.until_week) == ("pump_priming", 0, 52)
    primed = sum(fund.pence_per_week * 52 for fund in spec.funding if fund.kind == "pump_priming")
    assert primed == pytest.approx(11_000_000, abs=52)
    cafe = next(fund for fund in spec.funding if PROGRAMMES[fund.programme] == "talking_cafes")
    cost = spec.programmes[cafe.programme].central("unit_cost")
    assert cafe.pence_per_week * 52 == pytest.approx(100 * cost, abs=52)
    assert cafe.until_week == spec.weeks == 247


def test_pounds_for_each_resident_follow_the_place() -> None:
    scenario = load_scenario("relational_offset_as_claimed")
    frome = load_place("frome")
    for residents in (28_000, 7_000):
        spec = build_spec(scenario, frome.model_copy(update={"residents": residents}))
        for fund, entry in zip(spec.funding, scenario.funding, strict=True):
            assert fund.pence_per_week * 52 == pytest.approx(100 * residents * entry.pounds_per_resident, abs=52)


def test_the_offset_is_read_into_positions_and_shares() -> None:
    spec = build_spec(load_scenario("relational_offset_today"))
    assert TASKS[spec.automation[0].task] == "gp_practice.appointment_booking"
    assert spec.automation[0][1:] == (0.6, 0, 52)
    assert spec.reinvest_share == 0.85
    assert spec.programme_shares == (0.45, 0.2, 0.35)


def test_a_spec_is_frozen() -> None:
    spec = build_spec(load_scenario("baseline"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.weeks = 5  # type: ignore[misc]


def test_a_spec_survives_pickling_and_can_be_a_key() -> None:
    spec = build_spec(load_scenario("relational_offset_today"))
    again = pickle.loads(pickle.dumps(spec))
    assert again == spec
    assert {again: 1}[spec] == 1
    assert again.hash == spec.hash
    assert again.automation == spec.automation
    assert again.rates(3).contacts.realisation_rate == spec.rates(3).contacts.realisation_rate


def test_the_hash_depends_on_scenario_place_evidence_and_calendar(tmp_path: Path) -> None:
    scenario = load_scenario("baseline")
    change = "changes:\n  care.wait_days: {value: 3, reason: Pilot}\n"
    specs = [
        build_spec(scenario),
        build_spec(load_scenario("automation_only")),
        build_spec(scenario, load_place("somerset")),
        build_spec(scenario, weeks=52),
        build_spec(scenario, starts=datetime.date(2030, 4, 1)),
        spec_of(tmp_path, change),
        spec_of(tmp_path, change.replace("3", "4")),
    ]
    assert len({spec.hash for spec in specs}) == len(specs)
    assert len(set(specs)) == len(specs)
    assert build_spec(load_scenario("baseline")).hash == specs[0].hash
    assert specs[0] != "baseline"


def test_the_calendar_can_be_replaced() -> None:
    spec = build_spec(load_scenario("frome"), weeks=104, starts=datetime.date(2015, 4, 1))
    assert (spec.weeks, spec.starts) == (104, datetime.date(2015, 4, 1))
    assert max(fund.until_week for fund in spec.funding) == 104


def test_a_run_of_no_weeks_is_refused(messages) -> None:
    with messages.raised(ValueError):
        build_spec(load_scenario("baseline"), weeks=0)


def test_central_rates_are_the_evidence() -> None:
    evidence = load_evidence()
    rates = rates_from(evidence)
    assert rates.loneliness.threshold == evidence["loneliness.threshold"].value
    assert tuple(rates.contacts.minutes_per_contact) == evidence["contacts.minutes_per_contact"].value
    assert len(evidence) == sum(len(kind.__annotations__) for kind in TOPICS.values())


@pytest.mark.parametrize("draw", [None, 0, 7])
def test_tables_are_read_only_contiguous_float64(draw: int | None) -> None:
    for topic in rates_from(load_evidence(), draw):
        for value in topic:
            assert isinstance(value, float | np.ndarray)
            if isinstance(value, np.ndarray):
                assert value.dtype == np.float64
                assert value.flags.c_contiguous
                assert not value.flags.writeable


def test_a_draw_is_the_same_every_time_and_different_from_the_next() -> None:
    first, again, other = (rates_from(load_evidence(), draw) for draw in (5, 5, 6))
    assert first.contacts.realisation_rate == again.contacts.realisation_rate
    assert first.contacts.realisation_rate != other.contacts.realisation_rate
    assert np.array_equal(first.care.overnight_days, again.care.overnight_days)


def test_draws_follow_their_distribution_around_the_central_value() -> None:
    value = load_evidence()["contacts.realisation_rate"]
    assert isinstance(value.value, float)
    draws = np.array([rates_from(load_evidence(), draw).contacts.realisation_rate for draw in range(400)])
    inside = np.mean((draws >= value.low) & (draws <= value.high))  # type: ignore[operator]
    # 95 % of 400 draws: standard deviation 1.1 points; half of them below the median: 2.5 points
    assert inside == pytest.approx(0.95, abs=0.044)
    assert np.mean(draws < value.value) == pytest.approx(0.5, abs=0.1)


def test_values_are_drawn_independently() -> None:
    rates = [rates_from(load_evidence(), draw) for draw in range(400)]
    first = [each.contacts.realisation_rate for each in rates]
    second = [each.contacts.backlog_share for each in rates]
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.2


def test_a_change_fixes_its_value_and_leaves_other_draws_unchanged(tmp_path: Path) -> None:
    changes = """changes:
  contacts.realisation_rate: {value: 0.45, reason: Pilot}
  contacts.minutes_per_contact: {value: {gp_practice.consultation: 9}, reason: Measured}
"""
    plain, changed = build_spec(load_scenario("baseline")).rates(8), spec_of(tmp_path, changes).rates(8)
    assert changed.contacts.realisation_rate == 0.45
    assert changed.contacts.minutes_per_contact[0] == 9.0
    assert changed.contacts.backlog_share == plain.contacts.backlog_share
    assert np.array_equal(changed.contacts.hourly_cost, plain.contacts.hourly_cost)
    assert changed.loneliness.threshold == plain.loneliness.threshold


def test_evidence_that_lacks_a_value_is_refused(messages) -> None:
    shipped = load_evidence()
    partial = Evidence({path: shipped[path] for path in shipped if path != "care.wait_days"})
    with messages.raised(UnknownNameError):
        rates_from(partial)


def test_a_changed_value_carries_its_reason(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, "changes:\n  care.wait_days: {value: 3, reason: Own audit of 2025}\n")
    value = spec.evidence["care.wait_days"]
    assert (value.value, value.distribution, value.source) == (3.0, "fixed", "Own audit of 2025")
    assert value.line == 6
    unchanged = load_evidence().with_changes({"care.wait_days": Change(3.0, "Own audit of 2025", "plan.yaml", 6)})
    assert unchanged.hash == spec.evidence.hash

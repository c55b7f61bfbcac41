"""Places with partial fidelity to a practice, or with a later start of a plan."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from simulator.counties.spread_runs import spec_after_adoption
from simulator.evidence import load_evidence
from simulator.foundations.measures import INDEX
from simulator.model.simulation import simulate
from simulator.results.results import RunFrames
from simulator.scenario.scenario import Scenario
from simulator.specification.fidelity import Adoption, at_reduced_fidelity, mean_fidelity
from simulator.specification.spec import Spec, build_spec, rates_from
from tests.helpers.small_runs import small_frome

RATES = rates_from(load_evidence())
SCALED = (
    "engagement",
    "contact_hours",
    "tie_strength",
    "old_ties",
    "sessions",
    "acute_episodes",
    "overnight_admission",
    "help_in_illness",
)
WHOLE = Adoption("frome", "rollout", 0, 0)
HOLLOW = Adoption("frome", "rollout", 0, 1)
LATER = Adoption("frome", "rollout", 13, 0)
NEVER = Adoption("frome", "rollout", None, 0)
LOST = {"spread.kept_by_manual": 0.0, "spread.local_learning": 0.0}
"""A manual that keeps nothing, so that one hand-over leaves no fidelity at all."""


@lru_cache(maxsize=1)
def plan() -> Spec:
    """A quarter's worth of connectors and hub in a place of 2,000, working from the first week, with new money."""
    changes = {
        **LOST,
        "programmes.lag": {"health_connectors": 0.0, "complex_care_hub": 0.0},
        "programmes.care_plan_effect": -0.7,
        "programmes.offer_rate": {"health_connectors": 0.5, "complex_care_hub": 0.5},
    }
    scenario = Scenario.model_validate(
        {
            "name": "plan",
            "title": "Plan",
            "question": "What if?",
            "funding": [
                {"programme": "health_connectors", "kind": "new_money", "payer": "nhs", "units": 4.0},
                {"programme": "complex_care_hub", "kind": "new_money", "payer": "nhs", "units": 4.0},
            ],
            "changes": {path: {"value": value, "reason": "For a test"} for path, value in changes.items()},
        }
    )
    return build_spec(scenario, small_frome(), weeks=39)


@lru_cache(maxsize=8)
def lived(adoption: Adoption | None) -> RunFrames:
    return simulate(plan() if adoption is None else spec_after_adoption(plan(), adoption), seed=3)


def test_full_fidelity_changes_nothing_and_half_halves_the_effect_on_clients():
    for full in plan().programme_numbers():
        whole, half = (at_reduced_fidelity(full, fidelity) for fidelity in (1.0, 0.5))
        assert whole == full
        assert half == {name: 0.5 * value if name in SCALED else value for name, value in full.items()}


def test_fidelity_changes_neither_costs_nor_eligibility():
    full = plan().programme_numbers()[0]
    none = at_reduced_fidelity(full, 0.0)
    assert none["engagement"] == 0.0 < full["engagement"]
    for name in ("unit_cost", "caseload", "offer_rate", "lag", "duration"):
        assert none[name] == full[name]


def test_a_run_uses_mean_fidelity_from_its_first_week_with_its_own_parameters():
    later = Adoption("x", "rollout", 52, 2)
    spec = spec_after_adoption(plan(), later)
    assert [numbers["engagement"] for numbers in spec.programme_numbers()] == [0.0, 0.0, 0.0]
    rates = RATES.spread._replace(kept_by_manual=0.5, local_learning=0.0)
    assert mean_fidelity(later, rates, 260) == 0.25
    assert mean_fidelity(later, rates, 52) == 0.0
    assert mean_fidelity(later, RATES.spread, 260) > mean_fidelity(later, RATES.spread, 100)
    assert all(numbers["engagement"] > 0.0 for numbers in spec.programme_draws(4))


def test_a_place_that_starts_at_once_with_full_fidelity_equals_the_plan():
    assert np.array_equal(lived(WHOLE).cells, lived(None).cells)
    assert lived(WHOLE).parameters == lived(None).parameters
    assert spec_after_adoption(plan(), WHOLE).hash != plan().hash


def test_without_fidelity_the_money_is_spent_and_nobody_is_better_or_worse_off():
    hollow, never, whole = lived(HOLLOW), lived(NEVER), lived(WHOLE)
    assert not np.array_equal(whole.cells, never.cells)
    assert np.array_equal(hollow.cells, never.cells)
    assert hollow.programmes["pence"].sum() == whole.programmes["pence"].sum() > 0
    assert never.programmes["pence"].sum() == 0
    assert hollow.programmes["clients"].sum() == 0


def test_drawn_parameters_are_recorded_without_fidelity():
    hollow = lived(HOLLOW).parameters
    engagement = "programme.health_connectors.engagement"
    assert hollow[engagement] == lived(WHOLE).parameters[engagement]
    assert hollow["spread.kept_by_manual"] == 0.0


def test_a_place_that_starts_later_equals_the_baseline_until_then():
    later, never = lived(LATER).cells, lived(NEVER).cells
    assert np.array_equal(later[0], never[0])
    assert later[1:, :, INDEX["care_plan_weeks"]].sum() > 0
    assert later[:1, :, INDEX["care_plan_weeks"]].sum() == 0


def test_everything_in_a_plan_moves_with_its_week():
    spec = spec_after_adoption(build_spec(*offset_and_place()), LATER)
    plain = build_spec(*offset_and_place())
    assert [task.from_week for task in spec.automation] == [task.from_week + 13 for task in plain.automation]
    assert [posts.from_week for posts in spec.commitments] == [posts.from_week + 13 for posts in plain.commitments]
    assert [(fund.from_week, fund.until_week) for fund in spec.funding] == [(13, 65), (39, 260)]
    assert spec_after_adoption(plain, NEVER).automation == ()


def offset_and_place():
    scenario = Scenario.model_validate(
        {
            "name": "plan",
            "title": "Plan",
            "question": "What if?",
            "automate": [
                {"service": "gp_practice", "task": "appointment_booking", "share": 0.6, "from_week": 4, "ramp_weeks": 8}
            ],
            "funding": [
                {"programme": "talking_cafes", "kind": "pump_priming", "payer": "nhs", "units": 2, "weeks": 52},
                {"programme": "talking_cafes", "kind": "new_money", "payer": "nhs", "units": 2, "from_week": 26},
            ],
            "commitments": [{"programme": "talking_cafes", "units": 0.5, "from_week": 52}],
        }
    )
    return scenario, small_frome()


@pytest.mark.parametrize("residents", [2000, 14_000, 28_000])
def test_amounts_are_in_proportion_to_the_residents_they_are_meant_for(residents: int):
    scenario, place = offset_and_place()
    part = {"mode": "candles", "reason": "To see", "amounts_for": 28_000}
    told = Scenario.model_validate({**scenario.model_dump(exclude_none=True, exclude={"spread"}), "spread": part})
    sized = place.model_copy(update={"residents": residents})
    spec, plain = build_spec(told, sized), build_spec(scenario, sized)
    for one, other in zip(spec.funding, plain.funding, strict=True):
        assert one.pence_per_week == pytest.approx(other.pence_per_week * residents / 28_000, abs=0.51)
    assert spec.commitments[0].units == pytest.approx(0.5 * residents / 28_000)

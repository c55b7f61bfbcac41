"""Words about studies: no percentages of zero, and suggestions of scenarios."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from simulator.errors import StudyError
from simulator.evaluation import DESIGNS, plan_studies
from simulator.evaluation.findings import findings
from simulator.evaluation.summary import summary_of
from tests.helpers.support import small_spec

OF_TAKERS = {
    "seed": 0,
    "design": "trial",
    "effect_on": "takers",
    "people": 134,
    "comparators": 140,
    "rate": 0.3,
    "expected": -0.1,
    "difference": 0.4,
    "low": -0.2,
    "high": 1.0,
    "true_difference": 0.0,
    "true_expected": 0.3,
}
NO_PARTS = pd.DataFrame(columns=["part", "difference", "points"])


@pytest.mark.parametrize(("expected", "said"), [(-0.1, "+0.40"), (0.0, "+0.40"), (0.8, "+50 %")])
def test_zero_expected_events_give_no_percentage(expected: float, said: str, messages) -> None:
    """Takers of a small trial who are expected to have -0.1 admissions a year have no change in per cent."""
    summary = summary_of(pd.DataFrame([{**OF_TAKERS, "expected": expected}]))
    assert math.isnan(summary["percent"].item()) == (expected <= 0.0)
    (sentence,) = findings(summary, NO_PARTS, {"programme": "garden_club"})
    assert f" {said} " in sentence
    messages.check(sentence)


@pytest.mark.parametrize(
    "programme",
    [
        "trusted_adult",
        "health_connectors",
        "befriending",
        "frome",
    ],
)
def test_an_unfunded_programme_error_names_scenarios_that_fund_it(programme: str, messages) -> None:
    with messages.raised(StudyError):
        plan_studies(small_spec(weeks=156), programme, DESIGNS)

"""What is said of studies: no per cent of less than nothing, and which scenario would do instead."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from simulator.errors import StudyError
from simulator.evaluation import DESIGNS, plan_studies
from simulator.evaluation.summary import summary_of
from simulator.evaluation.words import findings
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
def test_what_a_study_expects_none_of_is_not_put_in_per_cent(expected: float, said: str) -> None:
    """Takers of a small trial who are expected to have -0.1 admissions a year have no change in per cent."""
    summary = summary_of(pd.DataFrame([{**OF_TAKERS, "expected": expected}]))
    assert math.isnan(summary["percent"].item()) == (expected <= 0.0)
    (sentence,) = findings(summary, NO_PARTS, {"programme": "garden_club"})
    why = " a person-year, where it expects none, so no per cent" if expected <= 0.0 else ""
    assert f"would have reported {said} emergency admissions{why}; the true change" in sentence


@pytest.mark.parametrize(
    ("programme", "said"),
    [
        ("trusted_adult", r"under 'funding', 'commitments' or 'reinvest', or take school_trusted_adult\.$"),
        ("health_connectors", r"or 'reinvest', or take frome or frome_without_hub\.$"),
        ("befriending", r"'commitments' or 'reinvest'\.$"),
        ("frome", r"frome is a scenario\. Name the programme to study, and the scenario with --scenario frome\.$"),
    ],
)
def test_where_nobody_pays_scenarios_that_do_are_named(programme: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        plan_studies(small_spec(weeks=156), programme, DESIGNS)

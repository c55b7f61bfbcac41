"""Loneliness in simulated studies: on panels made by hand, of a scale with and without error, and on real runs."""

from __future__ import annotations

import math
from functools import lru_cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from simulator import Evaluation, evaluate
from simulator.evaluation.findings import loneliness_findings
from simulator.evaluation.loneliness import COLUMNS, PARTS, WAVES, loneliness_rows, with_surveyed_scores
from simulator.evaluation.panel import Panel, record_scenario, record_warm_up
from simulator.evaluation.scores import Survey, measurement_error
from simulator.evaluation.summary import loneliness_summary_of
from simulator.foundations import categories as c
from simulator.scenario.scenario import Scenario
from tests.helpers.messages import without_numbers
from tests.helpers.panels import JOINED, panel, people
from tests.helpers.support import small_place, small_spec

pytestmark = pytest.mark.thorough

CONNECTORS = "health_connectors"


def in_study(*rows: int, took_part: float = 1.0) -> pd.DataFrame:
    return people(*rows).assign(weight=1.0, took_part=took_part)


def one_wave(
    with_it: Panel, without: Panel, study: tuple[str, str], members: pd.DataFrame, comparators: pd.DataFrame
) -> dict[str, float]:
    runs = SimpleNamespace(panel=with_it, without=without)
    (row,) = loneliness_rows(runs, study, members, comparators, (26,))
    assert set(row) == set(COLUMNS)
    return row


# By hand -------------------------------------------------------------------------------------------------------------

LONELY = {0: {0: 2.0, JOINED + 1: 0.5}, 1: {0: 4.0, JOINED + 30: 0.0}, 4: {JOINED + 5: 0.6}}
"""Row 0 recovers after joining, row 1 too late for the wave of half a year; row 4, in no study, becomes lonelier."""
ANYWAY = {0: {0: 2.0, JOINED + 20: 1.0}, 1: {0: 4.0}, 4: {JOINED + 5: 0.6}}
"""The same without the programme: row 0 would have improved by itself, by less."""


def test_a_before_after_change_and_its_parts_by_hand() -> None:
    """Scores 2, 4 before and 0.5, 4 after: -0.75, in a standard deviation of sqrt(2) at entry.

    Without the programme 1, 4: the effect is -0.25. The change without it is -0.5, that of all six (-1 + 0.6) / 6.
    """
    row = one_wave(
        panel({}, scores=LONELY),
        panel({}, scores=ANYWAY),
        ("before-after", "members"),
        in_study(0, 1),
        in_study(0).iloc[:0],
    )
    spread = math.sqrt(2.0)
    assert (row["at_entry"], row["spread"]) == pytest.approx((3.0, spread))
    assert row["difference"] * spread == pytest.approx(-0.75)
    assert row["true_difference"] * spread == pytest.approx(-0.25)
    drift = (-1.0 + 0.6) / 6
    assert [row[part] * spread for part in PARTS] == pytest.approx([-0.5 - drift, drift, 0.0])
    assert row["true_difference"] + sum(row[part] for part in PARTS) == pytest.approx(row["difference"])
    # Changes of -1.5 and 0 have a standard error of 0.75; that of the standard deviation adds to it.
    assert row["error"] == pytest.approx(math.hypot(0.75 / spread, row["difference"] / 2))


def test_lonely_people_who_no_longer_are_by_hand() -> None:
    row = one_wave(
        panel({}, scores=LONELY),
        panel({}, scores=ANYWAY),
        ("trial", "participants"),
        in_study(0, 1, 2),
        in_study(3, 4, 5, took_part=0.0),
    )
    assert (row["lonely"], row["no_longer"], row["no_longer_without"]) == (2, 0.5, 0.5)
    assert math.isnan(row["no_longer_compared"]), "no comparator was lonely"
    assert (row["surveyed_lonely"], row["surveyed_no_longer"]) == (2, 0.5), "the same, since this scale has no error"


def test_a_trial_is_adjusted_for_scores_at_entry_and_standardised_by_both_arms() -> None:
    """A point more at entry is a point more later in both arms, which differ by 0.5 at entry; the effect is -1."""
    scores = {0: {0: 1.0, JOINED + 1: 0.0}, 1: {0: 2.0, JOINED + 1: 1.0}, 2: {0: 0.5}, 3: {0: 1.5}}
    row = one_wave(
        panel({}, scores=scores),
        panel({}, scores={key: {0: value[0]} for key, value in scores.items()}),
        ("trial", "participants"),
        in_study(0, 1),
        in_study(2, 3, took_part=0.0),
    )
    spread = float(np.std([1.0, 2.0, 0.5, 1.5], ddof=1))
    assert row["spread"] == pytest.approx(spread)
    assert row["difference"] == pytest.approx(-1.0 / spread)
    assert row["true_difference"] == pytest.approx(-1.0 / spread)
    assert row["error"] == pytest.approx(abs(row["difference"]) / math.sqrt(8)), "only that of the deviation is left"


def test_the_effect_on_takers_is_that_of_the_offer_over_their_share() -> None:
    scores = {0: {0: 1.0, JOINED + 1: 0.0}, 1: {0: 2.0}, 2: {0: 1.0}, 3: {0: 2.0}}
    tables = (panel({}, scores=scores), panel({}, scores={key: {0: value[0]} for key, value in scores.items()}))
    offered, others = in_study(0, 1), in_study(2, 3, took_part=0.0)
    offered["took_part"] = [1.0, 0.0]
    all_offered = one_wave(*tables, ("trial", "offered"), offered, others)
    takers = one_wave(*tables, ("trial", "takers"), offered, others)
    assert takers["difference"] == pytest.approx(2.0 * all_offered["difference"])
    assert takers["true_difference"] == pytest.approx(2.0 * all_offered["true_difference"])
    assert takers["true_people"] == 1


def test_a_difference_in_differences_subtracts_the_change_of_comparators() -> None:
    scores = {0: {0: 3.0, JOINED + 1: 1.0}, 1: {0: 2.0, JOINED + 1: 1.0}, 2: {0: 0.5, JOINED + 1: 0.0}, 3: {0: 0.5}}
    with_it = panel({}, scores=scores)
    row = one_wave(with_it, with_it, ("did", "members"), in_study(0, 1), in_study(2, 3, took_part=0.0))
    assert row["difference"] * row["spread"] == pytest.approx(-1.5 + 0.25)
    assert row["true_difference"] == 0.0


# The scale -----------------------------------------------------------------------------------------------------------


def test_a_scale_errs_by_its_reliability_anew_in_each_week_and_alike_in_all_runs() -> None:
    size = 20_000
    true, berths = np.random.default_rng(1).normal(size=size), np.arange(size)
    zeros = np.zeros(size, np.int64)
    survey = Survey(3, measurement_error(0.7))
    first, again, later = (survey.measured(true, zeros + week, berths, zeros) for week in (9, 9, 10))
    assert (first == again).all()
    assert np.corrcoef(true, first)[0, 1] ** 2 == pytest.approx(0.7, abs=0.02)
    assert np.corrcoef(first, later)[0, 1] == pytest.approx(0.7, abs=0.02), "as test and retest correlate"
    assert np.corrcoef(first - true, later - true)[0, 1] == pytest.approx(0.0, abs=0.03)
    assert not np.isclose(first, Survey(4, survey.error).measured(true, zeros + 9, berths, zeros)).any()


def test_a_perfect_scale_measures_the_score_and_a_worse_one_makes_effects_look_smaller() -> None:
    """Limit and direction: the same true change, in standard deviations that contain the error."""
    scores = {row: {0: float(row), JOINED + 1: row - 1.0} for row in range(6)}
    spreads = []
    for reliability in (1.0, 0.8, 0.5):
        survey = Survey(5, measurement_error(reliability), 1.0)
        found = panel({}, scores=scores, survey=survey)
        measured = with_surveyed_scores(found, people(*range(6)), (26,))
        if reliability == 1.0:
            assert measured["loneliness_0"].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
            assert measured["loneliness_26"].tolist() == [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
        spreads.append((measured["loneliness_0"] - np.arange(6.0)).abs().mean())
    assert spreads[0] == 0.0 < spreads[1] < spreads[2]


# Real runs -----------------------------------------------------------------------------------------------------------

NO_TIES = {
    "programme.health_connectors.lag": 1.0,
    "programme.health_connectors.tie_strength": 0.0,
    "programme.health_connectors.contacts_per_week": 0.0,
    "programme.health_connectors.introduction": 0.0,
    "programme.health_connectors.unmet_need_found": 0.0,
    "programme.health_connectors.old_ties": 0.0,
    "programme.health_connectors.sessions": 0.0,
    "programme.health_connectors.help_in_illness": 0.0,
}
CLOSE_TIES = {
    **NO_TIES,
    "programme.health_connectors.tie_strength": 1.0,
    "programme.health_connectors.contacts_per_week": 1.0,
    "programme.health_connectors.duration": 200.0,
}


@lru_cache(maxsize=2)
def studied(close: bool) -> Evaluation:
    """Four studies of each design of connectors in a town of 2,000, two years."""
    changes = CLOSE_TIES if close else NO_TIES
    scenario = Scenario.model_validate(
        {
            "name": "connectors",
            "title": "Connectors",
            "question": "What if?",
            "funding": [{"programme": CONNECTORS, "kind": "new_money", "payer": "nhs", "units": 4.0}],
            "changes": {path: {"value": value, "reason": "a test"} for path, value in changes.items()},
        }
    )
    return evaluate(CONNECTORS, scenario, seeds=range(4), place=small_place(), years=2, workers=1)


def rows(found: Evaluation, design: str, effect_on: str) -> pd.DataFrame:
    summary = found.loneliness_summary()
    return summary[(summary["design"] == design) & (summary["effect_on"] == effect_on)].set_index("weeks")


def test_a_programme_without_ties_has_no_effect_on_loneliness_in_truth_and_in_a_trial() -> None:
    found = studied(False)
    assert (found.loneliness["true_difference"].abs() < 1e-12).all()
    trial = rows(found, "trial", "participants")
    assert (trial["difference"].abs() < 4 * trial["error"] / 2).all(), "the mean of four studies"
    assert trial["no_longer"].tolist() == trial["no_longer_without"].tolist()
    naive = rows(found, "before-after", "members")
    assert (naive["true_difference"].abs() < 1e-12).all()
    assert naive[list(PARTS)].sum(axis=1).tolist() == pytest.approx(naive["difference"].tolist())


def test_a_trial_among_participants_finds_the_effect_of_close_ties() -> None:
    found = studied(True)
    trial, offer = rows(found, "trial", "participants"), rows(found, "trial", "offered")
    assert trial.index.tolist() == list(WAVES)
    assert (trial["true_difference"] < -0.03).all()
    assert trial["missed_in"].sum() <= 3, "of twelve"
    assert abs(trial.loc[52, "bias"]) < 4 * trial.loc[52, "bias_error"]
    assert (offer["true_difference"] > 0.8 * trial["true_difference"]).all(), "diluted by those who do not take part"
    assert (trial["no_longer"] >= trial["no_longer_without"]).all()
    assert trial["no_longer"].sum() > trial["no_longer_without"].sum()


def test_what_a_study_is_told_of_loneliness_is_in_its_data() -> None:
    found = studied(True)
    data = found.people[(found.people["sample"] == "participants") & (found.people["seed"] == 0)]
    one = found.loneliness.query("effect_on == 'participants' and seed == 0 and weeks == 26").iloc[0]
    assert data["loneliness_0"].std() == pytest.approx(one["spread"])
    members = data[data["group"] == "people"]
    assert (len(members), members["loneliness_0"].mean()) == pytest.approx((one["people"], one["at_entry"]))
    assert members["took_part"].all()
    assert not data.loc[data["group"] == "comparators", "took_part"].any()


def test_findings_say_loneliness_with_its_parts_and_who_recovered(messages) -> None:
    found = studied(True)
    sentences = loneliness_findings(found.loneliness_summary(), found.record)
    assert len(sentences) == 6
    messages.check(without_numbers(sentences[0]))
    messages.check(without_numbers(sentences[3]))
    nobody = found.loneliness_summary().assign(lonely=0, weeks=9).head(1)
    messages.check(without_numbers(loneliness_findings(nobody, found.record)[0]))
    assert loneliness_findings(loneliness_summary_of(found.loneliness.head(0)), found.record) == ()


def test_a_survey_of_adults_calls_as_many_lonely_as_are_and_panels_hold_the_score() -> None:
    spec = small_spec(weeks=52, changes=NO_TIES)
    start = record_warm_up(spec, 3, None, c.HEALTH_CONNECTORS)
    found = record_scenario(spec, 3, None, c.HEALTH_CONNECTORS, start)
    adult = np.flatnonzero(start.residents.age_band >= c.ADULT_BAND)
    week = np.full(len(adult), c.WARM_UP_WEEKS - 1)
    true = found.score(adult, week)
    assert true.std() == pytest.approx(1.0, abs=0.1), "standard deviations of adults"
    assert (found.lonely[c.WARM_UP_WEEKS - 1] == start.residents.lonely).all()
    called = (found.surveyed(adult, week + 1) > found.survey.cut_off).mean()
    assert called == pytest.approx(start.residents.lonely[adult].mean(), abs=0.02)
    lonely = found.lonely[week, adult] == 1
    assert true[lonely].mean() > true[~lonely].mean() + 0.3

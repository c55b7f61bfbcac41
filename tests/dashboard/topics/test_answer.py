"""The answer at any size: sizes in every sentence, one verdict, and advice that follows from verdicts alone."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.text.lens_names import condition
from dashboard.topics.answer import WEIGHED, answer_of, ready_answer
from dashboard.topics.signs import LONELY, SIGNS
from simulator.bundle import bundled
from simulator.comparison.comparison import compare
from simulator.comparison.smallest_differences import DEFAULTS
from tests.helpers.finished_runs import made_up_arms, read_through

LENSES = ("trial-evidence", "as-claimed")
FIRST, LAST = LENSES


@pytest.fixture(scope="module")
def answer():
    return ready_answer("relational_offset", "frome", "baseline", LENSES)


def judged(answer, **verdicts: tuple[str, str]) -> pd.DataFrame:
    """Rows at the plan's own size with these verdicts through the first and the last lens; others are too small."""
    rows = answer.rows(1.0, DEFAULTS)
    for position, lens in enumerate(LENSES):
        for measure in WEIGHED:
            found = verdicts.get(measure, ("small", "small"))[position]
            rows.loc[(rows["lens"] == lens) & (rows["measure"] == measure), "verdict"] = found
    return rows


def test_the_numbers_of_the_plan_itself_are_those_of_its_comparison(answer):
    rows = answer.rows(1.0, DEFAULTS)
    for lens in LENSES:
        summary = bundled("relational_offset", "frome", lens).tables["summary"].set_index("measure")
        mine = rows[rows["lens"] == lens].set_index("measure")
        for measure in SIGNS:
            assert mine.loc[measure, "difference"] == pytest.approx(summary.loc[measure, "difference"])
            assert mine.loc[measure, "verdict"] == summary.loc[measure, "verdict"]


def test_a_sentence_has_the_size_of_every_sign_through_each_lens(answer):
    rows = answer.rows(3.0, DEFAULTS)
    said, signs = answer.sentence(rows), answer.signs(rows)
    assert [sign.measure for sign in signs] == list(SIGNS)
    for sign in signs:
        assert [mark.condition for mark in sign.marks] == [condition(lens) for lens in LENSES]
        for mark in sign.marks:
            assert mark.number[:1].upper() + mark.number[1:] == mark.number
            assert mark.number.split(" ")[0] in said or mark.number == "No change"
            assert sign.scale[0] <= mark.ends[0] <= mark.ends[1] <= mark.ends[2] <= sign.scale[1]


def test_loneliness_is_a_number_of_adults(answer):
    (sign,) = [sign for sign in answer.signs(answer.rows(10.0, DEFAULTS)) if sign.measure == LONELY]
    points, adults = abs(sign.marks[1].ends[1]), answer.adults
    people = float(sign.marks[1].number.split(" ")[0].replace(",", ""))
    assert 0.75 * answer.residents < adults < 0.9 * answer.residents
    assert people == pytest.approx(points / 100.0 * adults, rel=0.05)


def test_what_it_takes_grows_with_the_size(answer):
    small, large = answer.size(1.0), answer.size(10.0)
    assert "Health connectors" in small
    assert small != large
    joined = [one.served(10.0)["joined"].sum() for one in answer.lenses.values()]
    least, most = (float(number.replace(",", "")) for number in large.partition("which ")[2].split(" ")[0:3:2])
    assert (least, most) == (pytest.approx(min(joined), rel=0.05), pytest.approx(max(joined), rel=0.05))
    assert answer.size(0.0) == "No programme is paid for."


@pytest.mark.parametrize(
    ("scenario", "place", "says"),
    [
        ("volunteers_only", "frome", "Talking cafés: £147,000 a year."),
        ("automation_only", "frome", "No programme is paid for."),
        ("relational_offset", "young_city_borough", "Health connectors, Talking cafés and Complex-care hub: £203,000"),
    ],
)
def test_what_it_takes_is_said_of_a_plan_of_one_size(scenario, place, says):
    found = ready_answer(scenario, place, "baseline", LENSES)
    assert not found.sized
    assert found.size(1.0).startswith(says)
    assert (found.spent > 0.0) == ("£" in says)


def test_many_units_are_written_out():
    assert "Talking cafés: 160." in ready_answer("relational_offset_as_claimed", "frome", "baseline", LENSES).size(1.0)


@pytest.mark.parametrize(
    ("verdicts", "kind"),
    [
        ({"emergency_admissions": ("better", "better")}, "do"),
        ({LONELY: ("better", "better"), "net_cash": ("worse", "worse")}, "weigh"),
        ({"emergency_admissions": ("better", "better"), "net_cash": ("small", "worse")}, "weigh"),
        ({"emergency_admissions": ("unsure", "better")}, "pilot"),
        ({"emergency_admissions": ("small", "better"), "net_cash": ("worse", "worse")}, "pilot"),
        ({"net_cash": ("worse", "worse")}, "not"),
        ({"net_cash": ("small", "worse")}, "not"),
        ({}, "not"),
    ],
)
def test_advice_follows_from_the_verdicts_and_says_sizes(answer, verdicts, kind):
    advice = answer.advice(judged(answer, **verdicts))
    assert advice.kind == kind
    for measure, pair in verdicts.items():
        for lens, verdict in zip(LENSES, pair, strict=True):
            row = judged(answer).query("lens == @lens and measure == @measure").iloc[0]
            if verdict in ("better", "worse"):
                assert any(answer._change(row) in why for why in advice.why), (measure, lens)


def test_only_a_pilot_says_what_to_measure_and_what_one_would_have_to_believe(answer):
    pilot = answer.advice(judged(answer, emergency_admissions=("small", "better")))
    assert any("must measure the emergency admissions of members" in why for why in pilot.why)
    assert answer.believed in pilot.why
    lonely = answer.advice(judged(answer, **{LONELY: ("small", "better")}))
    assert any("must measure the loneliness of members" in why for why in lonely.why)
    other = answer.advice(judged(answer, emergency_admissions=("better", "better")))
    assert not any("must measure" in why or why == answer.believed for why in other.why)


def test_a_withheld_range_gives_no_verdict_and_no_range(answer):
    hidden = replace(answer, withheld=frozenset([LAST]))
    for sign in hidden.signs(hidden.rows(1.0, DEFAULTS)):
        shown, withheld = sign.marks
        assert withheld.range == "range withheld"
        assert (withheld.verdict, withheld.kind) == ("Range withheld", "withheld")
        assert math.isnan(withheld.ends[0])
        assert shown.range != "range withheld"
    rows = hidden.rows(10.0, DEFAULTS)
    assert set(rows.loc[rows["lens"] == LAST, "verdict"]) == {""}  # so that no advice rests on it
    assert "better" in set(rows.loc[rows["lens"] == FIRST, "verdict"])


def test_results_that_are_not_those_of_the_question_are_not_shown():
    assert ready_answer("relational_offset", "frome", "automation_only", LENSES) is None
    assert ready_answer("relational_offset", "nowhere", "baseline", LENSES) is None
    assert ready_answer("relational_offset", "frome", "baseline", ("other",)) is None


def test_a_plan_of_one_size_has_no_dial_and_the_numbers_of_its_runs(answer):
    alone = ready_answer("frome", "frome", "baseline", LENSES)
    assert alone is not None
    assert (alone.sized, list(alone.targets())) == (False, [])
    baseline, scenario = made_up_arms()[:2]
    found = {lens: compare(*(read_through(arm, lens) for arm in (scenario, baseline))) for lens in LENSES}
    own = answer_of(found)
    for key, comparison in found.items():
        row = comparison.per("year").summary(("emergency_admissions",), rounded=False).iloc[0]
        rows = own.rows(1.0, DEFAULTS)
        mine = rows[(rows["lens"] == key) & (rows["measure"] == "emergency_admissions")].iloc[0]
        assert mine["difference"] == pytest.approx(row["difference"])
        assert mine["verdict"] == row["verdict"]


def test_runs_of_another_specification_replace_what_ships_and_more_runs_of_the_same_make_it_exact(answer):
    other = replace(answer, scenario=("frome", "another"))
    assert answer.with_runs(other) is other
    assert answer.with_runs(answer) is answer
    more = {key: replace(one, draws=range(100)) for key, one in answer.lenses.items()}
    exact = answer.with_runs(replace(answer, lenses=more))
    assert exact.exact == more
    doubled = {
        key: replace(one, differences={m: 2.0 * d for m, d in one.differences.items()})
        for key, one in answer.lenses.items()
    }
    found = replace(answer, exact=doubled)
    assert found.rows(1.0, DEFAULTS)["difference"].tolist() == pytest.approx(
        2.0 * answer.rows(1.0, DEFAULTS)["difference"]
    )
    assert found.rows(2.0, DEFAULTS)["difference"].tolist() == answer.rows(2.0, DEFAULTS)["difference"].tolist()

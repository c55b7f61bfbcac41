"""Lenses: problems with their line, the same draws in both scenarios, and unchanged other values."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from simulator import lenses
from simulator.api import lenses as lens_list
from simulator.api import load, specify_comparable
from simulator.comparison.comparability import require_comparable
from simulator.errors import IncomparableRunsError, LensError, UnknownNameError
from simulator.evidence import load_evidence
from simulator.foundations.input_files import json_schema
from simulator.lenses import AS_WRITTEN, AppliedLens, apply_lens, implied_strengths, load_lens
from simulator.lenses.applied_lens import ParameterDraws, discounted
from simulator.lenses.schema import LensFile
from simulator.scenario.scenario import Scenario
from simulator.specification.spec import build_spec, rates_from
from tests.helpers.hand_lens import HUB, LOCAL, RATIO, hand_lens
from tests.helpers.small_runs import small_frome
from tests.helpers.synthetic_results import results, run


@pytest.fixture
def lens(tmp_path):
    return load_lens(hand_lens(tmp_path / "by-hand"))


def spec_of(**parts):
    scenario = Scenario.model_validate({"name": "small", "title": "Small", "question": "What if?", **parts})
    return build_spec(scenario, small_frome(), weeks=13)


def test_evidence_is_always_a_lens_and_changes_nothing():
    assert lens_list()[-1] == "evidence"
    assert apply_lens("evidence") is AS_WRITTEN
    spec = spec_of()
    assert spec.read_through(AS_WRITTEN).hash == spec.hash
    for drawn in (None, 3):
        for mine, plain in zip(
            spec.read_through(AS_WRITTEN).rates(drawn), rates_from(load_evidence(), drawn), strict=True
        ):
            assert all(np.array_equal(a, b) for a, b in zip(mine, plain, strict=True))


def test_the_shipped_schema_is_current():
    shipped = (lenses.lens.SHIPPED / "schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == json_schema(LensFile), (
        "write it anew: offset schema lens --out simulator/lenses/schema.json"
    )


def test_a_lens_says_in_a_sentence_what_one_would_have_to_believe(lens, messages):
    assert lens.believed == ""
    figure = {"label": "With a plan", "unit": "%", "simulated": {"value": 38.6, "low": 30.0, "high": 50.0}}
    file = LensFile.model_validate({**lens.file.model_dump(), "reported": {"frome_with_plan": figure}})
    said = replace(lens, file=file)
    messages.check(said.believed)
    prevented = 100.0 * (1.0 - math.exp(file.parameters[HUB].fitted.value))
    assert f"{prevented:.0f} of every 100 acute episodes" in said.believed
    assert said.applied_lens().believed == said.believed


def test_a_ratio_leaves_what_a_table_states_as_certain(lens):
    value = load_evidence()["ties.hour_ratio"]
    draws = ParameterDraws((value.path,), (True,), np.array([[0.5]]))
    found = AppliedLens("one", draws=draws).number(value, value.value, 0)
    certain = [low == high for low, high in zip(value.low, value.high, strict=True)]
    assert any(certain)
    assert not all(certain)
    for written, scaled, fixed in zip(value.value, found, certain, strict=True):
        assert scaled == (written if fixed else 0.5 * written)


def test_lens_values_come_from_the_draw_and_others_are_unchanged(lens):
    plain, through = spec_of(), spec_of().read_through(lens.applied_lens())
    hub = [numbers["acute_episodes"] for numbers in (through.programme_numbers(draw)[2] for draw in range(5))]
    assert hub == [-1.0, -1.01, -1.02, -1.03, -1.0]
    assert through.programme_numbers()[2]["acute_episodes"] == pytest.approx(-1.015)
    needs = plain.rates(1).loneliness.need, through.rates(1).loneliness.need
    assert needs[1] == pytest.approx(needs[0] * 1.001)
    assert through.rates(1).loneliness.threshold == plain.rates(1).loneliness.threshold
    assert through.hash != plain.hash


def test_values_of_the_studied_place_are_not_transferred(lens):
    assert LOCAL in lens.file.parameters
    assert spec_of().read_through(lens.applied_lens()).rates(0).illness.local_demand_growth == 0.0


def test_changes_of_a_scenario_override_the_lens(lens):
    changes = {HUB: {"value": 0.25, "reason": "a test"}}
    through = spec_of(changes=changes).read_through(lens.applied_lens())
    assert through.programme_numbers(1)[2]["acute_episodes"] == 0.25
    assert through.rates(1).loneliness.need[0] == pytest.approx(spec_of().rates(1).loneliness.need[0] * 1.001)


def test_the_frome_share_selects_its_fitted_draws(lens, messages):
    at = {share: lens.applied_lens(share).draws.rows[:, 0].tolist() for share in (0.0, 1.0, "elicited")}
    assert at[0.0] == [0.0, -0.01, -0.02, -0.03]
    assert at[1.0] == [-1.0, -1.01, -1.02, -1.03]
    assert at["elicited"] == [0.0, -1.0, -0.01, -1.01, -0.02, -1.02, -0.03, -1.03]
    messages.check(lens.applied_lens(0.0).said)
    with messages.raised(UnknownNameError):
        lens.applied_lens(0.4)


def test_an_unfitted_share_is_reported_with_all_fitted_ones():
    with pytest.raises(UnknownNameError) as caught:
        load_lens("as-claimed").applied_lens(0.3)
    said = "there is no fit of lens as-claimed for Frome's share '0.3'. Known: 0, 0.25, 0.5, 0.75, 1, elicited."
    assert str(caught.value) == said


def test_a_lens_without_frome_has_no_frome_share(tmp_path):
    lens = load_lens(hand_lens(tmp_path / "held-out", frome=()))
    assert lens.applied_lens(0.5).frome is None
    assert "Frome" not in lens.applied_lens(0.5).said


def test_both_scenarios_of_a_pair_hold_the_same_draw(lens):
    pair = specify_comparable([load("baseline"), load("frome")], place=small_frome(), lens=lens.applied_lens()).specs
    before, after = ([spec.programme_numbers(draw) for draw in range(4)] for spec in pair)
    shared = len(before[0])
    assert shared > 0
    assert before == [numbers[:shared] for numbers in after]


def test_implied_effect_sizes(lens):
    table = implied_strengths(lens)
    assert table["path"].tolist() == [HUB]
    row = table.iloc[0]
    assert (row["times"], row["outside"]) == (pytest.approx(20.0), True)
    assert implied_strengths(lens, mechanisms_only=False)["path"].tolist() == [HUB, RATIO, LOCAL]
    assert math.isnan(implied_strengths(lens, mechanisms_only=False).set_index("path").loc[LOCAL, "times"])


def test_every_observed_relative_risk_is_scaled_and_nothing_else():
    marked = {path for path, value in load_evidence().items() if value.observational}
    assert marked >= {
        "loneliness.admission_relative_risk",
        "loneliness.death_relative_risk",
        "illness.continuity_effect",
        "illness.gp_years_ratio",
        "illness.alone_ratio",
        "care.return_interval_ratio",
        "social_care.alone_care_home_ratio",
    }
    spec = spec_of()
    for share in (0.0, 0.5, 1.0):
        all_rates = [one.rates(3) for one in (spec, replace(spec, applied_lens=AppliedLens(causal=share)))]
        for path, value in load_evidence().items():
            topic, name = path.split(".")
            before, after = (getattr(getattr(rates, topic), name) for rates in all_rates)
            expected = np.vectorize(discounted)(value.unit, before, share) if path in marked else before
            assert after == pytest.approx(expected, nan_ok=True), path
    assert replace(spec, applied_lens=AppliedLens(causal=0.0)).rates().loneliness.admission_relative_risk == 1.0
    assert replace(spec, applied_lens=AppliedLens(causal=0.0)).rates().illness.continuity_effect == 0.0


def test_runs_through_different_lenses_are_not_compared(messages):
    one, other = (results("a", {0: run()}, lens_title=title) for title in ("As claimed", "On trial evidence"))
    with messages.raised(IncomparableRunsError):
        require_comparable(one, other)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        (
            "programme.complex_care_hub.acute",
            "programme.complex_care_hub.acte",
            "6 parameters.programme.complex_care_hub.acte_episodes; 1",
        ),
        ("title: By hand\n", "titel: By hand\n", "2 titel"),
        ("frome: [0, 1]", "frome: [0, 2]", "4 frome[1]"),
        ("lens: by-hand", "lens: by-hands", "1 lens"),
        (
            "low: -0.2, high: -0.05",
            "low: 0.2, high: -0.05",
            "13 parameters.programme.complex_care_hub.acute_episodes.evidence.value",
        ),
    ],
)
def test_a_problem_of_a_lens_is_reported_with_its_line(tmp_path, old, new, at, messages):
    folder = hand_lens(tmp_path / "by-hand")
    path = folder / "lens.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with messages.raised(LensError, at):
        load_lens(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-1.01", "-1.5"),
        (None, None),
    ],
)
def test_draws_of_another_lens_are_refused(tmp_path, old, new, messages):
    draws = hand_lens(tmp_path / "by-hand") / "draws.csv"
    if old is None:
        draws.unlink()
    else:
        draws.write_text(draws.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with messages.raised(LensError):
        load_lens(draws.parent)


def test_an_unknown_lens_is_reported_with_the_known_ones(messages):
    with messages.raised(UnknownNameError):
        load_lens("evidense")

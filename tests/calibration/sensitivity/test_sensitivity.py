"""Sensitivity of a decision to parameters: against formulas, on real runs, and on the command line."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from calibration.sensitivity import FEWEST, Sensitivity
from calibration.sensitivity.comparison_draws import ComparisonDraws, comparison_draws
from calibration.sensitivity.emulators import emulate_differences
from calibration.sensitivity.one_way import moved
from calibration.sensitivity.pairs import seeds_for
from calibration.sensitivity.question import sensitivity
from calibration.sensitivity.screening import detectable_share, select_parameters
from calibration.sensitivity.tables import SensitivityInputs, boxes, chances, emulators, moves, strongest, values
from dashboard.command_line.output import json_text
from dashboard.command_line.sensitivity import _content
from dashboard.runs.library import Library
from simulator.errors import FitError
from simulator.evidence import load_evidence
from simulator.places.loading import SHIPPED_FOLDER
from simulator.running import ensemble
from tests.dashboard.command_line.test_command_line import offset
from tests.helpers.messages import about, titles, without_numbers
from tests.helpers.small_runs import small_spec
from tests.helpers.synthetic_results import ledger, run

pytestmark = pytest.mark.thorough

PATHS = [path for path, value in load_evidence().items() if value.by is None][:40]
FIRST, SECOND, IDLE = PATHS[3], PATHS[20], PATHS[30]
POUNDS = 1000.0


@pytest.fixture(scope="module")
def asked():
    """240 pairs with 40 parameters: cost is linear in one and curved in another, plus noise; admissions are noise."""
    luck = np.random.default_rng(5)
    drawn = ComparisonDraws(
        {path: load_evidence()[path] for path in PATHS},
        pd.DataFrame(np.exp(luck.standard_normal((600, len(PATHS)))), columns=PATHS),
    )
    seeds = seeds_for(240)
    pairs = pd.DataFrame({"seed": [*seeds.twice, *seeds.once]})
    pairs["draw"] = pairs["seed"] // 2
    score = pd.DataFrame(drawn.scores, columns=PATHS).loc[pairs["draw"]].reset_index(drop=True)
    cost = 2.0 * score[FIRST] + np.square(score[SECOND]) - 1.0 + 0.5
    pairs["net_cost"] = POUNDS * (cost + luck.standard_normal(len(pairs)))
    pairs["emergency_admissions"] = luck.standard_normal(len(pairs))
    return SensitivityInputs(emulate_differences(drawn, pairs, seeds), drawn, pairs)


def test_seeds_give_most_pairs_separate_draws_and_some_a_shared_one(messages):
    seeds = seeds_for(100)
    draws = [seed // 2 for seed in (*seeds.twice, *seeds.once)]
    assert (len(draws), len(set(draws))) == (100, 90)
    assert not set(seeds.fresh) & {*seeds.twice, *seeds.once}
    with messages.raised(FitError):
        seeds_for(FEWEST - 1)


def test_only_parameters_with_an_effect_are_detected(asked):
    assert asked.moved_by("net_cost") == [FIRST, SECOND]
    assert asked.moved_by("emergency_admissions") == []
    luck = np.random.default_rng(2)
    found = [select_parameters(luck.standard_normal((80, 100)), luck.standard_normal(80)) for _ in range(60)]
    assert sum(map(bool, found)) <= 9  # 1 in 20 searches finds something; 9 or more of 60 in 1 of 700
    assert detectable_share(50, 40) > detectable_share(500, 40)


def test_effects_on_the_cost_match_the_formula(asked):
    table = moves(asked).set_index("path")
    assert list(table.index) == [FIRST, SECOND]  # variances 4 and 2
    assert table["total"].tolist() == pytest.approx([4.0 / 6.0, 2.0 / 6.0], abs=0.1)
    assert table["first"].tolist() == pytest.approx([4.0 / 6.0, 2.0 / 6.0], abs=0.1)
    assert (table["total_low"] < table["total"]).all()
    assert table.loc[FIRST, "swing"] == pytest.approx(POUNDS * 4.0 * 1.2816, rel=0.1)
    assert table.loc[SECOND, "swing"] == pytest.approx(0.0, abs=0.15 * POUNDS * 4.0 * 1.2816)  # a curve comes back
    assert table.loc[FIRST, "value_low"] == pytest.approx(np.exp(-1.2816), rel=0.2)
    quality = emulators(asked).set_index("column")
    assert quality.loc["net_cost", "explained"] == pytest.approx(6.0 / 7.0, abs=0.06)
    assert quality.loc["net_cost", "stochastic_share"] == pytest.approx(1.0 / 7.0, abs=0.1)
    assert strongest(moves(asked), 1) == [("net_cost", FIRST)]


def test_the_value_of_a_parameter_is_the_gain_of_the_decision(asked):
    table = values(asked).set_index("path")
    mean, sd = 0.5, 2.0  # of the cost expected once the first belief is known; leaving it costs nothing
    gain = sd * (norm.pdf(mean / sd) - mean / sd * norm.cdf(-mean / sd))
    assert table.loc[FIRST, "pounds"] == pytest.approx(POUNDS * gain, rel=0.15)
    assert table.loc[FIRST, "pounds_low"] < POUNDS * gain < table.loc[FIRST, "pounds_high"] * 1.1
    assert table.loc[SECOND, "pounds"] < 0.5 * table.loc[FIRST, "pounds"]
    assert 0.0 < table.loc[FIRST, "share"] <= 1.0


def test_boxes_show_where_it_costs_more_and_the_runs_there(asked):
    table = boxes(asked)
    assert set(table["column"]) == {"net_cost"}
    first = table[table["box"] == 1].set_index("path")
    assert first.loc[FIRST, "above"] > 0.5  # of a belief whose median is 1
    assert first["density"].iloc[0] > 0.85
    inside = first["run_density"].iloc[0]
    assert 0.7 < inside <= first["density"].iloc[0] + 0.1  # luck blurs it
    assert first["run"].iloc[0] > 20
    often = chances(asked).set_index("column")
    assert often.loc["net_cost", "of_draws"] == pytest.approx(0.5, abs=0.1)
    assert np.isnan(often.loc["emergency_admissions", "of_draws"])


def test_parameters_can_be_fixed_including_tables_and_programmes():
    before, after = small_spec("baseline"), small_spec("relational_offset")
    drawn = comparison_draws(before, after, 40)
    table = next(path for path, value in drawn.of.items() if value.by is not None)
    programme = next(path for path in drawn.of if path.startswith("programme."))
    single = "loneliness.admission_relative_risk"
    for path in (table, single):
        held = moved(after, drawn, path, 7)
        topic, _, name = path.partition(".")
        for draw in (0, 3):
            assert np.mean(getattr(getattr(held.rates(draw), topic), name)) == pytest.approx(drawn.values[path][7])
            assert held.rates(draw).prices.bed_day == after.rates(draw).prices.bed_day
    plans = moved(after, drawn, programme, 7).programme_draws(3)
    name, number = programme.rpartition(".")[2], drawn.values[programme][7]
    assert any(plan.get(name) == pytest.approx(number) for plan in plans)
    assert moved(after, drawn, table, 7).hash != after.hash
    assert (drawn.values.nunique() > 1).all()


CALM = """\
name: calm
title: A town without emergencies
question: What does half a year cost where nobody falls ill?
extends: baseline
calendar: {starts: 2026-04-01, weeks: 26}
changes:
  illness.emergency_admission_rate:
    value: {0-4: 0.001, 5-15: 0.001, 16-24: 0.001, 25-34: 0.001, 35-49: 0.001, 50-64: 0.001, 65-74: 0.001, 75-84: 0.001,
            85+: 0.001}
    reason: Differences in admissions would hide small sums
"""
PLAN = """\
name: desk
title: A front desk without a queue
question: What if half of the bookings and repeat prescriptions were automated?
extends: calm
automate:
  - {service: gp_practice, task: appointment_booking, share: 50 %, ramp_weeks: 0}
  - {service: gp_practice, task: repeat_prescription, share: 50 %, ramp_weeks: 0}
reinvest: {share: 0 %}
"""
USABLE = "contacts.realisation_rate"


def asked_of_the_command(folder):
    """The command on sixty pairs of half a year in 2,000 residents; automation saves by what time is used."""
    plan, calm, place, out = folder / "desk.yaml", folder / "calm.yaml", folder / "my_town.yaml", folder / "out"
    plan.write_text(PLAN, encoding="utf-8")
    calm.write_text(CALM, encoding="utf-8")
    text = (SHIPPED_FOLDER / "frome.yaml").read_text(encoding="utf-8").replace("name: frome", "name: my_town")
    place.write_text(text.replace("residents: 28000", "residents: 2000"), encoding="utf-8")
    how = ("--place", place, "--workers", 1, "--pairs", FEWEST, "--checks", 1, "--lens", "evidence")
    with pytest.MonkeyPatch.context() as few:
        few.setitem(sensitivity.__kwdefaults__, "draws", 100)
        return offset("sensitivity", plan, calm, *how, "--out", out, "--dashboard", folder / "shown"), out


def simulate_made_up(spec, seed, draw):
    """Half a year in which half of what could be used of the freed time is saved, give or take a little luck."""
    luck = np.random.default_rng([seed, 1]).normal(1.0, 0.02)
    saved = round(4_000_000 * luck * spec.rates(draw).contacts.realisation_rate) if spec.scenario.name == "desk" else 0
    return run(quarters=2, book=ledger((0, "gp_practice", "saved", saved), (1, "gp_practice", "saved", saved)))


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(ensemble, "simulate", simulate_made_up)
        return asked_of_the_command(tmp_path_factory.mktemp("desk"))


def assert_it_turns_on_how_much_is_used(told, out):
    assert told.exit_code == 0, told.output
    found = Sensitivity.read(out)
    moved_by = found.moves[found.moves["column"] == "net_cost"].set_index("path")
    assert moved_by.loc[USABLE, "swing"] < 0.0
    assert (found.check["verdict"] == "confirmed").all()
    assert (found.check["pairs"] == 12).all()
    assert found.chances.set_index("column").loc["net_cost", "of_pairs"] < 0.2
    assert (found.value["pounds"] == 0.0).all()  # it nearly always saves, and no knowledge changes that
    assert found.record["baseline"]["scenario"] == "calm"
    for said in found.findings():
        assert said in told.stdout


def test_the_command_finds_that_it_turns_on_how_much_of_the_freed_time_is_used(done, messages):
    assert_it_turns_on_how_much_is_used(*done)
    messages.check(titles(done[0].stdout))


@pytest.mark.slow
def test_a_real_comparison_turns_on_how_much_of_the_freed_time_is_used(tmp_path, messages):
    told, out = asked_of_the_command(tmp_path)
    assert_it_turns_on_how_much_is_used(told, out)
    messages.check(titles(told.stdout))


def test_a_dashboard_is_given_what_was_found(done, messages):
    told, out = done
    shown = out.parent / "shown"
    messages.check(about(told.output, str(shown)))
    found = Sensitivity.read(out)
    name, base = f"desk-{found.record['scenario_hash']}", f"calm-{found.record['baseline']['scenario_hash']}"
    frames, record = Library(shown).sensitivity(name, base, "my_town")
    assert frames["moves"].equals(found.moves)
    assert record["findings"] == list(found.findings())
    assert Library(shown).sensitivity("desk", "calm", "my_town") is None


def test_as_json_every_frame_is_there(done):
    content = json.loads(json_text(_content(Sensitivity.read(done[1]))))
    assert {"findings", "moves", "value", "boxes", "chances", "check", "emulators", "pairs", "record"} == set(content)
    assert len(content["pairs"]) == FEWEST
    assert content["moves"][0]["path"] == USABLE


def test_too_few_pairs_are_refused_before_anything_runs(messages):
    refused = offset("sensitivity", "frome", "--pairs", 30)
    assert refused.exit_code == 1
    messages.check(refused.stderr)


def test_a_failed_lens_is_reported_first_and_chance_is_not_interpreted(asked, messages):
    quiet = SensitivityInputs(None, asked.drawn, asked.pairs)
    found = Sensitivity(
        moves(quiet), values(quiet), boxes(quiet), chances(quiet), pd.DataFrame(), emulators(quiet), quiet.pairs,
        {"lens_faults": ["poor"]},
    )  # fmt: skip
    first, second, *_ = found.findings()
    messages.check(first)
    assert "240 pairs" in second
    messages.check(without_numbers(second))

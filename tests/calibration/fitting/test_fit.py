"""A whole fit of a stochastic simulator whose posterior is known, and of ones that cannot be fitted."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.stats import wasserstein_distance

from calibration.fitting import QUICK, Parameter, Plan, SimulatedValues, Target, check, fit
from calibration.fitting.coverage import covered
from calibration.fitting.problem import SimulateDraws
from calibration.lens.lens_fit import FittedLens, gates_of
from simulator.errors import FitError, StoreError, StoreWarning
from tests.calibration.fitting.known import NOISE, PLAN, SD, TRUTH, expected, grid_posterior, known_problem, simulate
from tests.helpers.messages import without_numbers

pytestmark = pytest.mark.thorough

FEW = {"noise_points": 4, "noise_seeds": 2, "design_points": 24, "waves": 0, "check_points": 0, "truths": 0}
SMALL = replace(PLAN, most_steps=200, **FEW)


def test_the_known_posterior_is_recovered(known_fit):
    points, weights = grid_posterior(known_fit.problem)
    for column, name in enumerate(known_fit.problem.names):
        mean = weights @ points[:, column]
        sd = np.sqrt(weights @ np.square(points[:, column] - mean))
        draws = known_fit.draws[name]
        assert wasserstein_distance(draws, points[:, column], v_weights=weights) / sd < 0.15
        assert draws.std() / sd == pytest.approx(1.0, abs=0.15)
        row = known_fit.parameters.set_index("parameter").loc[name]
        assert row.q025 < TRUTH[column] < row.q975
        assert row.label == "informed"


def raised(points, seeds):
    return simulate(points, seeds) + 1.0


def test_draws_of_the_posterior_are_simulated_by_the_finer_simulation_and_kept_apart(tmp_path):
    plan = replace(SMALL, check_points=8)
    coarse = fit(known_problem(), plan, workers=1, store=tmp_path / "runs.sqlite")
    problem = known_problem(simulate_draws=SimulateDraws(raised, "2"))
    finer = fit(problem, plan, workers=1, store=tmp_path / "runs.sqlite")
    names = list(problem.columns)
    one, other = (found.runs[found.runs["stage"] == "check"][names].to_numpy() for found in (coarse, finer))
    assert other == pytest.approx(one + 1.0)
    early = [found.runs[found.runs["stage"] != "check"] for found in (coarse, finer)]
    pd.testing.assert_frame_equal(*early)
    assert (finer.emulators["bias_posterior"] - coarse.emulators["bias_posterior"]).to_numpy() == pytest.approx(1.0)


def quieter(points, seeds):
    return expected(points) + 0.1 * (simulate(points, seeds) - expected(points))


def test_a_last_wave_by_the_finer_simulation_narrows_the_emulators_and_has_a_noise_of_its_own(tmp_path):
    plan = replace(SMALL, waves=1, wave_points=12, check_points=24)
    problem = known_problem(simulate_draws=SimulateDraws(quieter, "2"))
    coarse = fit(problem, plan, workers=1, store=tmp_path / "runs.sqlite")
    plan = replace(plan, finer_points=24)
    finer = fit(problem, plan, workers=1, store=tmp_path / "runs.sqlite")
    assert len(finer.runs) == plan.runs == len(coarse.runs) + 24
    assert finer.runs.groupby("stage").size()["wave 2"] == 24
    last = finer.runs[finer.runs["stage"] == "wave 2"]
    exact = expected(last[list(problem.names)].to_numpy())
    assert last[list(problem.columns)].to_numpy() - exact == pytest.approx(0.0, abs=0.5 * NOISE)  # and so not coarse
    here = np.median(finer.emulated.emulators[0].emulator.points[-24:], axis=0, keepdims=True)  # amid the last wave
    for one, other in zip(coarse.emulated.emulators, finer.emulated.emulators, strict=True):
        assert np.sqrt(other.emulator.nuggets) == pytest.approx([NOISE, 0.1 * NOISE], rel=0.6)
        assert other.noise == other.emulator.nuggets[1]
        assert other.mean_and_variance(here)[1] < 0.5 * one.mean_and_variance(here)[1]
    again = fit(problem, plan, workers=1, store=tmp_path / "runs.sqlite")
    pd.testing.assert_frame_equal(finer.runs, again.runs)
    without = fit(known_problem(), plan, workers=1)  # the same wave without a finer simulation is one more wave
    assert {len(emulator.emulator.nuggets) for emulator in without.emulated.emulators} == {1}


def test_too_few_truths_give_no_certificate(known_fit, messages):
    few = known_fit.coverage[known_fit.coverage.truth.isin(known_fit.coverage.truth.unique()[:49])]
    gate = check(replace(known_fit, coverage=few)).gates.set_index("gate").loc["coverage of known truths at 80 %"]
    assert (bool(gate.passed), bool(gate.tried), gate.consequence) == (False, True, "withheld")
    messages.check(without_numbers(gate.why))


def test_every_gate_is_passed_and_frames_agree(known_fit):
    certificate = check(known_fit)
    assert certificate.gates[~certificate.gates.passed].empty, certificate.reasons
    assert (certificate.passed, certificate.intervals, certificate.reasons) == (True, "as they are", ())
    assert len(known_fit.runs) == PLAN.runs
    assert known_fit.runs.groupby("stage").size().to_dict() == {"noise": 32, "design": 64, "wave 1": 24, "check": 60}
    assert known_fit.runs.seed.is_unique
    assert known_fit.targets.source.unique().tolist() == ["simulator"]
    assert known_fit.emulators.noise_sd.to_numpy() == pytest.approx(NOISE, rel=0.4)
    assert known_fit.waves.not_ruled_out.between(0.001, 0.5).all()
    assert known_fit.discrepancy["mean"].to_numpy() == pytest.approx(0.0)  # the plan says that there is none
    wave = known_fit.runs[known_fit.runs.stage == "wave 1"]
    design = known_fit.runs[known_fit.runs.stage == "design"]
    assert wave.share.std() < 0.8 * design.share.std()  # the wave went where the targets are plausible


def test_fifty_known_truths_are_covered_as_often_as_intervals_say(known_fit, messages):
    assert known_fit.coverage.truth.nunique() >= 50
    assert 0.7 <= covered(known_fit.coverage, 0.8) <= 0.9
    assert covered(known_fit.coverage, 0.5) == pytest.approx(0.5, abs=0.15)
    too_sure = known_fit.coverage.assign(quantile=lambda frame: 0.5 + 3.0 * (frame["quantile"] - 0.5))
    gates = check(replace(known_fit, coverage=too_sure)).gates.set_index("gate")
    gate = gates.loc["coverage of known truths at 80 %"]
    assert not gate.passed
    assert gate.consequence == "withheld"
    messages.check(without_numbers(gate.why))


def test_an_emulator_that_is_off_at_the_posterior_withholds_the_intervals(known_fit, messages):
    off = known_fit.emulators.assign(bias_posterior=[0.0, 0.8 * SD, 0.0])
    certificate = check(replace(known_fit, emulators=off))
    gate = certificate.gates.set_index("gate").loc["emulators (bias at the posterior, in sd)"]
    assert gate.value == pytest.approx(0.8 - 2.6 * known_fit.emulators.bias_error[1] / SD)
    messages.check(without_numbers(gate.why))
    assert certificate.intervals == "withheld"


def test_a_share_of_the_gap_names_its_check_only_where_it_did_worse_than_the_whole(known_fit, messages):
    off = replace(known_fit, emulators=known_fit.emulators.assign(bias_posterior=[0.0, 0.8 * SD, 0.0]))
    name = "emulators (bias at the posterior, in sd)"
    gates = gates_of(FittedLens(None, None, None, {0.5: off, 1.0: known_fit}))
    assert gates[name]["passed"]
    assert (gates[f"{name}, 0.5"]["passed"], gates[f"{name}, 0.5"]["consequence"]) == (False, "withheld")
    messages.check(without_numbers(gates[f"{name}, 0.5"]["finding"]))
    gates = gates_of(FittedLens(None, None, None, {0.5: off, 1.0: off}))
    assert (gates[name]["passed"], f"{name}, 0.5" in gates) == (False, False)
    unchecked = replace(known_fit, emulators=known_fit.emulators.drop(columns="bias_posterior"))
    assert set(gates_of(FittedLens(None, None, None, {0.5: unchecked, 1.0: known_fit}))) == set(
        check(known_fit).gates.gate
    )


def test_a_parameter_that_moves_no_target_is_prior_driven(messages):
    problem = known_problem(
        parameters=(*known_problem().parameters, Parameter("idle", "normal", 0.0, -1.0, 1.0)), simulate=without_the_last
    )
    found = fit(problem, SMALL, workers=1)
    labels = found.parameters.set_index("parameter").label
    assert labels["idle"] == "prior-driven"
    assert labels["share"] == "informed"
    assert found.targets.source.unique().tolist() == ["emulator"]
    gates = check(found).gates.set_index("gate")
    messages.check(without_numbers(gates.loc["coverage of known truths at 80 %", "why"]))
    messages.check(without_numbers(gates.loc["emulators (bias at the posterior, in sd)", "why"]))
    assert gates.index[~gates.tried].tolist() == [
        "emulators (bias at the posterior, in sd)",
        "coverage of known truths at 80 %",
    ]


def test_a_target_far_out_of_reach_stops_the_fit_at_once_and_is_named(messages):
    targets = known_problem().targets
    problem = known_problem(targets=(targets[0], Target("figure 2", 30.0, SD), targets[2]))
    seen = []
    with pytest.raises(FitError) as refused:
        fit(problem, PLAN, workers=1, progress=seen.append)
    assert "'figure 2'" in str(refused.value)
    messages.check(without_numbers(refused.value))
    assert seen[-1].done == PLAN.noise_points * PLAN.noise_seeds


def test_a_target_just_out_of_reach_is_found_by_the_emulators_or_withholds_the_intervals(messages):
    targets = known_problem().targets
    problem = known_problem(targets=(targets[0], targets[1], Target("figure 3", 1.4, SD)))
    with pytest.raises(FitError) as refused:
        fit(problem, SMALL, workers=1)
    assert "'figure 3'" in str(refused.value)
    messages.check(without_numbers(refused.value))
    certificate = check(fit(problem, replace(SMALL, stop_if_unreachable=False), workers=1))
    gates = certificate.gates.set_index("gate")
    messages.check(without_numbers(gates.loc["targets out of reach", "why"]))
    assert certificate.intervals == "withheld"
    assert not gates.loc["leave-one-target-out (z)", "passed"]  # nor do the other targets let it come near


def test_an_emulator_that_cannot_follow_the_simulator_fails_its_gate(known_fit, messages):
    found = fit(known_problem(simulate=rugged), replace(SMALL, stop_if_unreachable=False), workers=1)
    gate = check(found).gates.set_index("gate").loc["emulators (unresolved, in sd)"]
    assert not gate.passed
    assert gate.value > 1.0
    messages.check(without_numbers(gate.why))
    assert found.draws.share.std() > 1.1 * known_fit.draws.share.std()  # the likelihood has it as an error


def test_failed_runs_are_left_out_and_counted(messages):
    found = fit(known_problem(simulate=fails_sometimes), replace(SMALL, design_points=40), workers=1)
    failed = found.runs[found.runs.reason != ""]
    assert set(failed.reason) == {"a bad seed"}
    assert failed["figure 1"].isna().all()
    share = check(found).gates.set_index("gate").loc["failed runs (share)"]
    assert share.value == pytest.approx(len(failed) / len(found.runs))
    messages.check(without_numbers(share.why))


def test_failed_runs_are_kept_and_lost_ones_retried(tmp_path):
    store = tmp_path / "runs.sqlite"
    first = fit(known_problem(simulate=fails_or_raises), SMALL, store=store, workers=1)
    failed = first.runs[first.runs.reason != ""].reason.value_counts()
    assert set(failed.index) == {"a bad seed", "OSError: no room"}
    seen = []
    again = fit(known_problem(simulate=fails_sometimes), SMALL, store=store, workers=1, progress=seen.append)
    assert seen[-1].done - seen[-1].read == failed["OSError: no room"]
    assert set(again.runs.reason) == {"", "a bad seed"}
    assert (again.runs.reason == "a bad seed").sum() == failed["a bad seed"]


def test_runs_go_to_the_executor_that_is_given_after_the_preparation():
    done = []
    with ThreadPoolExecutor(2) as workers:
        fit(known_problem(simulate=partial(noted, done), prepare=partial(done.append, "ready")), SMALL, workers=workers)
        assert workers.submit(int).result() == 0  # it is the caller's, and still open
    assert done == ["ready", *["run"] * SMALL.runs]


def test_a_stage_of_failures_says_why(messages):
    with messages.raised(FitError):
        fit(known_problem(simulate=fails_always), SMALL, workers=1)


def test_a_row_of_the_wrong_length_is_reported(messages):
    with messages.raised(FitError):
        fit(known_problem(outputs=("cost",)), SMALL, workers=1)


def test_runs_of_the_previous_version_are_not_used_with_a_note(tmp_path, messages):
    store = tmp_path / "runs.sqlite"
    with closing(sqlite3.connect(store)) as before, before:
        before.executescript(
            "CREATE TABLE simulated (simulation VARCHAR(16) NOT NULL, point VARCHAR(32) NOT NULL, seed BIGINT NOT NULL,"
            " outputs BLOB NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (simulation, point, seed));"
            "CREATE TABLE chosen (fit VARCHAR(32) NOT NULL, stage VARCHAR(40) NOT NULL, scores BLOB NOT NULL,"
            " parameters INTEGER NOT NULL, PRIMARY KEY (fit, stage))"
        )
        before.execute("insert into simulated values ('0123', '4567', 1, x'00', '')")
    with messages.warned(StoreWarning):
        first = fit(known_problem(), SMALL, store=store, workers=1)
    seen = []
    again = fit(known_problem(), SMALL, store=store, workers=1, progress=seen.append)
    assert seen[-1].read == seen[-1].done == SMALL.runs
    pd.testing.assert_frame_equal(first.runs, again.runs)


def test_a_store_that_cannot_be_opened_is_reported(tmp_path, messages):
    (tmp_path / "runs.sqlite").write_text("not a database, but long enough to be taken for one" * 20)
    with messages.raised(StoreError):
        fit(known_problem(), SMALL, store=tmp_path / "runs.sqlite", workers=1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Parameter("a", "normal", 1.0, 1.0, 1.0),
        lambda: Parameter("a", "normal", 3.0, 1.0, 2.0),
        lambda: Parameter("a", "lognormal", 1.0, 0.0, 2.0),
        lambda: Target("t", 1.0, 0.0),
        lambda: Target("t", 1.0, 1.0, discrepancy=-1.0),
        lambda: known_problem(parameters=()),
        lambda: known_problem(outputs=("figure 1",)),
        lambda: known_problem(correlations={"g": 0.5}),
        lambda: grouped({"same": 1.0}),
        lambda: grouped({"sane": 0.5}),
        lambda: Plan(design_points=2),
        lambda: Plan(wave_points=0),
    ],
)
def test_an_impossible_fit_is_reported(make, messages):
    with messages.raised(FitError):
        make()


def test_plans_have_their_stated_size():
    assert 750 <= Plan().runs <= 850
    assert QUICK.runs <= 90


def grouped(correlations):
    return known_problem(targets=(Target("figure 1", 1.0, 1.0, "same"),), correlations=correlations)


def without_the_last(points, seeds):
    return simulate(points[:, :2], seeds)


def rugged(points, seeds):
    """The first figure jumps up and down a hundred times across the prior."""
    values = simulate(points, seeds)
    values[:, 0] += np.sign(np.sin(600.0 * points[:, 1]))
    return values


def fails_sometimes(points, seeds):
    values = simulate(points, seeds)
    bad = np.array([seed % 7 == 0 for seed in seeds])
    values[bad] = np.nan
    return SimulatedValues(values, tuple("a bad seed" if one else "" for one in bad))


def fails_or_raises(points, seeds):
    if any(seed % 5 == 0 and seed % 7 for seed in seeds):
        raise OSError("no room")
    return fails_sometimes(points, seeds)


def noted(done, points, seeds):
    done.append("run")
    return simulate(points, seeds)


def fails_always(points, seeds):
    raise ZeroDivisionError(f"one of {len(points)} with {len(seeds)} seeds")

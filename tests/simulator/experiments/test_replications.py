"""Stopping once the headline difference is precise enough: number of runs, and messages."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.command_line import app
from simulator.api import run_comparable
from simulator.comparison.comparison import compare
from simulator.errors import IncompleteEnsembleError
from simulator.experiments.replications import (
    LEAST,
    SequentialReplications,
    joined,
    next_count,
    relative_error,
    run_until,
)
from simulator.results.results import TABLES, Failure
from simulator.running import ensemble
from tests.helpers.messages import unboxed
from tests.helpers.small_runs import small_spec
from tests.helpers.synthetic_results import lively, results, run

pytestmark = pytest.mark.thorough


def arms(spread, level=1000, seeds=400):
    """Made-up pairs: a baseline of so many admissions, and differences with this standard deviation around -50."""
    luck = np.random.default_rng(5).normal(-50.0, spread, seeds)
    asked = []

    def make(wanted):
        asked.append(list(wanted))
        baseline = {seed: run({"overnight_admissions": level}, quarters=1) for seed in wanted}
        scenario = {seed: run({"overnight_admissions": level + round(luck[seed])}, quarters=1) for seed in wanted}
        return [results("baseline", baseline), results("relational_offset", scenario)]

    return make, asked


def test_it_stops_when_the_error_is_small_enough_and_not_before():
    make, asked = arms(spread=40.0)
    found = run_until(make, 0.005)
    assert found.reached
    assert found.error <= 0.005
    assert found.replications == sum(len(batch) for batch in asked)
    before = found.batches[-2]
    earlier = [joined_to(arm, before) for arm in found.arms]
    assert relative_error(compare(earlier[1], earlier[0])) > 0.005
    # 40 / sqrt(n) = 5 at n = 64: what is needed in the long run, give or take the luck of a sample this small
    assert 40 <= found.replications <= 100


def joined_to(arm, count):
    seeds = list(range(count))
    tables = {name: getattr(arm, name)[getattr(arm, name)["seed"].isin(seeds)] for name in TABLES}
    return type(arm)(**tables, record={**arm.record, "seeds": seeds})


def test_the_error_is_that_of_the_comparison():
    make, _ = arms(spread=40.0)
    baseline, scenario = make(range(40))
    row = compare(scenario, baseline).summary(("emergency_admissions",), rounded=False).iloc[0]
    assert relative_error(compare(scenario, baseline)) == row["monte_carlo_error"] / 1000.0


def test_a_smaller_target_takes_more():
    counts = [run_until(arms(spread=40.0)[0], target).replications for target in (0.02, 0.004)]
    assert counts == sorted(counts)
    assert counts[0] == LEAST
    assert counts[-1] > 3 * LEAST


def test_batches_are_whole_draws_and_seeds_follow_each_other():
    make, asked = arms(spread=60.0)
    found = run_until(make, 0.005)
    assert [seed for batch in asked for seed in batch] == list(range(found.replications))
    assert all(count % 2 == 0 for count in found.batches)
    assert all(later <= 2 * earlier for earlier, later in zip(found.batches, found.batches[1:], strict=False))


def test_it_gives_up_at_the_bound_and_says_so(messages):
    make, _ = arms(spread=400.0)
    found = run_until(make, 0.001, at_most=51)
    assert (found.replications, found.reached) == (50, False)
    messages.check(found.sentences()[0])


def test_too_few_draws_for_an_error_give_a_warning(messages):
    make, _ = arms(spread=1.0)
    found = run_until(make, 0.01, at_most=8)
    assert found.reached
    messages.check(found.sentences()[1])


def test_the_message_at_the_minimum_number(messages):
    found = run_until(arms(spread=1.0)[0], 0.01)
    first, second = found.sentences()
    messages.check(first)
    messages.check(second)


def test_progress_is_reported_batch_by_batch(messages):
    on_progress = []
    found = run_until(arms(spread=60.0)[0], 0.005, on_progress=on_progress.append)
    assert len(on_progress) == len(found.batches) - 1
    messages.check(on_progress[0])


def test_zero_admissions_never_reach_the_target():
    make, _ = arms(spread=0.0, level=0)

    def nothing(seeds):
        baseline, _ = make(seeds)
        return [baseline, baseline]

    found = run_until(nothing, 0.01, at_most=40)
    assert (found.error, found.reached) == (math.inf, False)


def test_the_next_batch_is_bounded():
    assert next_count(SequentialReplications([], math.inf, 0.01, (20,))) == 40
    assert next_count(SequentialReplications([], 0.0100001, 0.01, (20,))) == 22


@pytest.mark.parametrize(
    ("target", "at_most"),
    [
        (0.0, 100),
        (1.5, 100),
        (0.01, 3),
    ],
)
def test_what_cannot_be_reached_is_refused(target, at_most, messages):
    with messages.raised(ValueError):
        run_until(arms(1.0)[0], target, at_most=at_most)


def test_failed_runs_stop_it_unless_allowed(messages):
    def make(seeds):
        outcomes = {seed: Failure("Oops", "out of luck") if seed == 3 else run() for seed in seeds}
        return [results("baseline", outcomes), results("relational_offset", outcomes)]

    with messages.raised(IncompleteEnsembleError):
        run_until(make, 0.01)
    assert run_until(make, 0.01, at_most=20, incomplete=True).replications == 20


def test_joined_batches_equal_one_run():
    specs = [small_spec(name) for name in ("baseline", "relational_offset")]
    whole = run_comparable(specs, range(4), 1)
    batches = [run_comparable(specs, seeds, 1) for seeds in (range(2), range(2, 4))]
    for arm, expected in enumerate(whole):
        found = joined([batch[arm] for batch in batches])
        for name in TABLES:
            pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), check_exact=True)
        assert {**found.record, "created": ""} == {**expected.record, "created": ""}


@pytest.fixture
def made_up(monkeypatch):
    quick = {name: lively(20, effect, quarters=4) for name, effect in (("baseline", 0.0), ("relational_offset", 0.1))}
    monkeypatch.setattr(ensemble, "simulate", lambda spec, seed, draw: quick[spec.scenario.name][seed])


def offset(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_compare_runs_until_it_is_enough_and_says_how_many_it_took(made_up, tmp_path, messages):
    asked = ("compare", "relational_offset", "--lens", "evidence", "--workers", 1, "--years", 1, "--causal", 1)
    done = offset(*asked, "--until", "5%", "--store", tmp_path / "store")
    assert done.exit_code == 0
    messages.check(done.stderr)
    assert "40 added." in done.stderr
    assert done.stdout == offset(*asked, "--seeds", 20).stdout
    cut = offset(*asked, "--until", "0.01 %", "--at-most", 10, "--store", tmp_path / "store")
    messages.check(cut.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--until", "little"),
        ("--until", "0%"),
        ("--until", "0.5%", "--seeds", "10"),
        ("--at-most", "10"),
        ("--until", "0.5%", "--at-most", "3"),
    ],
)
def test_wrong_options_are_usage_errors(made_up, arguments, messages):
    done = offset("compare", "relational_offset", *arguments)
    assert done.exit_code == 2
    messages.check(unboxed(done.stderr))

"""The benchmark compares like with like: the same rules everywhere, and verdicts that say what was measured."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from benchmarks import (
    hot_phases,
    native,
    product,
    reference,
    reference_agents,
    reference_native,
    reference_numpy,
    table,
)
from benchmarks.measure import peak_megabytes, time_runs
from benchmarks.table import Bar, Row, as_markdown
from simulator.draws import draw
from simulator.model import PlaceModel

WEEKS, SEED = 12, 3


@pytest.fixture(scope="module")
def columns():
    return reference.prepare(reference.build_world(400), WEEKS, SEED)()


@pytest.mark.parametrize("implementation", [reference_agents, reference_numpy])
def test_other_implementations_leave_the_same_state_to_the_last_bit(columns, implementation):
    world = implementation.prepare(reference.build_world(400), WEEKS, SEED)()
    assert world.digest() == columns.digest()
    assert world.admitted() > 0


@pytest.mark.skipif(native.find_compiler() is None, reason="no C compiler here")
def test_c_leaves_the_same_state_to_the_last_bit(columns):
    world = reference_native.prepare(reference.build_world(400), WEEKS, SEED)()
    assert world.digest() == columns.digest()


def test_another_seed_leaves_another_state(columns):
    world = reference.prepare(reference.build_world(400), WEEKS, SEED + 1)()
    assert world.digest() != columns.digest()


def test_array_draws_are_the_addressed_draws():
    u_feel, u_fall_ill = reference_numpy.philox_arrays(np.arange(5, dtype=np.uint64), 7, reference.STREAM, 2**40 + 9)
    scalar = [draw(2**40 + 9, reference.STREAM, 7, row, 0)[:2] for row in range(5)]
    assert list(zip(u_feel, u_fall_ill, strict=True)) == scalar


def test_a_world_keeps_every_tie_at_both_ends_and_about_ten_a_resident():
    world = reference.build_world(2_000)
    ends = sorted(zip(world.rows().tolist(), world.other.tolist(), strict=True))
    assert ends == sorted((other, row) for row, other in ends)
    assert 9.5 < len(world.other) / 2_000 < 10.5


@pytest.mark.skipif(native.find_compiler() is None, reason="no C compiler here")
def test_the_hot_phases_in_c_leave_the_same_residents_to_the_last_bit():
    model = PlaceModel(product.spec_of("baseline", 2_000, 13), 1)
    model.step()
    luck = np.random.default_rng(1).integers(0, 2**32, (8, len(model.columns)), np.uint32)
    compiled, in_c = model.columns.copy(), model.columns.copy()
    hot_phases.run_compiled(model, compiled, luck)
    hot_phases.run_native(model, in_c, luck)
    assert product.digest(compiled) == product.digest(in_c) != product.digest(model.columns)


def test_without_a_compiler_the_c_runner_says_so(monkeypatch):
    monkeypatch.setattr(native.shutil, "which", lambda name: None)
    native.load_library.cache_clear()
    with pytest.raises(FileNotFoundError, match="neither gcc nor cc is on the path"):
        reference_native.prepare(reference.build_world(10), 1, 1)


def test_bars_say_reached_or_by_how_much_not():
    assert doctest.testmod(table).failed == 0
    assert Bar(2.0, "s", at_least=False).verdict(2.0).startswith("reached")


def test_the_table_shows_the_median():
    text = as_markdown([Row("thing", (3.0, 1.0, 2.0), 80.4, "remark", "bar")])
    assert text.splitlines()[-1] == "| thing | 2 | 3 | 80 | remark | bar |"


def test_preparing_is_not_timed_and_every_run_is_kept():
    prepared = []
    timed = time_runs(lambda: prepared.append(1), lambda _: "done", 3)
    assert (len(prepared), len(timed.seconds), timed.result) == (3, 3, "done")
    assert timed.median < 0.1


def test_peak_memory_is_of_the_order_of_a_python_process():
    peak = peak_megabytes()
    assert peak is None or 20 < peak < 20_000

"""The benchmark compares the same rules in every implementation, with verdicts on measured values."""

from __future__ import annotations

import doctest
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import (
    dashboard_rows,
    hot_phases,
    main_job,
    native,
    product,
    product_rows,
    reference,
    reference_agents,
    reference_native,
    reference_numpy,
    scaling,
    scaling_rows,
    table,
    visits,
    worker,
)
from benchmarks.measure import peak_megabytes, time_runs
from benchmarks.table import Bar, Row, as_markdown
from simulator.foundations.categories import SLOW_STEP
from simulator.foundations.random_numbers import draw
from simulator.model.place_model import PlaceModel
from simulator.places.loading import SHIPPED_FOLDER as PLACES

pytestmark = pytest.mark.thorough

WEEKS, SEED = 12, 3


@pytest.fixture(scope="module")
def columns():
    return reference.prepare(reference.build_world(400), WEEKS, SEED)()


@pytest.mark.parametrize("implementation", [reference_agents, reference_numpy])
def test_other_implementations_give_an_identical_state(columns, implementation):
    world = implementation.prepare(reference.build_world(400), WEEKS, SEED)()
    assert world.digest() == columns.digest()
    assert world.admitted() > 0


@pytest.mark.skipif(native.find_compiler() is None, reason="no C compiler here")
def test_c_gives_an_identical_state(columns):
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
def test_the_hot_phases_in_c_give_identical_residents():
    model = PlaceModel(product.spec_of("baseline", 2_000, 13), 1)
    model.step()
    model.set_week(model.now._replace(week=SLOW_STEP - 1))
    words = np.random.default_rng(1).integers(0, 2**32, (8, len(model.columns)), np.uint32)
    compiled, in_c = model.columns.copy(), model.columns.copy()
    hot_phases.run_compiled(model, compiled, words)
    hot_phases.run_native(model, in_c, words)
    assert product.digest(compiled) == product.digest(in_c) != product.digest(model.columns)


def test_without_a_compiler_the_c_runner_says_so(monkeypatch):
    monkeypatch.setattr(native.shutil, "which", lambda name: None)
    native.load_library.cache_clear()
    with pytest.raises(FileNotFoundError, match="neither gcc nor cc is on the path"):
        reference_native.prepare(reference.build_world(10), 1, 1)


def test_thresholds_report_reached_or_the_shortfall():
    assert doctest.testmod(table).failed == 0
    assert Bar(2.0, "s", at_least=False).verdict(2.0).startswith("reached")


def test_the_table_shows_the_median():
    text = as_markdown([Row("thing", (3.0, 1.0, 2.0), 80.4, "remark", "bar"), Row("untimed", remark="why")], 0.25)
    assert text.splitlines()[2:] == [
        "| thing | 2 | 8 | 3 | 80 | remark | bar |",
        "| untimed |  |  |  |  | why |  |",
    ]


def test_the_main_job_is_timed_to_its_answer_and_to_its_end(tmp_path):
    place = tmp_path / "town.yaml"
    small = (PLACES / "frome.yaml").read_text().replace("name: frome", "name: town", 1)
    place.write_text(small.replace("residents: 28000", "residents: 2000", 1))
    options = ("--place", str(place), "--seeds", "4", "--years", "1", "--lens", "evidence")
    to_answer, to_end = main_job.main_job_rows(*options)
    assert 0.0 < to_answer.median <= to_end.median
    with pytest.raises(RuntimeError, match="ended with 2 without an answer"):
        list(main_job.main_job_rows("--no-such-option"))


def test_preparing_is_not_timed_and_every_run_is_kept():
    prepared = []
    timed = time_runs(lambda: prepared.append(1), lambda _: "done", 3)
    assert (len(prepared), len(timed.seconds), timed.result) == (3, 3, "done")
    assert timed.median < 0.1


def test_peak_memory_is_of_the_order_of_a_python_process():
    peak = peak_megabytes()
    assert peak is None or 20 < peak < 20_000


def test_a_world_of_more_ties_has_them():
    few, many = (reference.build_world(1_000, mean_ties=ties) for ties in (4, 12))
    assert len(many.other) / len(few.other) == pytest.approx(3.0, rel=0.01)


@pytest.mark.skipif(importlib.util.find_spec("mesa_frames") is None, reason="mesa-frames is not installed")
def test_mesa_frames_gives_an_identical_state(columns):
    from benchmarks import reference_frames

    world = reference_frames.prepare(reference.build_world(400), WEEKS, SEED)()
    assert world.digest() == columns.digest()


def test_every_task_of_the_table_exists():
    sources = [Path(module.__file__).read_text(encoding="utf-8") for module in (product_rows, scaling_rows)]
    asked = {name for source in sources for name in re.findall(r'in_fresh_process\("(\w+)"', source)}
    assert {"execution", "size", "workers"} <= asked
    assert all(callable(worker.task_of(name)) for name in asked)


def test_engine_and_plain_calls_are_timed_on_as_many_runs():
    timed = scaling.replications(pairs=1)
    assert timed["plain"][0] > 0.0
    assert timed["engine"][0] > 0.0


def test_without_a_browser_the_dashboard_is_reported_as_not_measured(monkeypatch):
    monkeypatch.setattr(visits, "CHROMIUM", "/nowhere/chromium")
    (row,) = dashboard_rows.dashboard_rows(3)
    assert "not measured: it needs Chromium" in row.remark


def test_a_dashboard_that_does_not_start_says_why():
    failing = [sys.executable, "-c", "import sys; sys.exit(\"there is no place 'nowhere'\")"]
    with (
        subprocess.Popen(failing, stderr=subprocess.PIPE, text=True) as server,
        pytest.raises(RuntimeError, match=r"(?s)the dashboard did not start: .*nowhere"),
    ):
        visits.address_of(server)

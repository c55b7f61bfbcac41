"""Rows of the reference workload: the same rules in Mesa, NumPy, Starsim, C and the compiled columns."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any, Final

from benchmarks.measure import in_fresh_process
from benchmarks.native import find_compiler
from benchmarks.table import Bar, Row, same_digest

RESIDENTS: Final = 28_000
WEEKS: Final = 260
AGENT_WEEKS: Final = 26
"""Plain Mesa runs a tenth of the weeks; its seconds are multiplied by ten, and its state is compared at week 26."""

_BAR_STARSIM: Final = Bar(3.0, "times as fast as Starsim")


def yardstick(repeats: int) -> Row:
    """The compiled columns on the reference workload, by which all other rows are measured."""
    answer = _measure("columns", WEEKS, repeats)
    return Row("yardstick: the reference workload, compiled columns, 1 thread", answer["seconds"], answer["peak_mb"])


def reference_rows(repeats: int) -> Iterator[Row]:
    """One row per implementation, and bar 3."""
    short = _measure("columns", AGENT_WEEKS, repeats)
    agents = _measure("agents", AGENT_WEEKS, repeats)
    scale = WEEKS / AGENT_WEEKS
    plain = Row(
        f"plain Mesa, {AGENT_WEEKS} weeks, seconds scaled to {WEEKS}",
        [second * scale for second in agents["seconds"]],
        agents["peak_mb"],
        f"1x; {same_digest(agents['digest'], short['digest'])} as the columns at week {AGENT_WEEKS}",
    )
    yield plain
    columns = _measure("columns", WEEKS, repeats)
    yield from _compared("NumPy", "numpy", plain, columns, repeats)
    if importlib.util.find_spec("mesa_frames") is None:
        yield Row("mesa-frames", remark="not installed: see docs/performance.md for installing it with this NumPy")
    else:
        yield from _compared("mesa-frames, Polars", "frames", plain, columns, repeats)
    ours = Row("compiled columns, 1 thread", columns["seconds"], columns["peak_mb"])
    if importlib.util.find_spec("starsim") is None:
        yield Row("Starsim", remark='not installed: python -m pip install ".[benchmark]"')
    else:
        for name, task in (("ties at both ends, as here", "starsim_both"), ("each tie kept once", "starsim_once")):
            answer = _measure(task, WEEKS, repeats)
            row = Row(f"Starsim, {name}", answer["seconds"], answer["peak_mb"])
            yield Row(
                row.what,
                row.seconds,
                row.peak_mb,
                f"{plain.median / row.median:.0f}x; its own random numbers: {answer['admissions']:,} admissions, "
                f"columns {columns['admissions']:,}",
                "3: " + _BAR_STARSIM.verdict(row.median / ours.median),
            )
    yield Row(ours.what, ours.seconds, ours.peak_mb, f"{plain.median / ours.median:.0f}x")
    if find_compiler() is None:
        yield Row("C -O3", remark="no C compiler on the path")
    else:
        yield from _compared("C -O3 -march=native, 1 thread", "native", plain, columns, repeats)


def _compared(what: str, task: str, plain: Row, columns: dict[str, Any], repeats: int) -> Iterator[Row]:
    answer = _measure(task, WEEKS, repeats)
    row = Row(what, answer["seconds"], answer["peak_mb"])
    equal = same_digest(answer["digest"], columns["digest"])
    remark = f"{plain.median / row.median:.0f}x; {equal} as the columns at week {WEEKS}"
    yield Row(row.what, row.seconds, row.peak_mb, remark)


def _measure(implementation: str, weeks: int, repeats: int) -> dict[str, Any]:
    arguments = {"implementation": implementation, "residents": RESIDENTS, "weeks": weeks, "repeats": repeats}
    answer: dict[str, Any] = in_fresh_process("reference", arguments)
    return answer

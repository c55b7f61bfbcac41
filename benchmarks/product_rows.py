"""Rows of the simulator itself: bars 1, 2 and 6."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from statistics import median
from typing import Any, Final

from benchmarks.measure import in_fresh_process
from benchmarks.native import find_compiler
from benchmarks.table import Bar, Row, same_digest

RESIDENTS: Final = 28_000
AGENT_WEEKS: Final = 3
COLUMN_WEEKS: Final = 52
CRN_PAIRS: Final = 30

_BAR_AGENTS: Final = Bar(150.0, "times as fast as agents")
_BAR_NATIVE: Final = Bar(1.3, "times the seconds of C", at_least=False)
_BAR_RUN: Final = Bar(0.6, "s", at_least=False)
_BAR_MEMORY: Final = Bar(400.0, "MB", at_least=False)
_BAR_FIRST_START: Final = Bar(30.0, "s", at_least=False)
_BAR_LATER_START: Final = Bar(2.0, "s", at_least=False)
_BAR_CRN: Final = Bar(0.25, "of the spread with independent seeds", at_least=False)


def product_rows(repeats: int) -> Iterator[Row]:
    """Bars 1, 2 and 6."""
    yield from _engines(repeats)
    yield from _hot_phases(repeats)
    yield from _whole_run(repeats)
    yield from _starts(repeats)
    random_words = in_fresh_process("common_random_numbers", {"pairs": CRN_PAIRS})
    yield Row(
        f"common random numbers, {CRN_PAIRS} pairs of whole runs",
        remark=f"SD of the difference in emergency admissions {random_words['shared']:.0f} with common random numbers, "
        f"{random_words['independent']:.0f} with independent seeds; mean difference {random_words['difference']:.0f} "
        f"of {random_words['baseline']:,.0f}",
        bar="6: " + _BAR_CRN.verdict(random_words["shared"] / random_words["independent"]),
    )


def _engines(repeats: int) -> Iterator[Row]:
    agents = _execution("agents", AGENT_WEEKS, repeats)
    same = _execution("columns", AGENT_WEEKS, 1)
    columns = _execution("columns", COLUMN_WEEKS, repeats)
    agent_week = median(agents["seconds"]) / AGENT_WEEKS
    column_week = median(columns["seconds"]) / COLUMN_WEEKS
    equal = same_digest(agents["digest"], same["digest"])
    yield Row(
        f"all rules, readable agents, {RESIDENTS:,} residents, {AGENT_WEEKS} weeks",
        agents["seconds"],
        agents["peak_mb"],
        f"{agent_week / RESIDENTS * 1e6:.3g} µs a resident-week; {equal} as the columns",
    )
    yield Row(
        f"all rules, compiled columns, {RESIDENTS:,} residents, {COLUMN_WEEKS} weeks",
        columns["seconds"],
        columns["peak_mb"],
        f"{column_week / RESIDENTS * 1e6:.3g} µs a resident-week",
        "1: " + _BAR_AGENTS.verdict(agent_week / column_week),
    )


def _hot_phases(repeats: int) -> Iterator[Row]:
    if find_compiler() is None:
        yield Row("phases meet and feel in C", remark="no C compiler on the path")
        return
    answer = in_fresh_process("hot_phases", {"weeks": COLUMN_WEEKS, "repeats": repeats + 2})
    native, compiled = answer["native"], answer["compiled"]
    yield Row(f"phases meet and feel in C -O3, {RESIDENTS:,} residents, {COLUMN_WEEKS} weeks", native)
    yield Row(
        "the same in compiled columns",
        compiled,
        remark="same digest as C" if answer["same"] else "NOT the same digest as C",
        bar="1: " + _BAR_NATIVE.verdict(median(compiled) / median(native)),
    )


def _whole_run(repeats: int) -> Iterator[Row]:
    answer = in_fresh_process("whole_run", {"repeats": repeats})
    phases = in_fresh_process("phase_seconds", {"weeks": COLUMN_WEEKS})
    everything = phases.pop("everything")
    largest = sorted(phases, key=lambda phase: -phases[phase])[:5]
    shares = ", ".join(f"{phase} {phases[phase] / everything * 100:.0f} %" for phase in largest)
    yield Row(
        "Frome, five years after the warm-up, 1 core",
        answer["after_warm_up"],
        answer["peak_mb"],
        f"main phases (those run in one pass count under the last): {shares}",
        f"2: {_BAR_RUN.verdict(median(answer['after_warm_up']))}; {_BAR_MEMORY.verdict(answer['peak_mb'])}",
    )
    yield Row("Frome, population, a year of warm-up and five years", answer["seconds"])


def _starts(repeats: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as cache:
        first, *later = [_start(cache) for _ in range(repeats + 1)]
    what = "nothing compiled: start to result, 2,000 residents, warm-up and a quarter, by the clock"
    yield _start_row(what, [first], _BAR_FIRST_START)
    yield _start_row("later starts, by the clock", later, _BAR_LATER_START)


def _start_row(what: str, starts: list[tuple[float, float]], bar: Bar) -> Row:
    waited, worked = zip(*starts, strict=True)
    remark = f"{median(worked):.3g} s of processor time"
    return Row(what, waited, remark=remark, bar=f"2: {bar.verdict(median(waited))}")


def _start(cache: str) -> tuple[float, float]:
    """Seconds by the clock, and processor seconds."""
    started = time.perf_counter()
    answer = in_fresh_process("first_result", {}, {"OFFSET_CACHE": cache})
    return time.perf_counter() - started, answer["processor_seconds"]


def _execution(engine: str, weeks: int, repeats: int) -> dict[str, Any]:
    arguments = {"engine": engine, "residents": RESIDENTS, "weeks": weeks, "repeats": repeats}
    answer: dict[str, Any] = in_fresh_process("execution", arguments)
    return answer

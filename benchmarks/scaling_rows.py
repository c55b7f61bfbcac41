"""Rows of scaling: residents (bar 5), weeks, ties, replications, workers (bar 4)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from statistics import median
from typing import Any, Final

from benchmarks.measure import in_fresh_process
from benchmarks.table import Bar, Row

SIZES: Final = (2_000, 28_000, 280_000)
LARGE: Final = 2_800_000
NATION: Final = 57_000_000
"""Approximate number of residents of England and Wales."""
SIZE_WEEKS: Final = 26
LARGE_WEEKS: Final = 4
TIES: Final = (5, 10, 20)
TIE_WEEKS: Final = 52
PAIRS: Final = (4, 16, 64)
ENGINE_PAIRS: Final = 3
WORKER_PAIRS: Final = 8
LONG_PAIRS: Final = 100

_BAR_GROWTH: Final = Bar(3.0, "times the cost of a resident-week at 28,000", at_least=False)
_BAR_NATION: Final = Bar(16.0, "GB", at_least=False)
_BAR_PAIRS: Final = Bar(70.0, "s", at_least=False)
_BAR_CORES: Final = Bar(1.8, "times one core")
_BAR_ENGINE: Final = Bar(5.0, "% more", at_least=False)


def scaling_rows(repeats: int) -> Iterator[Row]:
    """Residents up to 280,000, years, ties, replications, and the overhead of the ensemble."""
    for residents in SIZES:
        yield _size_row(residents, _size(residents, SIZE_WEEKS), SIZE_WEEKS)
    years = in_fresh_process("years", {"residents": SIZES[1], "count": 5})["seconds"]
    each = ", ".join(f"{second:.2f}" for second in years)
    yield Row(f"a year of {SIZES[1]:,} residents", years, remark=f"first to fifth year: {each} s")
    for mean in TIES:
        arguments = {"mean_ties": mean, "residents": SIZES[1], "weeks": TIE_WEEKS, "repeats": repeats}
        yield Row(
            f"reference workload, compiled, {mean} ties a resident, {TIE_WEEKS} weeks",
            in_fresh_process("ties", arguments)["seconds"],
        )
    for pairs in PAIRS:
        answer = in_fresh_process("replications", {"pairs": pairs})
        each_pair = 1e3 * answer["engine"][0] / pairs
        yield Row(f"{pairs} pairs of a year in a place of 2,000", answer["engine"], remark=f"{each_pair:.0f} ms a pair")
    answer = in_fresh_process("engine", {"pairs": ENGINE_PAIRS, "repeats": repeats})
    added = median(100.0 * (one / other - 1.0) for one, other in zip(answer["engine"], answer["plain"], strict=True))
    yield Row(f"{ENGINE_PAIRS} whole pairs of Frome by plain calls", answer["plain"])
    yield Row("the same through the ensemble", answer["engine"], bar="4: " + _BAR_ENGINE.verdict(added))


def long_rows() -> Iterator[Row]:
    """Bars 4 and 5 at full size, which take some ten minutes."""
    one, two = (_workers(LONG_PAIRS, count) for count in (1, 2))
    yield Row(f"{LONG_PAIRS} paired replications, 1 worker, by the clock", one)
    verdicts = _BAR_PAIRS.verdict(two[0]), _BAR_CORES.verdict(one[0] / two[0])
    yield Row(f"{LONG_PAIRS} paired replications, 2 workers, by the clock", two, bar="4: " + "; ".join(verdicts))
    for count in sorted({4, os.cpu_count() or 1} - {1, 2}):
        yield Row(f"{WORKER_PAIRS} paired replications, {count} workers, by the clock", _workers(WORKER_PAIRS, count))
    town, city = _size(SIZES[1], LARGE_WEEKS), _size(SIZES[-1], LARGE_WEEKS)
    large = _size(LARGE, LARGE_WEEKS)
    growth = _microseconds(large, LARGE, LARGE_WEEKS) / _microseconds(town, SIZES[1], LARGE_WEEKS)
    row = _size_row(LARGE, large, LARGE_WEEKS)
    yield Row(row.what, row.seconds, row.peak_mb, row.remark, "5: " + _BAR_GROWTH.verdict(growth))
    if large["peak_mb"] is not None:
        each = (large["peak_mb"] - city["peak_mb"]) / (LARGE - SIZES[-1])  # MB a resident, libraries aside
        nation = (large["peak_mb"] + each * (NATION - LARGE)) / 1024
        remark = f"{each * 2**20:.0f} bytes a resident, from {SIZES[-1]:,} to {LARGE:,}; not run"
        yield Row(f"{NATION:,} residents, extrapolated", remark=remark, bar="5: " + _BAR_NATION.verdict(nation))


def _size(residents: int, weeks: int) -> dict[str, Any]:
    answer: dict[str, Any] = in_fresh_process("size", {"residents": residents, "weeks": weeks})
    return answer


def _workers(pairs: int, count: int) -> list[float]:
    seconds: list[float] = in_fresh_process("workers", {"pairs": pairs, "count": count})["seconds"]
    return seconds


def _microseconds(answer: dict[str, Any], residents: int, weeks: int) -> float:
    seconds: float = median(answer["seconds"])
    return 1e6 * seconds / residents / weeks


def _size_row(residents: int, answer: dict[str, Any], weeks: int) -> Row:
    return Row(
        f"all rules, {residents:,} residents, {weeks} weeks",
        answer["seconds"],
        answer["peak_mb"],
        f"{_microseconds(answer, residents, weeks):.3g} µs a resident-week; {answer['build_seconds']:.1f} s to build",
    )

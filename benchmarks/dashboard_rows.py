"""Rows of the dashboard: bar 7, waiting times of users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Final

from benchmarks import visits
from benchmarks.table import Bar, Row

_BAR_PAINTED: Final = Bar(0.5, "s", at_least=False)
_BAR_USABLE: Final = Bar(2.0, "s", at_least=False)
_BAR_SWITCH: Final = Bar(0.3, "s", at_least=False)
_BAR_BYTES: Final = Bar(1.5, "MB", at_least=False)
_LINK: Final = "10 Mb/s, 40 ms, empty cache"


def dashboard_rows(repeats: int) -> Iterator[Row]:
    """The first page over a slow link, its size, and switches between pages, by the clock."""
    if not visits.can_visit():
        yield Row("the dashboard", remark="not measured: it needs Chromium and playwright (the extra 'browser')")
        return
    with visits.served() as address:
        visits.first_visits(address, 1)  # files are compressed when they are first asked for
        first = visits.first_visits(address, repeats)
        switches = visits.page_switches(address, repeats)
    painted, usable = [one.painted for one in first], [one.usable for one in first]
    yield Row(f"Answer, first words, {_LINK}", painted, bar=_verdict(_BAR_PAINTED, median(painted)))
    yield Row(f"Answer, chart drawn and choices there, {_LINK}", usable, bar=_verdict(_BAR_USABLE, median(usable)))
    megabytes = median(one.megabytes for one in first)
    yield Row(
        "Answer, everything that is sent, compressed", remark="scripts included", bar=_verdict(_BAR_BYTES, megabytes)
    )
    in_view = {page: [one.in_view for one in found] for page, found in switches.items()}
    slowest, each = _slowest(in_view)
    yield Row(
        f"a page from another, loopback, all that is in the window drawn; the slowest, {slowest}",
        in_view[slowest],
        remark=each,
        bar=_verdict(_BAR_SWITCH, median(in_view[slowest])),
    )
    whole = {page: [one.whole for one in found] for page, found in switches.items()}
    slowest, each = _slowest(whole)
    yield Row(f"the same, and all below the window's edge drawn; the slowest, {slowest}", whole[slowest], remark=each)


def _slowest(seconds: Mapping[str, Sequence[float]]) -> tuple[str, str]:
    """The slowest page, and the time of each page as text."""
    medians = {page: median(found) for page, found in seconds.items()}
    each = ", ".join(f"{page} {1e3 * found:.0f} ms" for page, found in medians.items())
    return max(medians, key=lambda page: medians[page]), each


def _verdict(bar: Bar, measured: float) -> str:
    return f"7: {bar.verdict(measured)}"

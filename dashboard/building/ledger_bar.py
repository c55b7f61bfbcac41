"""What a draft should release, before anything is run: released = reinvested + banked + absorbed."""

from __future__ import annotations

from typing import NamedTuple

from simulator.expected_release import ExpectedQuarter
from simulator.spec import Spec, expected_release


class LedgerBar(NamedTuple):
    """Expected pounds a year in one quarter; the first three add up to the fourth."""

    reinvested: float
    banked: float
    absorbed: float
    released: float
    automated: float
    rework: float
    technology: float
    week: int  # the quarter's last

    @property
    def costs_more(self) -> bool:
        """Whether automation costs more than it frees."""
        return self.released < 0.0


def ledger_bar(spec: Spec) -> LedgerBar | None:
    """The last quarter of a run, when everything has been ramped up; None if nothing is automated."""
    if not spec.automation:
        return None
    quarters = expected_release(spec)
    last = quarters[-1]
    return LedgerBar(
        reinvested=last.reinvested,
        banked=last.banked,
        absorbed=last.absorbed,
        released=last.released,
        automated=last.automated,
        rework=last.rework,
        technology=last.technology,
        week=spec.weeks - 1,
    )


def by_quarter(spec: Spec) -> tuple[ExpectedQuarter, ...]:
    """The expectation of every quarter; empty if nothing is automated."""
    return expected_release(spec) if spec.automation else ()

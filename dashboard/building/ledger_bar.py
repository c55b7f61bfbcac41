"""What a draft should release, before anything is run: released = reinvested + banked + absorbed."""

from __future__ import annotations

from simulator.expected_release import ExpectedQuarter
from simulator.spec import Spec, expected_release


def ledger_bar(spec: Spec) -> ExpectedQuarter | None:
    """The last quarter of a run, when everything has been ramped up; None if nothing is automated."""
    return expected_release(spec)[-1] if spec.automation else None

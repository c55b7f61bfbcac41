"""Double-entry ledger of the offset, in whole pence, by service and quarter.

Every posting debits one account and credits another. The value automation frees is credited to ``automated`` and
debited to the clearing account ``released``, which is credited with rework, technology and the uses of the rest. When
a quarter closes the clearing account must be zero:
released = automated - rework - technology = reinvested + saved + absorbed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final, NamedTuple

import pandas as pd

from simulator.errors import LedgerError
from simulator.foundations.categories import SERVICES
from simulator.rules.offset import split_release, whole_pence

ACCOUNTS: Final = ("automated", "rework", "technology", "released", "reinvested", "saved", "absorbed")


class Posting(NamedTuple):
    """One entry: ``pence`` (possibly negative) debited to one account of a service and credited to another."""

    quarter: int
    service: int
    debit: str
    credit: str
    pence: int


class Release(NamedTuple):
    """Result of a service's automation in a quarter [pence], and how it may be used [shares]."""

    automated: int
    rework: int
    technology: int
    redeployable_share: float
    backlog_share: float
    reinvest_share: float


class Ledger:
    """All postings of a run and their balances."""

    def __init__(self) -> None:
        self.postings: list[Posting] = []
        self._balances: defaultdict[tuple[int, int, str], int] = defaultdict(int)

    def post(self, posting: Posting) -> None:
        """Enter a posting. Raises LedgerError for an account that does not exist."""
        for account in (posting.debit, posting.credit):
            if account not in ACCOUNTS:
                raise LedgerError(f"unknown account {account!r}; the accounts are {', '.join(ACCOUNTS)}")
        self.postings.append(posting)
        self._balances[posting.quarter, posting.service, posting.debit] += posting.pence
        self._balances[posting.quarter, posting.service, posting.credit] -= posting.pence

    def balance(self, quarter: int, service: int, account: str) -> int:
        """Debits less credits [pence]."""
        return self._balances[quarter, service, account]

    def close(self, quarter: int, service: int, release: Release) -> int:
        """Book a service's quarter; returns the reinvested pence. Raises LedgerError if it does not balance."""
        released = release.automated - release.rework - release.technology
        reinvested, saved, absorbed = split_release(
            released, release.redeployable_share, release.backlog_share, release.reinvest_share
        )
        for debit, credit, pence in (
            ("released", "automated", release.automated),
            ("rework", "released", release.rework),
            ("technology", "released", release.technology),
            ("reinvested", "released", reinvested),
            ("saved", "released", saved),
            ("absorbed", "released", absorbed),
        ):
            self.post(Posting(quarter, service, debit, credit, pence))
        self.check(quarter, service)
        return reinvested

    def check(self, quarter: int, service: int) -> None:
        """Raise LedgerError unless the clearing account is zero."""
        left = self.balance(quarter, service, "released")
        if left != 0:
            raise LedgerError(
                f"{SERVICES[service]}, quarter {quarter}: the released amount does not equal reinvested + saved + "
                f"absorbed; the difference is {left} pence"
            )

    def frame(self) -> pd.DataFrame:
        """Columns quarter, service, account and pence: amounts are positive, `released` is the amount cleared."""
        rows = []
        for quarter, service in sorted({(posting.quarter, posting.service) for posting in self.postings}):
            amounts = {account: self.balance(quarter, service, account) for account in ACCOUNTS}
            amounts["automated"] = -amounts["automated"]
            amounts["released"] = amounts["automated"] - amounts["rework"] - amounts["technology"]
            rows += [(quarter, SERVICES[service], account, amounts[account]) for account in ACCOUNTS]
        return pd.DataFrame(rows, columns=["quarter", "service", "account", "pence"])


def share_out(pence: int, shares: tuple[float, ...]) -> list[int]:
    """Divide whole ``pence`` by ``shares`` (which add up to 1, or are all 0) without losing a penny.

    >>> share_out(100, (0.333, 0.333, 0.334)), share_out(7, (0.0, 0.0))
    ([33, 34, 33], [0, 0])
    """
    if sum(shares) <= 0.0:
        return [0] * len(shares)
    parts, used, running = [], 0, 0.0
    for share in shares:
        running += share
        upto = whole_pence(pence * min(1.0, running) / 100.0)
        parts.append(upto - used)
        used = upto
    parts[-1] += pence - used
    return parts

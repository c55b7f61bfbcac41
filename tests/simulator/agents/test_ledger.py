"""The double entry of the offset: released amounts balance to the penny, and an unbalanced ledger is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.agents.ledger import ACCOUNTS, Ledger, Posting, Release
from simulator.errors import LedgerError
from simulator.foundations.categories import SERVICES
from simulator.results.results import LEDGER_ACCOUNTS, LEDGER_COLUMNS

pence = st.integers(0, 10**10)
shares = st.floats(0.0, 1.0)
releases = st.builds(
    Release,
    automated=pence,
    rework=pence,
    technology=pence,
    redeployable_share=shares,
    backlog_share=shares,
    reinvest_share=shares,
)


def amounts(ledger: Ledger, quarter: int, service: int) -> dict[str, int]:
    frame = ledger.frame()
    rows = frame[(frame["quarter"] == quarter) & (frame["service"] == SERVICES[service])]
    return dict(zip(rows["account"], rows["pence"].tolist(), strict=True))


@given(release=releases)
def test_any_release_balances(release: Release) -> None:
    ledger = Ledger()
    reinvested = ledger.close(2, 1, release)
    found = amounts(ledger, 2, 1)
    assert found["released"] == release.automated - release.rework - release.technology
    assert found["released"] == found["reinvested"] + found["saved"] + found["absorbed"]
    assert (found["automated"], found["rework"], found["technology"]) == release[:3]
    assert found["reinvested"] == reinvested >= 0
    assert ledger.balance(2, 1, "released") == 0


@given(closed=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), releases), max_size=12))
def test_every_posting_debits_what_it_credits(closed: list[tuple[int, int, Release]]) -> None:
    ledger = Ledger()
    for quarter, service, release in closed:
        ledger.close(quarter, service, release)
    balances = [
        ledger.balance(quarter, service, account)
        for quarter in range(6)
        for service in range(len(SERVICES))
        for account in ACCOUNTS
    ]
    assert sum(balances) == 0
    assert len(ledger.postings) == 6 * len(closed)


def test_a_quarter_by_hand() -> None:
    """£1,000 freed, £150 of rework, £50 of technology; 60 % of £800 can move, a quarter of it stays, half is saved."""
    ledger = Ledger()
    assert ledger.close(0, 0, Release(100_000, 15_000, 5_000, 0.6, 0.25, 0.5)) == 18_000
    assert amounts(ledger, 0, 0) == {
        "automated": 100_000,
        "rework": 15_000,
        "technology": 5_000,
        "released": 80_000,
        "reinvested": 18_000,
        "saved": 18_000,
        "absorbed": 44_000,
    }


def test_a_loss_is_saved_as_a_negative_amount() -> None:
    ledger = Ledger()
    assert ledger.close(0, 0, Release(100, 600, 0, 1.0, 0.0, 1.0)) == 0
    assert amounts(ledger, 0, 0)["saved"] == -500


@pytest.mark.parametrize("wrong", [("pocket", "released"), ("released", "pocket")])
def test_an_account_that_does_not_exist_is_refused_and_nothing_is_booked(wrong: tuple[str, str], messages) -> None:
    ledger = Ledger()
    with messages.raised(LedgerError):
        ledger.post(Posting(0, 0, *wrong, 100))
    assert ledger.postings == []
    assert ledger.balance(0, 0, "released") == 0


def test_a_tampered_balance_is_found(messages) -> None:
    ledger = Ledger()
    ledger.close(3, 2, Release(100_000, 0, 0, 1.0, 0.0, 1.0))
    ledger.check(3, 2)
    ledger.post(Posting(3, 2, "released", "saved", 7))
    with messages.raised(LedgerError):
        ledger.check(3, 2)
    ledger.check(3, 1)


def test_closing_on_top_of_a_tampered_balance_fails(messages) -> None:
    ledger = Ledger()
    ledger.post(Posting(0, 0, "absorbed", "released", 1))
    with messages.raised(LedgerError):
        ledger.close(0, 0, Release(100, 0, 0, 1.0, 0.0, 1.0))


def test_quarters_and_services_are_kept_apart_and_in_order() -> None:
    ledger = Ledger()
    for quarter, service in ((1, 2), (0, 3), (0, 0)):
        ledger.close(quarter, service, Release(100 * (service + 1), 0, 0, 1.0, 0.0, 1.0))
    frame = ledger.frame()
    assert tuple(frame.columns) == LEDGER_COLUMNS
    assert tuple(frame["account"].unique()) == LEDGER_ACCOUNTS == ACCOUNTS
    assert frame[["quarter", "service"]].drop_duplicates().to_numpy().tolist() == [
        [0, "gp_practice"],
        [0, "community_hub"],
        [1, "council_contact_centre"],
    ]
    assert amounts(ledger, 0, 3)["reinvested"] == 400


def test_an_empty_book_is_an_empty_frame() -> None:
    assert tuple(Ledger().frame().columns) == LEDGER_COLUMNS
    assert len(Ledger().frame()) == 0

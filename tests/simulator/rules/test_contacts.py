"""Contacts with services: their outcomes, and trust that grows with relational contacts."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import contacts

shares = st.floats(0.0, 1.0)
draws = st.floats(1e-9, 1.0 - 1e-9)
failures = st.tuples(shares, shares)
LEFT_UNMET = {contacts.UNMET, contacts.GAVE_UP}


@given(u=draws, v=draws, w=draws, level=shares, failure=failures, returns=shares)
def test_what_is_not_automated_meets_staff_or_gives_up(
    u: float, v: float, w: float, level: float, failure: tuple[float, float], returns: float
) -> None:
    result = contacts.outcome(u, v, w, level, failure, returns)
    assert (result in {contacts.BY_STAFF, contacts.GAVE_UP}) == (u >= level)


@given(u=draws, v=draws, w=draws, failure=failures, returns=shares)
def test_without_automation_nothing_is_automated_and_with_all_of_it_everything(
    u: float, v: float, w: float, failure: tuple[float, float], returns: float
) -> None:
    assert contacts.outcome(u, v, w, 0.0, failure, returns) in {contacts.BY_STAFF, contacts.GAVE_UP}
    assert contacts.outcome(u, v, w, 1.0, failure, returns) not in {contacts.BY_STAFF, contacts.GAVE_UP}


@given(u=draws, v=draws, w=draws, level=shares, failure=failures, returns=shares)
def test_a_channel_that_never_fails_leaves_no_need_unmet(
    u: float, v: float, w: float, level: float, failure: tuple[float, float], returns: float
) -> None:
    assert contacts.outcome(u, v, w, level, (0.0, 0.0), returns) in {contacts.BY_STAFF, contacts.AUTOMATED}
    assert contacts.outcome(u, v, w, level, failure, 1.0) not in LEFT_UNMET


@given(u=draws, v=draws, w=draws, level=shares, failure=shares, worse=shares, returns=shares)
def test_a_channel_that_fails_more_never_serves_more(
    u: float, v: float, w: float, level: float, failure: float, worse: float, returns: float
) -> None:
    low, high = sorted([failure, worse])
    served = {contacts.BY_STAFF, contacts.AUTOMATED}
    if contacts.outcome(u, v, w, level, (high, high), returns) in served:
        assert contacts.outcome(u, v, w, level, (low, low), returns) in served


def test_outcomes_have_their_probabilities() -> None:
    level, failure, returns = 0.4, (0.25, 0.1), 0.7
    grid = [(k + 0.5) / 40 for k in range(40)]
    results = [contacts.outcome(u, v, w, level, failure, returns) for u, v, w in product(grid, grid, grid)]
    shares_found = {result: results.count(result) / len(results) for result in range(5)}
    assert shares_found[contacts.AUTOMATED] == pytest.approx(0.4 * 0.75)
    assert shares_found[contacts.RETURNED] == pytest.approx(0.4 * 0.25 * 0.7)
    assert shares_found[contacts.UNMET] == pytest.approx(0.4 * 0.25 * 0.3)
    assert shares_found[contacts.GAVE_UP] == pytest.approx(0.6 * 0.1 * 0.3)
    assert shares_found[contacts.BY_STAFF] == pytest.approx(0.6 * (1.0 - 0.1 * 0.3))


@given(by_capability=shares, ratio=st.floats(0.0, 5.0))
def test_the_probability_of_failure_never_exceeds_one(by_capability: float, ratio: float) -> None:
    assert contacts.failure_probability(by_capability, ratio) == min(1.0, by_capability * ratio)


@given(trust=shares, gain=shares, relational=shares, more=shares)
def test_trust_grows_with_relational_contacts_and_stays_a_share(
    trust: float, gain: float, relational: float, more: float
) -> None:
    low, high = sorted([relational, more])
    after = contacts.trust_after_contact(trust, gain, low)
    assert trust <= after <= contacts.trust_after_contact(trust, gain, high) <= 1.0 + 1e-12
    assert contacts.trust_after_contact(trust, gain, 0.0) == trust

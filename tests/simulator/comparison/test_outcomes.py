"""Entries of outcomes: each can be computed, and has the labels needed where it is shown."""

from __future__ import annotations

import pytest

from simulator.comparison.costs import KINDS, NET_KINDS
from simulator.comparison.outcomes import OUTCOMES, Outcome, shown_in
from simulator.errors import UnknownNameError
from simulator.foundations.measures import INDEX

EVERY = pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES.keys())
IN_SENTENCES = {
    "sentences",
    "agreement",
    "chances",
    "first chances",
    "warnings",
    "warnings by group",
    "groups",
    "worth",
    "sensitivity",
}


@EVERY
def test_outcomes_sum_counts_or_kinds_of_costs(outcome: Outcome) -> None:
    assert set(outcome.sum_of) <= set(KINDS if outcome.source == "costs" else INDEX)
    assert set(outcome.per) <= set(INDEX)
    assert (outcome.sum_of == ()) == (outcome.source == "care")


@EVERY
def test_outcomes_have_labels_and_ranks_where_they_are_shown(outcome: Outcome) -> None:
    assert outcome.noun or not IN_SENTENCES & set(outcome.shown) or outcome.sum_of == ("capacity",)
    assert set(outcome.later) <= set(outcome.shown)
    assert set(outcome.beside) <= set(OUTCOMES)
    assert "warnings" not in outcome.shown or outcome.source != "care"


def test_what_makes_a_difference_better_or_worse_depends_on_what_is_good() -> None:
    friends = Outcome("friends", "ties", "Friends made", "more", ("friends_made",), noun="friends made")
    assert (friends.change(better=True), friends.change(better=False)) == ("more friends made", "fewer friends made")
    lonely = OUTCOMES["often_always_lonely"]
    assert (lonely.change(better=True), lonely.change(better=False)) == ("less loneliness", "more loneliness")


def test_the_net_cost_adds_up_money_and_capacity() -> None:
    assert OUTCOMES["net_cash"].sum_of + OUTCOMES["net_capacity"].sum_of == NET_KINDS


def test_an_unknown_place_of_outcomes_is_reported_with_a_suggestion(messages) -> None:
    with messages.raised(UnknownNameError):
        shown_in("tile")  # type: ignore[arg-type]


def test_no_chart_in_per_cent_shows_an_outcome_that_is_measured_from_its_mean():
    assert OUTCOMES["loneliness_score"].unit == "SD"
    assert [name for where in ("outcomes", "access") for name in shown_in(where) if OUTCOMES[name].unit == "SD"] == []

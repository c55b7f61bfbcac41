"""The lines of the wider ledger: a change in the model, a published association, and what would follow from the two.

Each formula takes the paired change of an outcome as a share, the people it concerns, and ``belief``: evidence of the
topic ``wider`` by name; all of shape (pairs,). Every one ends in ``causal_share``, so that 0 empties the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from simulator.evidence import load_evidence
from simulator.outcomes import Good
from simulator.paired import Floats

TOPIC: Final = "wider"
Beliefs = Mapping[str, Floats]


class Line(NamedTuple):
    """A line of the ledger: an outcome of the model, and what is said to follow from it."""

    name: str
    title: str
    outcome: str  # of `simulator.outcomes`
    implied: str  # label of what is said to follow
    unit: str
    good: Good
    association: tuple[str, ...]  # evidence values of the topic, the leading one first
    effect: Callable[[Floats, Floats, Beliefs], Floats] | None  # None if no study gives a size
    why: str  # why it is not in the headline
    source: str = ""  # where there is no evidence value to name it


def suspensions(change: Floats, children: Floats, belief: Beliefs) -> Floats:
    """Suspensions a year. ``change`` is the difference in the share of children with a trusted adult.

    change x children x suspensions a child x fall x causal share, all shape (pairs,).

    >>> belief = {"suspension_rate": 0.1, "suspension_fall": 0.5, "causal_share": 0.4}
    >>> round(suspensions(0.1, 1000.0, belief), 6)
    -2.0
    """
    return -change * children * belief["suspension_rate"] * belief["suspension_fall"] * belief["causal_share"]


def low_wellbeing(change: Floats, children: Floats, belief: Beliefs) -> Floats:
    """People who would have low mental well-being as adults, among the children of today.

    A trusted adult helps the child with four or more adverse experiences who had none: change x children x share with
    such experiences x share of these without an adult x difference in risk x causal share. Risks follow from the odds
    ratios of Bellis and others 2017 on the prevalence without adversity.

    >>> belief = {"low_wellbeing_share": 0.1, "wellbeing_odds_with_adult": 1.0, "wellbeing_odds_without_adult": 9.0,
    ...           "adversity_share": 0.1, "no_adult_share": 0.5, "causal_share": 1.0}
    >>> round(low_wellbeing(0.5, 1000.0, belief), 6)
    -10.0
    """
    risk = [
        _risk(belief["low_wellbeing_share"], belief[name])
        for name in ("wellbeing_odds_with_adult", "wellbeing_odds_without_adult")
    ]
    helped = change * children * belief["adversity_share"] * belief["no_adult_share"]
    return helped * (risk[0] - risk[1]) * belief["causal_share"]


def _risk(share: Floats, odds_ratio: Floats) -> Floats:
    """Probability at an odds ratio against a group in which the probability is ``share``."""
    odds = share / (1.0 - share) * odds_ratio
    return odds / (1.0 + odds)


def earnings(change: Floats, _: Floats, belief: Beliefs) -> Floats:
    """Pounds a year that a child of the lower income half would earn more as an adult, however many there are.

    ``change`` is the difference in the share of friends across the income median; a straight line through the gap
    between the best and least connected tenth of local authorities (Harris and others 2025), times the causal share.

    >>> float(earnings(0.011, 0.0, {"connectedness_gap": 0.22, "earnings_gap": 5000.0, "causal_share": 0.4}))
    100.0
    """
    return change / belief["connectedness_gap"] * belief["earnings_gap"] * belief["causal_share"]


def output(change: Floats, residents: Floats, belief: Beliefs) -> Floats:
    """Pounds a year of output in the place. ``change`` is the difference in trust in services, as a share.

    change x what of it becomes trust between people / 30 points x gain of the UK x the place's share of its people x
    causal share (Haldane and Halpern 2025: 35 to 65 %, which is 30 percentage points).

    >>> belief = {"trust_carried_over": 0.5, "trust_gap": 0.3, "output_gain": 60e9, "uk_population": 60e6,
    ...           "causal_share": 0.1}
    >>> round(output(0.006, 30000.0, belief), 6)
    30000.0
    """
    points = change * belief["trust_carried_over"] / belief["trust_gap"]
    return points * belief["output_gain"] * residents / belief["uk_population"] * belief["causal_share"]


LINES: Final = (
    Line(
        "suspensions",
        "Suspensions from school",
        "children_with_trusted_adult",
        "Suspensions from school",
        "suspensions a year",
        "less",
        ("suspension_fall", "suspension_rate"),
        suspensions,
        "It rests on what was said of one school, of which no page with the figure was found.",
    ),
    Line(
        "low_wellbeing",
        "Mental well-being of those who suffer much as children",
        "children_with_trusted_adult",
        "Adults of low mental well-being, decades on",
        "people",
        "less",
        (
            "wellbeing_odds_without_adult",
            "wellbeing_odds_with_adult",
            "adversity_share",
            "no_adult_share",
            "low_wellbeing_share",
        ),
        low_wellbeing,
        "One survey asked adults to look back on their childhood; who had a trusted adult was not chosen by chance.",
    ),
    Line(
        "earnings",
        "Earnings and friends across the income median",
        "friends_across_income",
        "Earnings as an adult, for each child of the lower income half",
        "pounds a year",
        "more",
        ("earnings_gap", "connectedness_gap"),
        earnings,
        "It compares areas, best against least connected, and areas differ in more than friendships.",
    ),
    Line(
        "output",
        "Growth and trust",
        "trust",
        "Output of the place",
        "pounds a year",
        "more",
        ("output_gain", "trust_gap", "trust_carried_over"),
        output,
        "It correlates countries, supposes 30 percentage points more trust (not 30 per cent), and the model knows "
        "trust in services only.",
    ),
    Line(
        "crime",
        "Crime and social capital",
        "friends_across_income",
        "Crime",
        "no size published",
        "less",
        (),
        None,
        "The review finds a relation and gives no size, so nothing can be reckoned.",
        "Demos and others 2025, Social capital 2025: the case for strengthening social bonds to prevent crime",
    ),
)


def grade(line: Line) -> str:
    """C, or assumption where the leading association is one; a review without a size is C."""
    if not line.association:
        return "C"
    found = load_evidence()[f"{TOPIC}.{line.association[0]}"].grade
    return found if found == "assumption" else "C"

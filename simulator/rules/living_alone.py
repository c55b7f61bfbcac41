"""Living alone: a small risk of its own from 65 on, beside loneliness, which is a feeling and not a household."""

from __future__ import annotations

from simulator.foundations.compiling import rule


@rule
def ratio_of(alone: bool, ratio: float, share: float) -> float:
    """Risk of someone who does or does not live ``alone``, relative to all, of whom the ``share`` [share] does.

    ``ratio`` [ratio] is the risk of those who do relative to the others. The mean over all is 1, so that a rate by age
    stays that rate.

    >>> ratio_of(True, 3.0, 0.5), ratio_of(False, 3.0, 0.5), ratio_of(True, 1.0, 0.3)
    (1.5, 0.5, 1.0)
    """
    others = 1.0 / (1.0 + share * (ratio - 1.0))
    return others * ratio if alone else others


@rule
def share_among_those_who_ask(share: float, ask_ratio: float) -> float:
    """Share who live alone of those who ask for something, if they ask ``ask_ratio`` [ratio] times as often.

    >>> share_among_those_who_ask(0.5, 3.0), share_among_those_who_ask(0.3, 1.0)
    (0.75, 0.3)
    """
    return share * ask_ratio / (1.0 + share * (ask_ratio - 1.0))

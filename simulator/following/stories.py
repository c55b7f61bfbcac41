"""Residents whose years are shown: those to whom a plan makes most difference, for better and for worse, and none."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.following.pair import BASELINE, BOTH, PLAN, FollowedPair

ARMS: Final = (BASELINE, PLAN)


class Story(NamedTuple):
    """A person who is followed, and why."""

    why: str  # less_lonely, fewer_admissions, no_difference, more_lonely or more_admissions
    person: int


def in_arm(rows: pd.DataFrame, arm: str) -> pd.DataFrame:
    """The events or ties of one run of the pair."""
    return rows[rows["arm"].isin((arm, BOTH))]


def lonely_by_week(pair: FollowedPair, arm: str) -> NDArray[np.bool_]:
    """Whether each person is here and lonely at the start and at each week's end, (weeks + 1, people)."""
    events, people = in_arm(pair.events, arm), pair.residents
    changes = np.zeros((int(pair.events["week"].max()) + 1, len(people)), np.int64)
    changes[0] = people["lonely"]
    for name, change in (("lonely", 1), ("no_longer_lonely", -1)):
        rows = events[events["event"] == name]
        changes[rows["week"], rows["person"]] += change
    lonely = changes.cumsum(axis=0) > 0
    for person, week in _leavings(events).items():
        lonely[week:, person] = False
    return np.asarray(lonely)


def _leavings(events: pd.DataFrame) -> dict[int, int]:
    """The week in which each of those who die or move away does so."""
    rows = events[events["event"].isin(("dies", "moves_away"))]
    return dict(zip(rows["person"].tolist(), rows["week"].tolist(), strict=True))


def outcomes(pair: FollowedPair) -> pd.DataFrame:
    """What each person has in both runs until they leave, by person and with columns such as ``weeks_lonely_plan``.

    For each arm: ``weeks_lonely`` (at the week's end), ``admissions``, and programmes joined, as ``joins``.
    """
    found = {}
    for arm in ARMS:
        amounts = in_arm(pair.events, arm).pivot_table(
            index="person", columns="event", values="amount", aggfunc="sum", fill_value=0
        )
        amounts = amounts.reindex(index=pair.residents["person"], columns=["admission", "joins"], fill_value=0)
        found[f"weeks_lonely_{arm}"] = pd.Series(lonely_by_week(pair, arm)[1:].sum(axis=0))
        found[f"admissions_{arm}"], found[f"joins_{arm}"] = amounts["admission"], amounts["joins"]
    return pd.DataFrame(found)


def stories(pair: FollowedPair) -> tuple[Story, ...]:
    """One person for each reason that somebody gives, nobody twice.

    Those with the largest difference in weeks lonely and in emergency admissions, each way; and of those who join a
    programme and have the same of both, whoever is lonely for longest. Between equals, the first person.
    """
    had = outcomes(pair)
    lonely, admitted = (had[f"{name}_plan"] - had[f"{name}_baseline"] for name in ("weeks_lonely", "admissions"))
    same = (lonely == 0) & (admitted == 0) & (had["joins_plan"] > 0)
    rules = {
        "less_lonely": -lonely,
        "fewer_admissions": -admitted,
        "no_difference": had["weeks_lonely_plan"].where(same, 0),
        "more_lonely": lonely,
        "more_admissions": admitted,
    }
    found: dict[int, Story] = {}
    for why, size in rules.items():
        left = size.drop(index=list(found))
        if left.max() > 0:
            person = int(left.index.to_numpy()[left.to_numpy().argmax()])
            found[person] = Story(why, person)
    return tuple(found.values())

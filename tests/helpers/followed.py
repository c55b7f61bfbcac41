"""Two to four people followed through a made-up pair of runs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simulator.bundle.people import Followed
from simulator.following.pair import BOTH, EVENT, TIE, FollowedPair


def made_up_pair(events: Sequence[tuple[int, int, str, str, int, str]], lonely: Sequence[bool]) -> FollowedPair:
    """Events (person, week, event, detail, amount, arm) of as many people, all with a tie to the first."""
    size = len(lonely)
    rows = [(person, week, event, detail, -1, amount, arm) for person, week, event, detail, amount, arm in events]
    ties = [(0, other, 0, "friend", 10, BOTH) for other in range(1, size)]
    people = {
        "person": range(size),
        "age": [70 + person for person in range(size)],
        "sex": ["female", "male"] * (size // 2) + ["female"] * (size % 2),
        "deprivation": ["1"] * size,
        "conditions": ["0"] * size,
        "lives_alone": [person == 0 for person in range(size)],
        "lonely": list(lonely),
        "household": range(size),
    }
    columns = ([*EVENT, "arm"], [*TIE, "arm"])
    tables = (pd.DataFrame(some, columns=names) for some, names in zip((rows, ties), columns, strict=True))
    return FollowedPair(pd.DataFrame(people), *tables)


def a_year() -> FollowedPair:
    """A woman who is less lonely with the plan, a man admitted because of it, and a woman who moves away."""
    return made_up_pair(
        [
            (0, 10, "lonely", "", 1, "baseline"),
            (0, 5, "joins", "talking_cafes", 1, "plan"),
            (0, 6, "attends_group", "", 1, "plan"),
            (0, 6, "tie_begins", "group", 1, "plan"),
            (0, 7, "tie_begins", "friend", 1, "both"),
            (0, 8, "consultation", "", 2, "baseline"),
            (0, 8, "automated_contact", "", 3, "plan"),
            (0, 8, "automated_contact_fails", "", 1, "plan"),
            (1, 20, "admission", "", 1, "plan"),
            (1, 20, "ae_attendance", "", 1, "plan"),
            (1, 20, "bed_days", "", 4, "plan"),
            (2, 30, "moves_away", "", 1, "both"),
            (1, 52, "declines", "health_connectors", 1, "plan"),
        ],
        (False, False, True),
    )


def shipped_year() -> Followed:
    """`a_year` with the run records of a plan and its base."""
    record = {
        "model_version": "1.0",
        "scenario": "relational_offset",
        "scenario_title": "Relational offset",
        "scenario_hash": "aaaaaaaa",
        "place_title": "Frome, Somerset",
        "place_hash": "bbbbbbbb",
        "residents": 28000,
        "weeks": 52,
        "starts": "2026-04-01",
        "lens_title": "On trial evidence",
        "seeds": [0],
    }
    return Followed(record, {**record, "scenario": "baseline", "scenario_title": "Services as they are"}, a_year())

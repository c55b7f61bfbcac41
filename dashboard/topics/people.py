"""Residents followed through a pair of runs: the town as drawn, its counts, and the story of one of them in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from dashboard.text.labels import label
from dashboard.text.phrases import capital, listed, lowered
from dashboard.text.tables import Cells
from simulator.following.pair import PLAN, FollowedPair
from simulator.following.stories import ARMS, Story, in_arm, lonely_by_week, outcomes
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.lenses import implied_strengths, load_lens

STRONG: Final = 1.5
"""Multiple of the strengths found in studies from which a lens says so."""
WITHOUT, WITH = "Without the plan", "With the plan"
WHY: Final[Mapping[str, str]] = {
    "less_lonely": "Fewer weeks lonely",
    "fewer_admissions": "Fewer emergency admissions",
    "no_difference": "Reached, but no difference",
    "more_lonely": "More weeks lonely",
    "more_admissions": "More emergency admissions",
}
"""Whose story it is, by `Story.why`."""
MARKS: Final[Mapping[str, str]] = {
    "resident": "A resident",
    "chosen": "The resident of the story below",
    "member": "Takes part in a programme",
    "lonely": "Lonely, often or always",
    "tie": "A tie: the thicker, the closer",
    "new_tie": "A tie that began since the start",
    "automated": "A contact that is sent to a machine",
    "visit": "Meets a connector, or a volunteer calls",
    "group": "Goes to a group",
    "admission": "An emergency admission",
    "spared": "An admission of the other picture that does not happen here",
}
"""What each mark of the picture stands for; `assets/people.js` draws them by these names."""
_SHOWN: Final = {
    "automated": ("automated_contact",),
    "visit": ("sees_worker", "is_visited"),
    "group": ("attends_group",),
    "admission": ("admission",),
    "joins": ("joins",),
    "leaves": ("leaves",),
    "lonely": ("lonely",),
    "better": ("no_longer_lonely",),
    "gone": ("dies", "moves_away"),
}
_WITH_WHOM: Final = {
    "household": "someone at home",
    "kin": "a relative",
    "friend": "a friend",
    "neighbour": "a neighbour",
    "volunteer": "another volunteer, or someone they visit",
}
_PHRASES: Final = {
    "lonely": "becomes lonely",
    "no_longer_lonely": "is no longer lonely",
    "waits_for_assessment": "asks for social care and waits for an assessment",
    "home_care": "gets home care",
    "care_home": "moves into a care home",
    "social_care_ends": "social care ends",
    "volunteers": "begins to volunteer",
    "stops_volunteering": "stops volunteering",
    "dies": "dies",
    "moves_away": "moves away",
    "ae_attendance": "goes to A&E",
}
_COUNTED: Final = {
    "Emergency admissions": ("admission",),
    "Contacts sent to a machine": ("automated_contact",),
    "Weeks with a connector or volunteer": ("sees_worker", "is_visited"),
    "Weeks in a group": ("attends_group",),
    "Ties begun": ("tie_begins",),
    "Died or moved away": ("dies", "moves_away"),
}
_MET: Final = {"sees_worker": "a connector", "is_visited": "a volunteer who calls", "attends_group": "a group"}
_PHRASES_OF: Final = {
    "joins": "joins: {}",
    "leaves": "leaves: {}",
    "declines": "is offered a place and declines: {}",
    "tie_begins": "gets to know {}",
    "tie_ends": "loses touch with {}",
    "tie_leaves": "{} dies or moves away",
}


def scene(pair: FollowedPair, chosen: int) -> dict[str, Any]:
    """What the picture draws, ready for JSON: people, and for each run flat lists of (person, week) and of ties."""
    people = pair.residents
    arms = []
    for arm in ARMS:
        events = in_arm(pair.events, arm).sort_values(["week", "person"], kind="stable")
        drawn = {
            name: events.loc[events["event"].isin(kinds), ["person", "week"]].to_numpy().ravel().tolist()
            for name, kinds in _SHOWN.items()
        }
        ties = in_arm(pair.ties, arm).sort_values("week", kind="stable")[["person", "other", "week", "strength"]]
        arms.append({**drawn, "ties": ties.to_numpy().ravel().tolist()})
    return {
        "weeks": int(pair.events["week"].max()),
        "chosen": chosen,
        "names": [capital(described(people, person)) for person in range(len(people))],
        "lonely": people["lonely"].astype(int).tolist(),
        "arms": arms,
    }


def marks(drawn: Mapping[str, Any]) -> dict[str, str]:
    """The key of a picture: without the mark of machines if the plan has none."""
    unused = () if any(arm["automated"] for arm in drawn["arms"]) else ("automated",)
    return {mark: said for mark, said in MARKS.items() if mark not in unused}


def described(residents: pd.DataFrame, person: int) -> str:
    """Who someone is at the start, such as "a woman of 74 who lives alone"."""
    row = residents.iloc[person]
    alone = " who lives alone" if row["lives_alone"] else ""
    return f"a {'woman' if row['sex'] == 'female' else 'man'} of {row['age']}{alone}"


def finding(pair: FollowedPair, *, others: bool = False) -> str:
    """The sentence above the picture, with its size; or that of ``others`` than those in the picture."""
    had, years = outcomes(pair).sum(), int(pair.events["week"].max()) // WEEKS_PER_YEAR
    admitted, lonely = (tuple(int(had[f"{name}_{arm}"]) for arm in ARMS) for name in ("admissions", "weeks_lonely"))
    size = len(pair.residents)
    whom = f"{size} others, followed in the same way," if others else f"these {size} adults"
    return (
        f"Among {whom} over {_number(years, 'year')}: "
        f"{_change('emergency admission', *admitted)}, and {_change('lonely week', *lonely)}."
    )


def reach(pair: FollowedPair) -> str:
    """Whom the plan reaches, and what automation does to them."""
    events = in_arm(pair.events, PLAN)
    people, times = events.groupby("event")["person"].nunique(), events.groupby("event")["amount"].sum()
    said = f"With the plan, {people['joins']} of them join a programme at some time"
    if "automated_contact" not in times.index:
        return f"{said}; it automates no contact with residents."
    fails = 100 * times.get("automated_contact_fails", 0) / times["automated_contact"]
    return (
        f"{said}, and {people['automated_contact']} are sent to a machine, {times['automated_contact']:,} times in "
        f"all; {fails:.0f} % of these contacts fail."
    )


def price(lens: str) -> str:
    """What a lens takes for granted, if that is more than studies found."""
    times = float(implied_strengths(load_lens(lens))["times"].max())
    return f"This lens takes effects up to {times:.2g} times as strong as studies found." if times >= STRONG else ""


def counts_table(pair: FollowedPair) -> Cells:
    """The picture as a table: every half-year, both runs beside each other."""
    half = WEEKS_PER_YEAR // 2
    lonely = [lonely_by_week(pair, arm).sum(axis=1) for arm in ARMS]
    events = [in_arm(pair.events, arm) for arm in ARMS]
    body = []
    for week in range(half, int(pair.events["week"].max()) + 1, half):
        until = [rows[rows["week"] <= week].groupby("event")["amount"].sum() for rows in events]
        counts = [int(arm[week]) for arm in lonely]
        for kinds in _COUNTED.values():
            counts += [int(sum(sums.get(kind, 0) for kind in kinds)) for sums in until]
        body.append([str(week), *(f"{count:,}" for count in counts)])
    arms = (lowered(WITHOUT), lowered(WITH))
    heads = ["Week", *(f"{name}, {arm}" for name in ("Lonely", *_COUNTED) for arm in arms)]
    return Cells("The picture as numbers: people lonely in this week, and the rest since the start", heads, body, 1)


def story(pair: FollowedPair, one: Story) -> list[str]:
    """The story of one person in sentences: the difference, and whom they met."""
    had: Any = outcomes(pair).loc[one.person]
    who = described(pair.residents, one.person)
    lonely, admitted = ([int(had[f"{name}_{arm}"]) for arm in ARMS] for name in ("weeks_lonely", "admissions"))
    said = [
        f"{capital(who)}. Without the plan: {_number(lonely[0], 'week')} lonely, and {_times(admitted[0])} admitted in "
        f"an emergency. With it: {_number(lonely[1], 'week')}, and {_times(admitted[1])}."
    ]
    for name, arm in zip((WITHOUT, WITH), ARMS, strict=True):
        rows = in_arm(pair.events, arm)
        mine = rows[rows["person"] == one.person]
        sums = mine.groupby("event")["amount"].sum()
        machine, fails = int(sums.get("automated_contact", 0)), int(sums.get("automated_contact_fails", 0))
        did = [f"{_times(int(sums.get('consultation', 0)))} at the GP practice"]
        did += [f"{_times(machine)} sent to a machine, which failed {_times(fails)}"] if machine else []
        did += [
            f"{words} in {_number(int(sums[event]), 'week')}" for event, words in _MET.items() if event in sums.index
        ]
        known = mine[mine["detail"] == "group"]["event"].value_counts().get("tie_begins", 0)
        did += [f"{known} {'person' if known == 1 else 'people'} got to know in a group"] if known else []
        said.append(f"{name}: {listed(did)}.")
    return said


def among(pair: FollowedPair) -> str:
    """How usual such stories are among those followed."""
    had = outcomes(pair)
    better, worse = (
        int(((had["weeks_lonely_plan"] - had["weeks_lonely_baseline"]) * sign > 0).sum()) for sign in (-1, 1)
    )
    fewer, more = (int(((had["admissions_plan"] - had["admissions_baseline"]) * sign > 0).sum()) for sign in (-1, 1))
    return (
        f"These stories were picked for their difference. Of the {len(had)} people followed, {better} are lonely for "
        f"fewer weeks with the plan and {worse} for more; {fewer} are admitted less often and {more} more often. For "
        "everyone else both are the same with the plan as without it."
    )


def story_table(pair: FollowedPair, one: Story) -> Cells:
    """What happens to one person in both runs, on the same weeks, but for routine contacts and group acquaintances."""
    mine = pair.events[pair.events["person"] == one.person]
    by_arm = [_phrases(in_arm(mine, arm)) for arm in ARMS]
    weeks = sorted(by_arm[0].keys() | by_arm[1].keys())
    body = []
    for week in weeks:
        without, with_plan = ("; ".join(sorted(arm.get(week, []))) for arm in by_arm)
        body.append([str(week), capital(without) if without else "–", capital(with_plan) if with_plan else "–"])
    return Cells(f"{capital(described(pair.residents, one.person))}, week by week", ["Week", WITHOUT, WITH], body, 1)


def _phrases(rows: pd.DataFrame) -> dict[int, list[str]]:
    """Phrases for a person's events by week."""
    said: dict[int, list[str]] = {}
    rows = rows[~((rows["detail"] == "group") & rows["event"].str.startswith("tie_"))]
    nights = rows[rows["event"] == "bed_days"].set_index("week")["amount"]
    admitted = set(rows.loc[rows["event"] == "admission", "week"])
    for row in rows.to_dict("records"):
        event, week = str(row["event"]), int(row["week"])
        if event == "admission":
            stay = int(nights.get(week, 0))
            phrase = (
                f"is admitted to hospital, {stay} {'day' if stay == 1 else 'days'}"
                if stay
                else "is admitted to hospital for less than a day"
            )
        elif event in _PHRASES_OF:
            whom = _WITH_WHOM.get(row["detail"]) or lowered(label(row["detail"]))
            phrase = _PHRASES_OF[event].format(whom)
        elif event == "tie_changes" and row["detail"] == "friend":
            phrase = "makes a friend of someone from the group"
        elif event in _PHRASES and not (event == "ae_attendance" and week in admitted):
            phrase = _PHRASES[event]
        else:
            continue
        said.setdefault(week, []).append(phrase)
    return said


def _change(noun: str, without: int, with_plan: int) -> str:
    """A count in both runs, and its difference in words."""
    if without == with_plan:
        return f"{_number(without, noun)} with and without the plan"
    less = "fewer" if with_plan < without else "more"
    difference = _number(abs(with_plan - without), f"{less} {noun}")
    return f"{difference} with the plan ({with_plan:,} instead of {without:,})"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")

"""A pair of runs on the same random numbers, week by week for each of a few hundred residents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from simulator.following.community import SIZE, community
from simulator.following.witness import Witness
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.population.columns import Residents, copy_residents
from simulator.results.results import parameter_draw_of
from simulator.rules.programmes import DECLINED, ENROLLED
from simulator.rules.social_care import CARE_HOME, HOME_CARE, WAITING
from simulator.specification.spec import Spec

if TYPE_CHECKING:
    from simulator.model.place_model import PlaceModel

BASELINE, PLAN, BOTH = "baseline", "plan", "both"
COUNTED: Final = {
    "automated_contact": ("automated_contacts",),
    "automated_contact_fails": ("failed_contacts",),
    "staff_contact": ("human_contacts",),
    "consultation": ("consultations",),
    "ae_attendance": ("ae_attendances",),
    "admission": ("zero_night_admissions", "overnight_admissions"),
    "bed_days": ("bed_days",),
}
"""Events that are sums of measures; all others are changes of a resident's state. Consultations are among the contacts
with staff, failed contacts among the automated ones."""
_CARE: Final = {WAITING: "waits_for_assessment", HOME_CARE: "home_care", CARE_HOME: "care_home"}
_LEVELS: Final = 20
"""Strength of a tie is kept in twentieths."""
EVENT: Final = ("person", "week", "event", "detail", "other", "amount")
TIE: Final = ("person", "other", "week", "context", "strength")


class FollowedPair(NamedTuple):
    """Residents followed through both runs of a pair. Weeks count from 1; week 0 is the start.

    ``residents`` has a row for each ``person``: age [years], sex, deprivation, conditions, lives_alone, household and
    lonely at the start, which is the same in both runs. ``events``: person, week, event, detail (a programme or a kind
    of tie), ``other`` (a person who is followed, else -1), amount. ``ties``: the changes of ties between two of them,
    looked at every four weeks: kind and strength [twentieths]; 0 is a tie that has ended. ``arm`` says in which run it
    happened: baseline, plan or both.
    """

    residents: pd.DataFrame
    events: pd.DataFrame
    ties: pd.DataFrame


def follow_pair(base: Spec, plan: Spec, seed: int, size: int = SIZE) -> FollowedPair:
    """Run ``base`` and ``plan`` with one seed, as a pair of an ensemble, and record what happens to some residents.

    Followed is the `community` of people who join a programme under the plan, above all one that gives them company.
    The specifications are of one place, calendar and lens (`simulator.api.specify_comparable`). Raises ValueError if
    nobody joins.
    """
    from simulator.model.simulation import forget_model

    start = _warmed_up(base, seed)
    rows = community(start, _joining(plan, seed, start), size)
    found = []
    for spec in (base, plan):
        model = _model(spec, seed, start)
        found.append(_Chronicle(model, rows).written())
        forget_model(model)
    columns = (list(EVENT), list(TIE))
    events, ties = (_merged(*(pd.DataFrame(arm[k], columns=columns[k]) for arm in found)) for k in range(2))
    return FollowedPair(_residents(start, rows), events, ties)


def _model(spec: Spec, seed: int, start: Residents | None) -> PlaceModel:
    from simulator.model.place_model import PlaceModel

    warmed_up = None if start is None else copy_residents(start)
    return PlaceModel(spec, seed, parameter_draw=parameter_draw_of(seed), warmed_up=warmed_up)


def _warmed_up(spec: Spec, seed: int) -> Residents:
    """Residents after the warm-up, which no scenario affects."""
    from simulator.model.simulation import forget_model

    model = _model(spec, seed, None)
    while model.elapsed < 0:
        model.step()
    forget_model(model)
    return model.columns


def _joining(plan: Spec, seed: int, start: Residents) -> Any:
    """Who of the residents at the start becomes a member of a programme that gives ties, or else of any, (N,)."""
    from simulator.model.simulation import forget_model

    model, ever = _model(plan, seed, start), np.zeros((len(start), c.PROGRAMME_SLOTS), bool)
    while model.elapsed < plan.weeks:
        model.step()
        ever |= (model.columns.programme_status == ENROLLED) & (model.columns.generation == start.generation)[:, None]
    forget_model(model)
    with_company = ever[:, [slot for slot, programme in enumerate(plan.programmes) if programme.ties != "none"]]
    return with_company.any(axis=1) if with_company.any() else ever.any(axis=1)


class _Chronicle:
    """Writes events and ties of the residents in ``rows`` while a model runs."""

    def __init__(self, model: PlaceModel, rows: list[int]) -> None:
        self.model, self.rows, self.witness = model, np.array(rows), Witness(model, rows)
        self.number = {row: person for person, row in enumerate(rows)}
        self.generation = model.columns.generation[self.rows].copy()
        self.here = np.ones(len(rows), bool)
        self.standing: dict[tuple[int, int], tuple[str, int]] = {}
        self.events: list[tuple[Any, ...]] = []
        self.ties: list[tuple[Any, ...]] = []

    def written(self) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Run the model to its end; rows of `EVENT` and of `TIE`."""
        self._look_at_ties(0)
        while self.model.elapsed < self.model.spec.weeks:
            before, known = self.model.records[self.rows].copy(), self._acquaintances()
            self.witness.begin_week()
            self.model.step()
            week = self.model.elapsed
            self._leave(week)
            for person in np.flatnonzero(self.here).tolist():
                was, now = before[person], self.model.records[self.rows[person]]
                found = [*self._counted(person), *self._changes(was, now), *self._company(person, now)]
                self.events += [(person, week, event, detail, -1, amount) for event, detail, amount in found]
            self._new_acquaintances(week, known)
            if week % c.SLOW_STEP == 0:
                self._look_at_ties(week)
        return self.events, self.ties

    def _leave(self, week: int) -> None:
        """Those who died or moved away in this week are no longer followed."""
        for person in np.flatnonzero(self.here & (self.model.columns.generation[self.rows] != self.generation)):
            self.here[person] = False
            how = "dies" if self.witness.dies[person] else "moves_away"
            self.events.append((int(person), week, how, "", -1, 1))

    def _counted(self, person: int) -> Iterator[tuple[str, str, int]]:
        counts = self.witness.counts[person]
        for event, measures in COUNTED.items():
            amount = int(sum(counts[INDEX[name]] for name in measures))
            if amount:
                yield event, "", amount

    def _changes(self, was: Any, now: Any) -> Iterator[tuple[str, str, int]]:
        """Changes of loneliness, social care, volunteering and programmes."""
        if was["lonely"] != now["lonely"]:
            yield ("lonely" if now["lonely"] else "no_longer_lonely"), "", 1
        if was["care_state"] != now["care_state"]:
            yield _CARE.get(int(now["care_state"]), "social_care_ends"), "", 1
        if was["volunteer"] != now["volunteer"]:
            yield ("volunteers" if now["volunteer"] else "stops_volunteering"), "", 1
        for slot, programme in enumerate(self.model.spec.programmes):
            old, new = int(was["programme_status"][slot]), int(now["programme_status"][slot])
            if old != new and ENROLLED in (old, new):
                yield ("joins" if new == ENROLLED else "leaves"), programme.name, 1
            elif old != new and new == DECLINED:
                yield "declines", programme.name, 1

    def _company(self, person: int, now: Any) -> Iterator[tuple[str, str, int]]:
        """Meetings of this week with a worker, with a volunteer who visits, or in a group."""
        row, week = self.rows[person], (self.model.week - 1) % c.MEETING_BLOCK
        met = (now["meetings"] >> week & 1).astype(bool)
        if (met & (now["context"] == c.PROFESSIONAL) & (now["other"] == row)).any():
            yield "sees_worker", "", 1
        if not now["volunteer"] and (met & (now["context"] == c.VOLUNTEER)).any():
            yield "is_visited", "", 1
        if now["enrolled"] and self.model.workspace.attended[row]:
            yield "attends_group", "", 1

    def _acquaintances(self) -> list[dict[tuple[int, int], str]]:
        """Kind of each tie of each resident, by row and generation of the other."""
        records, generation = self.model.records, self.model.columns.generation
        found = []
        for row in self.rows.tolist():
            person = records[row]
            there = (person["context"] != c.NO_TIE) & (person["other"] != row)
            others, kinds = person["other"][there], person["context"][there].tolist()
            known = zip(others.tolist(), generation[others].tolist(), strict=True)
            found.append(dict(zip(known, (c.CONTEXTS[kind] for kind in kinds), strict=True)))
        return found

    def _new_acquaintances(self, week: int, before: list[dict[tuple[int, int], str]]) -> None:
        """Ties that began, ended or became friendships in this week, and people known who have left."""
        generation = self.model.columns.generation
        for person, now in enumerate(self._acquaintances()):
            was = before[person]
            if not self.here[person] or was == now:
                continue
            for other in sorted(was.keys() | now.keys()):
                old, new = was.get(other), now.get(other)
                if old == new:
                    continue
                left = generation[other[0]] != other[1]
                event = "tie_begins" if old is None else "tie_changes" if new else "tie_leaves" if left else "tie_ends"
                self.events.append((person, week, event, new or old, self._person(*other), 1))

    def _person(self, row: int, generation: int) -> int:
        """The number of a person who is followed, or -1."""
        person = self.number.get(row, -1)
        return person if person >= 0 and self.generation[person] == generation else -1

    def _look_at_ties(self, week: int) -> None:
        """Ties between two people who are followed and still here, where they have changed since the last look."""
        records, now = self.model.records, {}
        for person in np.flatnonzero(self.here).tolist():
            mine = records[self.rows[person]]
            for slot in np.flatnonzero(mine["context"] != c.NO_TIE).tolist():
                other = self.number.get(int(mine["other"][slot]), -1)
                if other > person and self.here[other]:
                    strength = max(1, round(_LEVELS * float(mine["strength"][slot])))
                    now[person, other] = c.CONTEXTS[mine["context"][slot]], strength
        for pair in sorted(now.keys() | self.standing.keys()):
            old, new = self.standing.get(pair), now.get(pair)
            if new != old:
                self.ties.append((*pair, week, *(new or (old[0] if old else "", 0))))
        self.standing = now


def _merged(base: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """The rows of both runs, each once, with ``arm``."""
    keys = [name for name in base.columns if name != "amount"]
    arms = [arm.groupby(keys, as_index=False)["amount"].sum() if "amount" in arm else arm for arm in (base, plan)]
    rows = arms[0].merge(arms[1], how="outer", indicator="arm")
    rows["arm"] = rows["arm"].map({"left_only": BASELINE, "right_only": PLAN, "both": BOTH}).astype(str)
    first = [name for name in ("event", "detail") if name in keys]  # columns of long runs are stored in little space
    return rows.sort_values([*first, "arm", *keys], kind="stable", ignore_index=True)


def _residents(start: Residents, rows: list[int]) -> pd.DataFrame:
    """Who they are at the start."""
    r: Any = start[rows]
    homes = pd.factorize(r.household)[0]
    return pd.DataFrame(
        {
            "person": range(len(rows)),
            "age": r.age_weeks // c.WEEKS_PER_YEAR,
            "sex": [c.SEXES[sex] for sex in r.sex],
            "deprivation": [c.DEPRIVATION[fifth] for fifth in r.deprivation],
            "conditions": [c.CONDITIONS[number] for number in r.conditions],
            "lives_alone": r.lives_alone == 1,
            "lonely": r.lonely == 1,
            "household": homes,
        }
    )

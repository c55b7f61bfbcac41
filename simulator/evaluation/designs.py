"""The four study designs in one replication: participants, estimates, and the true effect on the same people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from simulator.evaluation import estimates
from simulator.evaluation.cohorts import (
    eligible_non_members,
    first_eligible,
    first_joined,
    follow_up_complete,
    matched_controls,
    per_person,
    random_allocation,
    with_characteristics,
    with_follow_up,
    year_after,
    year_before,
)
from simulator.evaluation.estimates import Estimate, Group
from simulator.evaluation.loneliness import COLUMNS, WAVES, loneliness_rows, score_columns, with_surveyed_scores
from simulator.evaluation.panel import Panel, record_scenario, record_warm_up
from simulator.evaluation.truth import Truth, parts, true_effect
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.specification.entries import ControlArm
from simulator.specification.spec import Spec

TRIAL: Final = "trial"
TRIAL_SHARE: Final = 0.5
"""Share of residents, chosen at random, who are controls of a trial."""
WEEKS_BEFORE: Final = 51
"""Weeks before the week of joining, which together make the year before."""
PEOPLE: Final = (
    "seed",
    "design",
    "sample",
    "group",
    "person",
    "week",
    "weight",
    "age_band",
    "sex",
    "deprivation",
    "conditions",
    "lives_alone",
    "care_plan",
    "before",
    "after",
    "took_part",
)
"""Columns of a study's data set besides surveyed scores; ``week`` counts from the scenario's first, which is 0."""


@dataclass(frozen=True)
class EvaluationPlan:
    """The programme of a scenario to be studied, and the designs."""

    spec: Spec
    programme: int
    designs: tuple[str, ...]
    follow_up: int = WEEKS_PER_YEAR  # weeks after joining in which admissions are counted
    waves: tuple[int, ...] = WAVES  # weeks after joining at which loneliness is surveyed
    effect_on: str | None = None  # only studies of the effect on these people; all if None


class Runs(NamedTuple):
    """The run that a study observes, and the same run without the programme, which no study can observe."""

    seed: int
    programme: int
    name: str
    panel: Panel
    without: Panel


class DesignEstimate(NamedTuple):
    """One estimate: the people concerned, their number, the study's result and the true effect."""

    effect_on: str
    people: int
    comparators: int
    left_out: int  # people who died, moved away or had no comparator
    estimate: Estimate
    truth: Truth


class Study(NamedTuple):
    """Result of one design in one replication."""

    found: tuple[DesignEstimate, ...]
    parts: dict[str, float]  # of a before-after difference; empty for other designs
    members: pd.DataFrame
    comparators: pd.DataFrame


class StudyTables(NamedTuple):
    """All studies of one replication, as tidy tables."""

    estimates: pd.DataFrame
    parts: pd.DataFrame
    loneliness: pd.DataFrame
    people: pd.DataFrame


def before_after(runs: Runs) -> Study:
    """Members: the year after joining compared with the year before."""
    members, left_out = _members(runs)
    found = DesignEstimate(
        "members",
        len(members),
        0,
        left_out,
        estimates.before_after(_group(members)),
        true_effect(runs.panel, runs.without, members),
    )
    return Study((found,), parts(runs.panel, runs.without, members), members, members.iloc[:0])


def matched(runs: Runs) -> Study:
    """Members compared with matched controls who never joined, in the year after."""
    return _compared(runs, matched_controls, estimates.against_comparators)


def did(runs: Runs) -> Study:
    """Difference in differences: members compared with people eligible in the same week who never joined."""
    return _compared(runs, eligible_non_members, estimates.difference_in_differences)


def participants_trial(runs: Runs) -> Study:
    """Randomised trial among people who take up an offer: members compared with controls who would have joined."""
    panel = runs.panel
    participants = first_joined(panel)
    people = with_follow_up(panel, participants, weeks_before=0)
    left_out = len(follow_up_complete(panel, participants)) - len(people)
    control_arm = random_allocation(panel, people, runs.seed, runs.name) < TRIAL_SHARE
    people = _two_years(panel, people).assign(took_part=(~control_arm).astype(float))
    members, controls = (people[arm].reset_index(drop=True) for arm in (~control_arm, control_arm))
    found = DesignEstimate(
        "participants",
        len(members),
        len(controls),
        left_out,
        estimates.against_comparators(_group(members), _group(controls)),
        true_effect(panel, runs.without, members),
    )
    return Study((found,), {}, members, controls)


def offer_trial(runs: Runs) -> Study:
    """Randomised trial of the offer to eligible people: intention to treat, and the effect on those who take part."""
    panel, without = runs.panel, runs.without
    eligible = first_eligible(panel)
    people = with_follow_up(panel, eligible, weeks_before=0)
    left_out = len(follow_up_complete(panel, eligible)) - len(people)
    rows, weeks = people["row"].to_numpy(), people["week"].to_numpy()
    people = _two_years(panel, people).assign(
        took_part=(panel.times_joined(rows, weeks, weeks + _YEAR) > 0).astype(float)
    )
    control_arm = random_allocation(panel, people, runs.seed, runs.name) < TRIAL_SHARE
    offered, others = (people[arm].reset_index(drop=True) for arm in (~control_arm, control_arm))
    takers = offered["took_part"].to_numpy()
    counts = (len(offered), len(others), left_out)
    found = (
        DesignEstimate(
            "offered",
            *counts,
            estimates.against_comparators(_group(offered), _group(others)),
            true_effect(panel, without, offered),
        ),
        DesignEstimate(
            "takers",
            *counts,
            estimates.compliers(_group(offered), takers, _group(others)),
            true_effect(panel, without, offered[takers > 0.0]),
        ),
    )
    return Study(found, {}, offered, others)


_YEAR: Final = WEEKS_BEFORE + 1


class StudyKind(NamedTuple):
    """A study, the people whose effect it estimates, and the control arm of the run that it observes."""

    design: str
    effects_on: tuple[str, ...]
    study: Callable[[Runs], Study]
    share: float = 0.0  # of residents who never join
    takes_up: bool = False  # controls are randomised when they take up an offer


STUDIES: Final = (
    StudyKind("before-after", ("members",), before_after),
    StudyKind("matched", ("members",), matched),
    StudyKind("did", ("members",), did),
    StudyKind(TRIAL, ("participants",), participants_trial, TRIAL_SHARE, takes_up=True),
    StudyKind(TRIAL, ("offered", "takers"), offer_trial, TRIAL_SHARE),
)
DESIGNS: Final = tuple(dict.fromkeys(kind.design for kind in STUDIES))
"""Designs of a study, from the weakest to the strongest."""


def study_seed(plan: EvaluationPlan, seed: int, parameter_draw: int | None) -> StudyTables:
    """Run the scenario for one seed with the programme, without it, and with control arms; and study each run."""

    def run(share: float, takes_up: bool) -> Panel:
        spec = replace(plan.spec, control_arm=ControlArm(plan.programme, share, takes_up))
        panel = record_scenario(spec, seed, parameter_draw, plan.programme, start)
        return replace(panel, follow_up=plan.follow_up)

    name = plan.spec.programmes[plan.programme].name
    start = record_warm_up(plan.spec, seed, parameter_draw, plan.programme)
    without = run(1.0, takes_up=False)
    tables = []
    kinds = [kind for kind in STUDIES if kind.design in plan.designs and plan.effect_on in {None, *kind.effects_on}]
    for arm, same in groupby(kinds, lambda kind: (kind.share, kind.takes_up)):
        runs = Runs(seed, plan.programme, name, run(*arm), without)
        tables += [_tables(kind, kind.study(runs), runs, plan.waves) for kind in same]
    return StudyTables(*(pd.concat(each, ignore_index=True) for each in zip(*tables, strict=True)))


def _tables(kind: StudyKind, study: Study, runs: Runs, waves: tuple[int, ...]) -> StudyTables:
    """One study as tidy tables."""
    parted = [
        {"seed": runs.seed, "design": kind.design, "part": part, "difference": amount}
        for part, amount in study.parts.items()
    ]
    lonely = [
        {"seed": runs.seed, "design": kind.design, "effect_on": found.effect_on, **row}
        for found in study.found
        for row in loneliness_rows(runs, (kind.design, found.effect_on), study.members, study.comparators, waves)
    ]
    people = _data_set(runs.panel, study, waves)
    people = people.assign(seed=runs.seed, design=kind.design, sample=kind.effects_on[0])
    return StudyTables(
        pd.DataFrame([_row(runs.seed, kind.design, found) for found in study.found]),
        pd.DataFrame(parted, columns=["seed", "design", "part", "difference"]).astype(_TYPES),
        pd.DataFrame(lonely, columns=["seed", "design", "effect_on", *COLUMNS]),
        people[[*PEOPLE, *score_columns(waves)]],
    )


_TYPES: Final = {"seed": np.int64, "difference": np.float64}


def _two_years(panel: Panel, people: pd.DataFrame) -> pd.DataFrame:
    """``people`` with their years after and, if known, before, and a weight of one each."""
    rows, weeks = people["row"].to_numpy(), people["week"].to_numpy()
    people = people.assign(before=np.nan, after=year_after(panel, rows, weeks), weight=1.0)
    known = panel.stayed(rows, np.maximum(weeks - WEEKS_BEFORE, 0), weeks) & (weeks >= WEEKS_BEFORE)
    people.loc[known, "before"] = year_before(panel, rows[known], weeks[known])
    return people


def _members(runs: Runs) -> tuple[pd.DataFrame, int]:
    """Members with their two years, and the number with complete follow-up who are left out."""
    panel = runs.panel
    joined = first_joined(panel)
    members = with_follow_up(panel, joined, weeks_before=WEEKS_BEFORE)
    rows, weeks = members["row"].to_numpy(), members["week"].to_numpy()
    members = members.assign(
        before=year_before(panel, rows, weeks), after=year_after(panel, rows, weeks), took_part=1.0, weight=1.0
    )
    return members, len(follow_up_complete(panel, joined)) - len(members)


def _compared(
    runs: Runs,
    find: Callable[[Panel, pd.DataFrame], tuple[pd.DataFrame, Any]],
    estimate: Callable[[Group, Group], Estimate],
) -> Study:
    members, left_out = _members(runs)
    others, served = find(runs.panel, members)
    comparators = per_person(runs.panel, others).assign(took_part=0.0)
    unmatched = int((~served).sum())
    members = members[served].reset_index(drop=True)
    found = DesignEstimate(
        "members",
        len(members),
        len(comparators),
        left_out + unmatched,
        estimate(_group(members), _group(comparators)),
        true_effect(runs.panel, runs.without, members),
    )
    return Study((found,), {}, members, comparators)


def _group(people: pd.DataFrame) -> Group:
    return estimates.group(*(people[name].to_numpy(float) for name in ("before", "after", "weight")))


def _row(seed: int, design: str, found: DesignEstimate) -> dict[str, Any]:
    estimate, truth = found.estimate, found.truth
    return {
        "seed": seed,
        "design": design,
        "effect_on": found.effect_on,
        "people": found.people,
        "comparators": found.comparators,
        "left_out": found.left_out,
        **estimate._asdict(),
        "true_people": truth.people,
        "true_rate": truth.rate,
        "true_expected": truth.expected,
        "true_difference": truth.difference,
    }


def _data_set(panel: Panel, study: Study, waves: tuple[int, ...]) -> pd.DataFrame:
    """The study's data: one row per person, with only what a data set would contain."""
    tables = [
        with_surveyed_scores(panel, with_characteristics(panel, people), waves).assign(group=group)
        for group, people in (("people", study.members), ("comparators", study.comparators))
    ]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(week=table["week"] - _YEAR)

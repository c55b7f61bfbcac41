"""The question put to a nation, and its run record."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from simulator.comparison.comparability import common_calendar
from simulator.lenses import AS_WRITTEN, AppliedLens
from simulator.nations.amounts import in_proportion, reference_size
from simulator.nations.nation import Nation, simulated_residents
from simulator.places import Place
from simulator.scenario.scenario import Scenario
from simulator.specification.spec import Spec, build_spec


@dataclass(frozen=True)
class NationQuestion:
    """Two scenarios to be compared in a nation, on one calendar, at a scale, with seeds."""

    nation: Nation
    scenario: Scenario
    baseline: Scenario
    seeds: tuple[int, ...]
    scale: float
    weeks: int
    starts: datetime.date
    amounts_for: int | None  # residents that amounts are for; None if there are no amounts
    applied_lens: AppliedLens = AS_WRITTEN


def nation_question(
    nation: Nation,
    arms: tuple[Scenario, Scenario],
    seeds: Sequence[int],
    scale: float | None = None,
    *,
    weeks: int | None = None,
    amounts_for: int | None = None,
) -> NationQuestion:
    """The checked question: scenario and baseline (``arms``) on the calendar of the one that states one.

    Raises IncomparableRunsError if both state different calendars and ``weeks`` does not settle the length, or if the
    number of residents that amounts are for is unknown; ValueError for no or repeated seeds, or for a scale outside
    (0, 1].
    """
    scenario, baseline = arms
    chosen = tuple(seeds)
    if not chosen or len(set(chosen)) < len(chosen):
        raise ValueError("Seeds are missing or repeated. Give one seed or more, each once.")
    stated = {(one.starts, one.weeks): one.name for one in (baseline, scenario) if one.calendar is not None}
    starts, length = common_calendar(stated, weeks) or (baseline.starts, weeks or baseline.weeks)
    size = reference_size((baseline, scenario), amounts_for)
    at = nation.scale if scale is None else scale
    simulated_residents(nation.areas[0], at)
    return NationQuestion(nation, scenario, baseline, chosen, at, length, starts, size)


def specs_in(question: NationQuestion, place: Place) -> tuple[Spec, Spec]:
    """Specifications of baseline and scenario in one place, with amounts in proportion to its residents."""
    ratio = 1.0 if question.amounts_for is None else place.residents / question.amounts_for
    baseline, scenario = (
        build_spec(in_proportion(one, ratio), place, weeks=question.weeks, starts=question.starts).read_through(
            question.applied_lens
        )
        for one in (question.baseline, question.scenario)
    )
    return baseline, scenario


def nation_record(question: NationQuestion, counted: pd.DataFrame) -> dict[str, Any]:
    """Fields in a nation's run record that replace those of a place; ``counted`` are the places in the sum."""
    nation = question.nation
    real, simulated = int(counted["residents"].sum()), int(counted["simulated"].sum())
    content = repr((nation.content, question.scale, question.amounts_for, tuple(counted["place"])))
    scaled = "" if real == simulated else f", each simulated resident representing {real / simulated:.4g}"
    return {
        "place": nation.name,
        "place_title": f"{nation.title}{scaled}",
        "place_hash": hashlib.sha256(content.encode()).hexdigest()[:8],
        "composite": nation.composite,
        "residents": real,
        "simulated_residents": simulated,
        "factor": real / simulated,
        "scale": question.scale,
        "amounts_for": question.amounts_for,
        "places": len(counted),
    }


def scale_text(counted: pd.DataFrame) -> str:
    """A sentence on simulated and real numbers of residents."""
    real, simulated = int(counted["residents"].sum()), int(counted["simulated"].sum())
    if real == simulated:
        return f"All {real:,} residents in {len(counted)} places were simulated (factor 1)."
    low, high = float(counted["factor"].min()), float(counted["factor"].max())
    return (
        f"Scaled down: {simulated:,} simulated residents in {len(counted)} places represent {real:,}. Results are "
        f"scaled up by {real / simulated:.4g} (by place: {low:.4g} to {high:.4g})."
    )

"""What a plan of the response surface does: estimates, or exact results where it has been run, through both lenses.

In a district of England a plan does what it does in the surface's town for each resident, moved by how far the
district's own runs of the plan itself are from that (`dashboard.topics.district_answer`): by all of it if a plan is as
large, and otherwise in proportion to its automation or its money, whichever is the larger share.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from calibration.surface import Point, Surface
from calibration.surface.points import Freed, plan_itself
from dashboard.runs.choices import place_name
from dashboard.text.labels import measured
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import listed
from dashboard.topics.district_answer import like_town
from dashboard.topics.districts import whole_district_rows
from dashboard.topics.signs import SIGNS, Sign, adults_of, signs_of
from dashboard.topics.through_lenses import as_shown, as_withheld, within
from simulator.comparison.arms import outcome_label
from simulator.comparison.comparison import Comparison
from simulator.comparison.comparison_row import Pairs, contrast
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.smallest_differences import DEFAULTS, Matters
from simulator.districts import load_place
from simulator.errors import SimulatorError
from simulator.experiments.sized_plan import MEASURES

_ERRORS: Final = {"emergency_admissions": "{} admissions", "often_always_lonely": "{} points", "net_cash": "{}"}


class PlanPlace(NamedTuple):
    """Where plans are estimated: the town of a surface, or a district, for each resident as that town."""

    name: str
    residents: int
    town: str
    share: float  # residents for each of the town

    @property
    def is_town(self) -> bool:
        """Whether the surface is of this place itself."""
        return self.name == self.town

    def freed(self, surface: Surface) -> Freed:
        """What automation frees there."""
        automation, *amounts = surface.freed(self.town)
        return Freed(automation, *(self.share * amount for amount in amounts))

    def scaled(self, measure: str) -> float:
        """What a difference in the town is multiplied by: its residents, unless the outcome is a ratio."""
        return 1.0 if OUTCOMES[measure].per else self.share


def plan_place(surface: Surface, place: str) -> PlanPlace | None:
    """The place, if plans are estimated there: the surface's own, or a district whose own results ship."""
    towns, residents = surface.record["places"], surface.record["residents"]
    if place in towns:
        return PlanPlace(place, int(residents[place]), place, 1.0)
    try:
        if whole_district_rows(place, surface.record["lenses"], DEFAULTS).empty:
            return None
    except SimulatorError:
        return None
    own = load_place(place).residents
    town = next(iter(towns))
    return PlanPlace(place, own, town, own / residents[town])


def plan_rows(
    surface: Surface, point: Point, place: PlanPlace, matters: Matters, exact: Mapping[str, Comparison | None]
) -> pd.DataFrame:
    """One row for each outcome and lens, as of a comparison, with ``exact``, ``runs_used`` and ``missed_by``.

    ``exact`` are finished runs of the plan by lens, in the order of the rows; None where there are none and it is
    estimated. Where a lens failed a check, range, chances and verdict are left out. Raises as `Surface.estimate`.
    """
    tables = []
    for lens, found in exact.items():
        if found is not None:
            summary = found.per("year").judged_by(matters).summary(MEASURES, rounded=False)
            rows = as_shown(found, summary).assign(missed_by=np.nan, runs_used=2 * len(found.seeds))
        elif place.is_town:
            rows = as_withheld(surface.estimate(point, place.town, lens, matters))
        else:
            rows = as_withheld(_in_district(surface, point, place, lens, matters))
        rows.insert(0, "lens_title", key_title(lens))
        tables.append(rows.assign(lens=lens, exact=found is not None))
    return pd.concat(tables, ignore_index=True)


def _in_district(surface: Surface, point: Point, place: PlanPlace, lens: str, matters: Matters) -> pd.DataFrame:
    """The estimate for a district, of the outcomes that its own results have."""
    usual = whole_district_rows(place.name, (lens,), matters).set_index("measure").to_dict("index")
    freed, residents = surface.freed(place.town), surface.record["residents"][place.town]
    spent, plans = (sum(freed.pounds(one, residents).values()) for one in (point, plan_itself()))
    departs = 0.0 if point.nothing else min(1.0, max(point.automation, spent / plans))
    itself, found = surface.itself[place.town, lens], []
    for measure, pairs in surface.pairs(point, place.town, lens, SIGNS).items():
        there, own = (place.scaled(measure) * (one.scenario - one.baseline) for one in (pairs, itself[measure]))
        before = np.full(len(there), usual[measure]["baseline"])
        moved = Pairs(before, before + like_town(there, own, usual[measure], departs), pairs.draws)
        found.append(contrast(outcome_label(measure, "year"), moved, float(usual[measure]["matters"]), to_error=False))
    rows = surface.with_error(pd.DataFrame(found), place.town, lens)
    return rows.assign(missed_by=rows["missed_by"] * rows["measure"].map(place.scaled))


def plan_signs(rows: pd.DataFrame, surface: Surface, place: PlanPlace) -> list[Sign]:
    """The signs of `plan_rows`; the ends of each line are those of all plans that were run."""
    scales = {measure: surface.ends(place.town, measure) for measure in SIGNS}
    ends = {
        measure: (place.scaled(measure) * low, place.scaled(measure) * high) for measure, (low, high) in scales.items()
    }
    return signs_of(rows, adults_of(place.name, place.residents), ends)


def how_found(rows: pd.DataFrame, place: PlanPlace) -> str:
    """How the numbers of `plan_rows` were found, and how far estimates miss plans not seen."""
    said = []
    run, estimated = rows[rows["exact"]], rows[~rows["exact"]]
    if len(run):
        pairs, lenses = int(run["runs"].max()), [within(name) for name in dict.fromkeys(run["lens_title"])]
        said.append(f"Run exactly {listed(lenses)}: {pairs} pairs of runs.")
    if len(estimated):
        lenses = [within(name) for name in dict.fromkeys(estimated["lens_title"])]
        errors = []
        for measure, name in _ERRORS.items():
            mine = estimated[estimated["measure"] == measure]
            each = [measured(row["missed_by"], row["missed_by"], row["unit"]) for _, row in mine.iterrows()]
            errors.append(name.format(" and ".join(each)))
        said.append(
            f"Estimated {listed(lenses)} from {int(estimated['runs_used'].max()):,} runs each; mean error on plans not "
            f"seen: {listed(errors)}."
        )
        if not place.is_town:
            said.append(
                f"These runs are of {place_name(place.town)}: a plan does for each resident what it does there, moved "
                f"by as much as runs of the plan itself in {place_name(place.name)} differ."
            )
    return " ".join(said)

"""What a plan of the response surface does: estimates, or exact results where it has been run, through both lenses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from calibration.surface import Point, Surface
from dashboard.text.labels import measured
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import listed
from dashboard.topics.signs import SIGNS, Sign, adults_of, signs_of
from dashboard.topics.through_lenses import as_shown, as_withheld, within
from simulator.comparison.comparison import Comparison
from simulator.comparison.smallest_differences import Matters
from simulator.experiments.sized_plan import MEASURES

_ERRORS: Final = {"emergency_admissions": "{} admissions", "often_always_lonely": "{} points", "net_cash": "{}"}


def plan_rows(
    surface: Surface, point: Point, place: str, matters: Matters, exact: Mapping[str, Comparison | None]
) -> pd.DataFrame:
    """One row for each outcome and lens, as of a comparison, with ``exact``, ``runs_used`` and ``missed_by``.

    ``exact`` are finished runs of the plan by lens, in the order of the rows; None where there are none and it is
    estimated. Where a lens failed a check, range, chances and verdict are left out. Raises as `Surface.estimate`.
    """
    tables = []
    for lens, found in exact.items():
        rows = surface.estimate(point, place, lens, matters)
        if found is not None:
            summary = found.per("year").judged_by(matters).summary(MEASURES, rounded=False)
            rows = as_shown(found, summary).assign(missed_by=np.nan, runs_used=2 * len(found.seeds))
        else:
            rows = as_withheld(rows)
        rows.insert(0, "lens_title", key_title(lens))
        tables.append(rows.assign(lens=lens, exact=found is not None))
    return pd.concat(tables, ignore_index=True)


def plan_signs(rows: pd.DataFrame, surface: Surface, place: str) -> list[Sign]:
    """The signs of `plan_rows`; the ends of each line are those of all plans that were run."""
    adults = adults_of(place, int(surface.record["residents"][place]))
    return signs_of(rows, adults, {measure: surface.ends(place, measure) for measure in SIGNS})


def how_found(rows: pd.DataFrame) -> str:
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
    return " ".join(said)

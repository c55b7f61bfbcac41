"""``offset describe access``: the practice with more and with fewer clinicians, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboard.command_line.work import run_with_progress
from simulator.foundations.categories import WEEKS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

YEARS = 3


def access_runs(
    place: str | None, years: int | None, seeds: Sequence[int], workers: int | None, *, quiet: bool
) -> pd.DataFrame:
    """The table of `simulator.description.access`, from a baseline and one run for each change of clinicians' hours."""
    from simulator.description.access import CHANGES, access_table, usual_hours, with_clinicians
    from simulator.districts import load_place

    chosen, weeks = load_place(place or "frome"), (years or YEARS) * WEEKS_PER_YEAR
    specs = [with_clinicians(chosen, 0.0, 0.0, weeks)]
    (baseline,) = run_with_progress(specs, seeds, workers, quiet=quiet, parameters="central")
    hours = usual_hours(baseline)
    changed = [change for change in CHANGES if change]
    specs = [with_clinicians(chosen, hours, change, weeks) for change in changed]
    results = run_with_progress(specs, seeds, workers, quiet=quiet, parameters="central")
    runs = {0.0: baseline, **dict(zip(changed, results, strict=True))}
    return access_table([(change, runs[change]) for change in CHANGES], hours)

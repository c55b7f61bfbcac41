"""Care that staff gave whom a scenario or a programme added: what added them pays for it, so care is not priced too.

Of a cut it is the other way round: care that those who were cut would have given is priced as if it had been, since
the cut saves it as staff, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.categories import MINUTES_PER_HOUR
from simulator.measures import MILLIONTHS
from simulator.results import Results

_HOURS, _ASSESSMENT_HOURS = "", "social_care.assessment_hours"
_CONSULTATION_MINUTES: Final = "contacts.minutes_per_contact.gp_practice.consultation"
_GIVEN_BY: Final = {
    "home_carer": ("home_care", _HOURS),
    "assessor": ("assessments", _ASSESSMENT_HOURS),
    "clinician": ("gp", _CONSULTATION_MINUTES),
}
"""By role: the item of care that it gives, and the evidence on how long one takes."""


def given_by_added_staff(results: Results, seeds: Sequence[int]) -> dict[str, NDArray[np.float64]]:
    """Care by item that added staff gave, in units as counted, shape (seeds, years); negative where a cut left it
    undone. Items without any are not in it.
    """
    table = results.services
    table = table[table["seed"].isin(list(seeds)) & (table["done_by_added"] != 0.0)]
    given = {}
    for role, (item, path) in _GIVEN_BY.items():
        rows = table[table["role"] == role]
        if rows.empty:
            continue
        hours = rows.groupby(["seed", "year"])["done_by_added"].sum().unstack(fill_value=0)
        hours = hours.reindex(index=list(seeds), columns=range(1, results.years + 1), fill_value=0.0)
        given[item] = hours.to_numpy(np.float64) * _per_hour(results, seeds, path)[:, None]
    return given


def _per_hour(results: Results, seeds: Sequence[int], path: str) -> NDArray[np.float64]:
    """Units of an item that an hour gives in each run, shape (seeds,); hours themselves are counted in millionths."""
    if path == _HOURS:
        return np.full(len(seeds), float(MILLIONTHS))
    values = results.parameters[results.parameters["path"] == path].set_index("seed")["value"]
    one = values.loc[list(seeds)].to_numpy(np.float64)
    return np.asarray((MINUTES_PER_HOUR if path == _CONSULTATION_MINUTES else 1.0) / one)

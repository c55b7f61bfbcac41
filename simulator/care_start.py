"""Who has social care when the simulation begins."""

from __future__ import annotations

from simulator import draws
from simulator.categories import ADULT_BAND
from simulator.compiling import compiled
from simulator.rules import social_care


@compiled
def draw_care(residents, home_care, care_home, seed):  # type: ignore[no-untyped-def]
    """Care state of every adult, by the share of the age band with home care, and in a care home, shape (9,) each."""
    for i in range(residents.shape[0]):
        person = residents[i]
        band = person.age_band
        if band >= ADULT_BAND:
            u, _, _, _ = draws.draw(seed, draws.CARE_START, 0, person.berth, person.generation)
            person.care_state = social_care.care_at_start(u, home_care[band], care_home[band])

"""The random residents used by tests are valid."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.foundations import categories as c
from simulator.population.columns import BAND_ENDS
from simulator.rules.programmes import ENROLLED
from tests.helpers.support import differing, everything_spec, place_model, random_residents


@pytest.mark.parametrize("seed", range(4))
def test_random_residents_are_valid(seed: int) -> None:
    r = random_residents(150, seed)
    assert sorted(r.berth) == list(range(150))
    assert (r.age_weeks < BAND_ENDS[r.age_band]).all()
    assert (r.slots_used <= c.TIE_SLOTS).all()
    for row, slot in np.argwhere(r.context != c.NO_TIE):
        assert slot < r.slots_used[row]
        other = r.other[row, slot]
        if other != row:
            (back,) = np.flatnonzero((r.other[other] == row) & (r.context[other] != c.NO_TIE))
            for name in ("context", "strength", "contact_level", "meetings"):
                assert r[name][row, slot] == r[name][other, back]
    assert ((r.context == c.HOUSEHOLD).any(axis=1) != (r.lives_alone == 1)).all()


def test_random_residents_are_in_every_state() -> None:
    r = random_residents(400, 1)
    assert set(np.unique(r.context)) == set(range(c.NO_TIE + 1))
    assert set(np.unique(r.programme_status)) == {0, 1, 2, 3}
    assert set(np.unique(r.episode)) == {0, 1, 2}
    assert set(np.unique(r.gp_request)) == {0, 1, 2}
    assert set(np.unique(r.asking)) == set(range(4))
    assert set(np.unique(r.away)) == {0, 1, 2, 3}
    for name in ("lonely", "volunteer", "care_plan", "lives_alone"):
        assert 0.0 < r[name].mean() < 1.0
    assert (r.moves_in_week == c.WARM_UP_WEEKS).any()
    assert r.slots_used.max() == c.TIE_SLOTS


def test_the_same_seed_gives_the_same_residents() -> None:
    assert differing(random_residents(80, 3), random_residents(80, 3)) == []
    assert "age_weeks" in differing(random_residents(80, 3), random_residents(80, 4))


def test_a_model_counts_the_members_its_residents_are() -> None:
    residents = random_residents(100, 2)
    model = place_model(everything_spec(), residents)
    assert len(model.volunteers) == residents.volunteer.sum() > 0
    assert (model.workspace.members == (residents.programme_status == ENROLLED).sum(axis=0)).all()

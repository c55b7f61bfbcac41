"""Help in illness and aftercare: effects on admission, stay and readmission, and none when switched off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.model.place_model import PlaceModel
from simulator.rules.illness import ACUTE_EPISODE, NO_EPISODE, READMISSION
from simulator.rules.programmes import ENROLLED
from simulator.specification.programme_packing import pack_programmes
from simulator.specification.spec import Spec
from tests.helpers.loops import LOOPS
from tests.helpers.own_programme import lived, own_spec
from tests.helpers.support import busy_week, differing, place_model, random_residents, small_spec

STAYS = ("overnight_admissions", "bed_days", "waiting_days")
HELP, STAY, WEEKS = "care.mobilised_help_effect", "care.support_stay_effect", "care.aftercare_weeks"
TAKING_PART = {"programme_status", "programme_weeks", "enrolled"}


def spec_with(folder: Path, changes: dict[str, Any], **fields: Any) -> Spec:
    """A spec of the user's own programme with these fields, and with changed evidence."""
    return replace(own_spec(folder, **fields), evidence=small_spec(changes=changes).evidence)


def members(spec: Spec, episode: int, support: float, weeks_since_discharge: int) -> PlaceModel:
    """A week in which everyone is a member, at home, with this support and this episode."""
    residents = random_residents(3_000, 4)
    residents.days_in_hospital, residents.away, residents.episode, residents.support = 0, 0, episode, support
    residents.weeks_since_discharge = weeks_since_discharge
    residents.programme_status[:, 3], residents.enrolled = ENROLLED, 1 << 3
    model = place_model(spec, residents)
    model.set_week(busy_week(model)._replace(reference_support=0.7))
    LOOPS["draw_random_words"](model.records, model.workspace, model.packed_now, (0, len(residents)))
    model.workspace.counts[:] = 0
    return model


def stays(spec: Spec, support: float = 0.7) -> np.ndarray:
    """`STAYS` of a week in which everyone has an acute episode."""
    model = members(spec, ACUTE_EPISODE, support, 100)
    LOOPS["get_care"](model.records, model.workspace, model.packed, model.packed_now, (0, len(model.columns)))
    return model.workspace.counts[:, [INDEX[name] for name in STAYS]].sum(axis=0)


def episodes(spec: Spec, weeks_since_discharge: int) -> list[int]:
    """Readmissions and other acute episodes of a week, this long after everyone's discharge."""
    model = members(spec, NO_EPISODE, 0.7, weeks_since_discharge)
    LOOPS["fall_ill"](model.records, model.workspace, model.packed, model.packed_now, (0, len(model.columns)))
    return [int((model.columns.episode == kind).sum()) for kind in (READMISSION, ACUTE_EPISODE)]


def test_support_shortens_stays_and_waits_and_with_its_effects_at_nothing_does_not(tmp_path: Path) -> None:
    little, usual, much = (stays(spec_with(tmp_path, {STAY: -2.0}), support) for support in (0.3, 0.7, 0.95))
    assert (little[1:] > usual[1:]).all()
    assert (usual[1:] > much[1:]).all()
    off = spec_with(tmp_path, {STAY: 0.0, "care.support_admission_effect": 0.0})
    assert stays(off, 0.3).tolist() == stays(off, 0.95).tolist()


def test_more_help_keeps_more_at_home_sends_more_home_and_brings_fewer_back(tmp_path: Path) -> None:
    specs = [spec_with(tmp_path, {HELP: -0.99}, help_in_illness=share) for share in (0.0, 0.4, 1.0)]
    none, some, full = (stays(spec) for spec in specs)
    assert (none > some).all()
    assert (some > full).all()
    back = [episodes(spec, 2) for spec in specs]
    assert back[0][0] > back[1][0] > back[2][0] > 0
    assert (some < stays(spec_with(tmp_path, {HELP: -0.3}, help_in_illness=0.4))).all()


def test_help_beyond_all_that_neighbours_could_give_is_not_counted_twice(tmp_path: Path) -> None:
    spec = own_spec(tmp_path, help_in_illness=0.8)
    numbers = list(spec.programme_numbers())
    numbers[0] = {**numbers[0], "help_in_illness": 0.7}
    shares = pack_programmes(spec.programmes, numbers, spec.rates()).help_in_illness
    assert [shares[0], shares[1], shares[1 << 3], shares[1 | 1 << 3]] == [0.0, 0.7, 0.8, 1.0]


@pytest.mark.parametrize(("number", "value", "switch"), [("help_in_illness", 1.0, HELP), ("readmission", -2.0, WEEKS)])
def test_the_switch_of_a_lever_leaves_only_names_on_a_list(
    tmp_path: Path, number: str, value: float, switch: str
) -> None:
    """To the last bit, though everyone is a member."""
    off, idle = (lived(spec_with(tmp_path, {switch: 0.0}, **more)) for more in ({number: value}, {}))
    assert (off.columns.programme_status[:, 3] == ENROLLED).mean() > 0.9
    assert differing(idle.columns, off.columns) == []
    assert (np.array(idle.book.cells) == np.array(off.book.cells)).all()
    on = lived(own_spec(tmp_path, **{number: value}))
    assert set(differing(idle.columns, on.columns)) - TAKING_PART


def test_aftercare_acts_on_readmissions_and_on_later_episodes_until_its_weeks_are_over(tmp_path: Path) -> None:
    often = {"illness.emergency_admission_rate": dict.fromkeys(c.AGE_BANDS, 900.0), WEEKS: 13.0}
    found = {}
    for effect in (0.0, -0.5, -2.0):
        spec = spec_with(tmp_path, often, readmission=effect)
        found[effect] = [episodes(spec, weeks) for weeks in (2, 13, 14)]
    for kind, week in ((0, 0), (1, 0), (1, 1)):
        none, some, much = (found[effect][week][kind] for effect in (0.0, -0.5, -2.0))
        assert none > some > much, (kind, week)
    assert found[0.0][1][0] == 0, "a readmission that the first stay brings about comes within 30 days"
    assert found[0.0][2] == found[-0.5][2] == found[-2.0][2]
    assert found[0.0][2][1] > 0

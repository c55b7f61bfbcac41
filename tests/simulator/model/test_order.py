"""Results do not depend on the order of rows or on unrelated residents."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.foundations import categories as c
from simulator.model.place_model import Engine, PlaceModel
from simulator.population.columns import Residents, empty_residents
from simulator.population.ties import FULL_LEVEL, make_tie
from simulator.rules import demography
from tests.helpers.loops import LOOPS
from tests.helpers.support import (
    CORE,
    FUNDED,
    busy_week,
    differing,
    everything_spec,
    place_model,
    random_residents,
    small_spec,
)

WEEKS = 26


def rearranged(residents: Residents, order: NDArray[np.intp]) -> Residents:
    """The same residents with row ``order[k]`` in row k, ties still leading to the same people."""
    row_now = np.empty(len(order), np.uint32)
    row_now[order] = np.arange(len(order))
    moved = residents[order].copy()
    moved.other = row_now[moved.other]
    return moved


def back_again(residents: Residents, order: NDArray[np.intp]) -> Residents:
    return rearranged(residents, np.argsort(order))


def test_reordering_residents_and_back_changes_nothing() -> None:
    residents, order = random_residents(120, 1), np.random.default_rng(0).permutation(120)
    assert differing(residents, back_again(rearranged(residents, order), order)) == []
    assert "other" in differing(residents, rearranged(residents, order))


def test_the_order_of_residents_does_not_matter() -> None:
    """Half a year with every task automated and every programme open, in two orders: the same to the last bit."""
    spec, residents = everything_spec(weeks=WEEKS), random_residents(600, 3)
    order = np.random.default_rng(1).permutation(600)
    one, other = place_model(spec, residents), place_model(spec, rearranged(residents, order))
    while one.elapsed < WEEKS:
        one.step()
        other.step()
        assert differing(one.columns, back_again(other.columns, order)) == [], f"week {one.elapsed}"
    for mine, theirs in zip(one.book.cells, other.book.cells, strict=True):
        assert (mine == theirs).all()
    assert one.ledger.postings == other.ledger.postings
    berths = [[int(m.columns.berth[v.row]) for v in m.volunteers] for m in (one, other)]
    assert berths[0] == berths[1] != []


def test_the_order_of_a_built_place_does_not_matter_either() -> None:
    spec = everything_spec(weeks=13)
    start = PlaceModel(spec, 5)
    order = np.random.default_rng(2).permutation(len(start.columns))
    one, other = place_model(spec, start.columns, 5), place_model(spec, rearranged(start.columns, order), 5)
    for model in (one, other):
        model.run_model()
    assert differing(one.columns, back_again(other.columns, order)) == []


def couples_at_the_edge(gap_weeks: int, count: int) -> Residents:
    """Couples whose ages differ by this much, the older in the first row of each."""
    residents = empty_residents(2 * count)
    residents.household = np.arange(2 * count) // 2
    residents.age_weeks = np.tile([40 * c.WEEKS_PER_YEAR + gap_weeks, 40 * c.WEEKS_PER_YEAR], count)
    residents.age_band = np.where(residents.age_weeks >= 50 * c.WEEKS_PER_YEAR, 5, 4)
    for row in range(0, 2 * count, 2):
        make_tie(residents, row, row + 1, c.HOUSEHOLD, 1.0, FULL_LEVEL, 255)
    residents.lives_alone = 0
    return residents


@pytest.mark.parametrize("engine", ["columns", "agents"])
@pytest.mark.parametrize(("weeks_beyond", "are_a_couple"), [(-1, True), (0, True), (1, False)])
def test_ages_do_not_depend_on_row_order(engine: Engine, weeks_beyond: int, are_a_couple: bool) -> None:
    """Two housemates are a couple up to a difference of 15 years: not a week more or less for who has the first row."""
    spec = small_spec(changes={"demography.separation_rate": 500.0, "demography.leave_home_rate": 0.0})
    gap = int(spec.rates().demography.partner_gap * c.WEEKS_PER_YEAR)
    residents = couples_at_the_edge(gap + weeks_beyond, 20)
    for order in (np.arange(40), np.arange(40)[::-1]):
        model = place_model(spec, rearranged(residents, order), engine=engine)
        model.set_week(busy_week(model))
        if engine == "columns":
            LOOPS["draw_random_words"](model.records, model.workspace, model.packed_now, (0, 40))
            LOOPS["live"](model.records, model.workspace, model.packed, model.packed_now, (0, 40))
        else:
            model.residents.do("live")
        separated = model.workspace.event == demography.SEPARATES
        assert separated.mean() == pytest.approx(float(are_a_couple), abs=0.1)


def with_a_child_more(residents: Residents) -> Residents:
    """One more resident, without ties or neighbours, and too young for anything that affects others."""
    size = len(residents)
    more = empty_residents(size + 1)
    more[:size] = residents
    child = more[size]
    child.berth, child.household = size, int(residents.household.max()) + 1
    child.age_weeks, child.age_band, child.sex = 8 * c.WEEKS_PER_YEAR, 1, 1
    child.neighbourhood = int(residents.neighbourhood.max()) + 1
    return more


def test_one_more_resident_does_not_change_the_others() -> None:
    """Half a year, all programmes open, appointments for all; 300 residents, then 301, below one power of two.

    Whoever answers is not easier to reach for a little less work, which all residents share.
    """
    changes = {"staffing.usual_utilisation": {"gp_practice.clinician": 0.05}, "ties.friend_making_rate": 0.0}
    changes |= {"care.turned_away_by_list": 0.0, "care.attempts_load_effect": 0.0}
    changes |= {"contacts.relief_through_effect": 0.0}
    changes |= {"programmes.unit_cost": dict.fromkeys(CORE, 100.0)}
    changes |= {"programmes.lag": dict.fromkeys(CORE, 1.0)}
    automate = [{"service": "gp_practice", "task": "consultation", "share": 0.1, "ramp_weeks": 4}]
    spec = small_spec(weeks=WEEKS, automate=automate, funding=FUNDED, changes=changes)
    residents = random_residents(300, 9)
    fewer, more = place_model(spec, residents), place_model(spec, with_a_child_more(residents))
    while fewer.elapsed < WEEKS:
        fewer.step()
        more.step()
        assert differing(fewer.columns, more.columns[:300]) == [], f"week {fewer.elapsed}"
    counted = sum(one.sum() for one in more.book.cells) - sum(one.sum() for one in fewer.book.cells)
    assert counted >= WEEKS, "the child's own weeks"
    assert more.columns.generation[300] == 0

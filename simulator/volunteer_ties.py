"""The ties of volunteering: volunteers who work together, and volunteers and the clients whom they visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator import draws
from simulator.categories import MEETING_BLOCK, TIE_SLOTS, VOLUNTEER
from simulator.kernels.programmes import become_friends
from simulator.rules import ties
from simulator.ties import make_tie, meeting_mask, tie_slot

if TYPE_CHECKING:
    from simulator.model import PlaceModel

_MOST = 65_535
"""Contact level of a tie that meets every week."""


def tie_together(model: PlaceModel, a: int, b: int) -> bool:
    """Begin a tie of volunteering between two rows, as strong as one meeting makes it; return whether it was made.

    It meets with the probability of its context and grows with its hours, as other ties do. Nothing happens to two who
    are tied already, or where 15 stronger ties leave no room.
    """
    columns, rates = model.columns, model.rates.ties
    level = np.uint16(min(_MOST, int(float(rates.contact_probability[VOLUNTEER]) * (_MOST + 1))))
    mask = meeting_mask(
        model.seed,
        model.week // MEETING_BLOCK,
        columns.berth[a],
        columns.generation[a],
        columns.berth[b],
        columns.generation[b],
        level,
        VOLUNTEER,
    )
    strength = ties.growth(float(rates.hours_per_contact[VOLUNTEER]), rates.hours_to_close, rates.close_strength)
    return bool(make_tie(model.records, np.uint32(a), np.uint32(b), VOLUNTEER, strength, level, mask))


def part(model: PlaceModel, a: int, b: int) -> None:
    """Two who met through volunteering do so no more: friends if they have become close enough, else a fading tie."""
    slot = int(tie_slot(model.records, np.uint32(a), np.uint32(b)))
    if slot < 0 or model.records[a]["context"][slot] != VOLUNTEER:
        return
    if model.records[a]["strength"][slot] >= model.tables.friend_strength:
        become_friends(model.records, np.uint32(a), slot, model.packed, model.packed_now)
        return
    back = int(tie_slot(model.records, np.uint32(b), np.uint32(a)))
    for row, its_slot in ((a, slot), (b, back)):
        model.records[row]["contact_level"][its_slot] = 0
        model.records[row]["meetings"][its_slot] = 0


def part_from_all(model: PlaceModel, row: int) -> None:
    """A volunteer who stops meets nobody through volunteering any more."""
    me = model.records[row]
    for slot in range(TIE_SLOTS):
        if me["context"][slot] == VOLUNTEER and me["other"][slot] != row:
            part(model, row, int(me["other"][slot]))


def are_tied(model: PlaceModel, a: int, b: int) -> bool:
    """Whether two rows have a tie of any context."""
    return int(tie_slot(model.records, np.uint32(a), np.uint32(b))) >= 0


def order_of_luck(model: PlaceModel, row: int) -> tuple[float, int]:
    """What puts residents in an order for pairing that depends on their luck this week, never on their rows."""
    berth, generation = int(model.columns.berth[row]), int(model.columns.generation[row])
    return draws.draw(model.seed, draws.PAIRING, model.week, berth, generation)[0], berth

"""The ties of volunteering: volunteers who work together, and volunteers and the clients whom they visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import draws
from simulator.categories import NO_TIE, TIE_SLOTS, VOLUNTEER
from simulator.kernels import volunteering

if TYPE_CHECKING:
    from simulator.model import PlaceModel


def tie_together(model: PlaceModel, a: int, b: int) -> bool:
    """Begin a tie of volunteering between two rows, as strong as one meeting makes it; return whether it was made.

    It meets with the probability of its context and grows with its hours, as other ties do. Nothing happens to two who
    are tied already, or where 15 stronger ties leave no room.
    """
    return bool(volunteering.begin(model.records, a, b, model.packed, model.packed_now))


def part(model: PlaceModel, a: int, b: int) -> None:
    """Two who met through volunteering do so no more: friends if they have become close enough, else a fading tie."""
    volunteering.end(model.records, a, b, model.packed, model.packed_now)


def part_from_all(model: PlaceModel, row: int) -> None:
    """A volunteer who stops meets nobody through volunteering any more."""
    me = model.records[row]
    for slot in range(TIE_SLOTS):
        if me["context"][slot] == VOLUNTEER and me["other"][slot] != row:
            part(model, row, int(me["other"][slot]))


def are_tied(model: PlaceModel, a: int, b: int) -> bool:
    """Whether two rows have a tie of any context."""
    me = model.records[a]
    return bool(((me["other"] == b) & (me["context"] != NO_TIE)).any())


def order_of_luck(model: PlaceModel, row: int) -> tuple[float, int]:
    """What puts residents in an order for pairing that depends on their luck this week, never on their rows."""
    berth, generation = int(model.columns.berth[row]), int(model.columns.generation[row])
    return draws.draw(model.seed, draws.PAIRING, model.week, berth, generation)[0], berth

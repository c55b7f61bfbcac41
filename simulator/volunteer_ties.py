"""The ties of volunteering: volunteers who work together, and volunteers and the clients whom they visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import draws
from simulator.categories import NO_TIE, TIE_SLOTS, VOLUNTEER
from simulator.kernels import volunteering
from simulator.rules import ties

if TYPE_CHECKING:
    from simulator.model import PlaceModel


def work_together(model: PlaceModel, a: int, b: int) -> bool:
    """Begin a tie between two volunteers of a team, as strong as one meeting makes it; return whether it was made.

    It meets with the probability of its context and grows with its hours, as other ties do. Nothing happens to two who
    are tied already, or where 15 stronger ties leave no room.
    """
    rates = model.rates.ties
    level = ties.level_of(float(rates.contact_probability[VOLUNTEER]))
    strength = ties.growth(float(rates.hours_per_contact[VOLUNTEER]), rates.hours_to_close, rates.close_strength)
    return bool(volunteering.begin(model.records, a, b, (level, strength), model.packed_now))


def visit(model: PlaceModel, volunteer: int, client: int, programme: int) -> bool:
    """Begin the tie of a volunteer and a client, who meet as often and as long as the programme has it; as above."""
    table = model.programme_table
    kind = int(table.tie_level[programme]), float(table.tie_strength[programme])
    return bool(volunteering.begin(model.records, volunteer, client, kind, model.packed_now))


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

"""Programmes bought with released or new money, which arrives by quarter and pays for units after a lag."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

import mesa
import numpy as np

from simulator.agents.ledger import share_out
from simulator.agents.place_state import PlaceState
from simulator.agents.staff import AddedStaff
from simulator.agents.volunteers import VolunteerDemand, care_share, pair_clients, people_asked, volunteers_of
from simulator.events import conversations
from simulator.evidence.parameters import Table
from simulator.foundations.categories import (
    ASSESSOR,
    CLINICIAN,
    CONSULTATION,
    DISCHARGE_COORDINATOR,
    HOME_CARER,
    MINUTES_PER_HOUR,
    PAYERS,
    PROGRAMME_SLOTS,
    ROLE_SERVICE,
    SERVICES,
    WEEKS_PER_QUARTER,
    WEEKS_PER_YEAR,
)
from simulator.kernels.workspace import MEMBER_WEEKS, U8, Workspace
from simulator.rules import offset, programmes
from simulator.rules.programmes import ENROLLED
from simulator.specification.programme_packing import in_channels
from simulator.specification.programme_table import MEMBERSHIPS, sums_by_membership

RELEASED: Final = "released"


class Programme(mesa.Agent):
    """A programme: money received by source and payer, whole-time units in operation, and places for residents."""

    def __init__(self, model: PlaceState, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.plan = model.spec.programmes[index]
        self.name = self.plan.name
        self.numbers = in_channels(self.plan, model.programme_numbers[index], model.spec.channels)
        self.booked: defaultdict[tuple[int, str, str], int] = defaultdict(int)
        self._pence_by_week: defaultdict[int, int] = defaultdict(int)
        self._units: dict[int, float] = {}
        for funding in model.spec.funding:
            if funding.programme == index:
                until = min(funding.until_week, model.spec.weeks)
                for week in range(funding.from_week, until):
                    self.receive(week, funding.pence_per_week, funding.kind, PAYERS[funding.payer])

    def receive(self, week: int, pence: int, source: str, payer: str) -> None:
        """Receive money for one week of the scenario."""
        self._units.clear()
        self._pence_by_week[week] += pence
        self.booked[week // WEEKS_PER_QUARTER, source, payer] += pence

    def receive_quarter(self, quarter: int, pence: int, payer: str) -> None:
        """Receive released money for a quarter, spread over its weeks without losing a penny."""
        for week in range(WEEKS_PER_QUARTER):
            share = pence * (week + 1) // WEEKS_PER_QUARTER - pence * week // WEEKS_PER_QUARTER
            self.receive(quarter * WEEKS_PER_QUARTER + week, share, RELEASED, payer)

    def received(self, quarter: int) -> int:
        """Pence received for this quarter so far, from all sources."""
        return sum(pence for (when, _, _), pence in self.booked.items() if when == quarter)

    def number(self, name: str) -> float:
        """A number of this programme in this run; 0 if its file does not set it or its channel is switched off."""
        return self.numbers.get(name, 0.0)

    def committed(self, quarter: int) -> int:
        """Cost in this quarter of the posts to which the scenario is committed [pence]."""
        units = 0.0
        for commitment in self.model.spec.commitments:
            if commitment.programme == self.index and commitment.from_week < (quarter + 1) * WEEKS_PER_QUARTER:
                units += commitment.units
        return offset.whole_pence(units * self.number("unit_cost") * WEEKS_PER_QUARTER / WEEKS_PER_YEAR)

    def units(self, week: int) -> float:
        """Whole-time units in operation: those paid for by the money of ``lag`` weeks ago, if it still arrives.

        New posts take the lag to fill; posts that lose their money end at once. There are none if a study's control
        arm is everyone. Cached until money is received.
        """
        if week not in self._units:
            control_arm, lag = self.model.spec.control_arm, int(self.number("lag"))
            none = week < lag or (control_arm.programme == self.index and control_arm.share >= 1.0)
            pence = 0 if none else min(self._pence_by_week[week - lag], self._pence_by_week[week])
            self._units[week] = offset.units_from_money(pence, self.number("unit_cost"))
        return self._units[week]

    def volunteers_wanted(self, week: int) -> VolunteerDemand | None:
        """Volunteers needed by the units in operation, or None."""
        units, per_unit = self.units(week), self.number("volunteers_per_unit")
        if per_unit <= 0.0 or units <= 0.0:
            return None
        hours, team, clients = self.number("volunteer_hours"), 0.0, 0.0
        if self.plan.ties == "group":
            team = per_unit
        elif self.plan.ties == "volunteer":
            clients = self.number("caseload") / per_unit
        return VolunteerDemand(self.index, units * per_unit, hours, clients, team)

    def staffed_units(self, week: int) -> float:
        """Units in operation, reduced in proportion if volunteers' hours fall short."""
        demand = self.volunteers_wanted(week)
        return self.units(week) * (1.0 if demand is None else care_share(self.model, demand))

    def places(self, week: int) -> float:
        """Residents who can take part at one time; 0 if the programme only supports services."""
        return self.staffed_units(week) * self.number("caseload") if self.plan.takes_members else 0.0

    def offer(self, workspace: Workspace, week: int, places: float | None = None) -> float:
        """Probability that an eligible resident is offered a place this week; ``places`` may be passed if known."""
        free = (self.places(week) if places is None else places) - int(workspace.members[self.index])
        return programmes.offer_probability(
            self.number("offer_rate"), self.number("engagement"), free, int(workspace.eligible[self.index])
        )

    def continuity_gain(self, members: int, week: int) -> float:
        """Added probability that a member sees the usual clinician, in proportion to the dose."""
        hours = self.staffed_units(week) * self.number("hours_per_unit")
        return self.number("continuity_gain") * programmes.dose(hours, members, self.number("minutes_per_member"))


def _programmes(model: PlaceState) -> tuple[Programme, ...]:
    return model.programmes


class OffersAndPlaces(NamedTuple):
    """Offers and places of programmes this week, by slot, shape (P,); fields as in `workspace.WeekInputs`."""

    offers: Table
    still_open: U8
    working: U8
    room: Table


def offers_and_places(model: PlaceState) -> OffersAndPlaces:
    """This week's offer probabilities, programmes with units and with places, and room for introductions."""
    offers, units, places = np.zeros((3, PROGRAMME_SLOTS))
    for one in _programmes(model):
        there = places[one.index] = one.places(model.elapsed)
        offers[one.index] = one.offer(model.workspace, model.elapsed, there)
        units[one.index] = one.units(model.elapsed) if one.plan.takes_members else 0.0
    still_open, working = ((having > 0.0).astype(np.uint8) for having in (units, places))
    return OffersAndPlaces(offers, still_open, working, _room(model, offers, places))


def _room(model: PlaceState, offers: Table, places: Table) -> Table:
    """Share of the people expected to be introduced to each programme this week who find a place, shape (P,)."""
    brought = np.zeros(PROGRAMME_SLOTS)
    for one in _programmes(model):
        to = int(model.programme_table.introduces[one.index])
        if to >= 0:
            joining = float(offers[one.index]) * int(model.workspace.eligible[one.index]) * one.number("engagement")
            spoken_to = conversations_each(one) * len(volunteers_of(model, one.index))
            brought[to] += (joining + spoken_to) * one.number("introduction")
    free = places - model.workspace.members
    return np.array([programmes.room(float(there), float(come)) for there, come in zip(free, brought, strict=True)])


def bought_capacity(model: PlaceState, service: str, kind: str) -> float:
    """Capacity of this kind that programmes add to a service this week [per week]."""
    week, wanted = model.elapsed, (service, kind)
    return sum(one.units(week) * one.number("capacity") for one in _programmes(model) if one.plan.adds == wanted)


def bought_training(model: PlaceState, service: str) -> float:
    """Hours of training in relational skills that programmes provide to a service's staff this week."""
    week = model.elapsed
    wanted = (one for one in _programmes(model) if one.plan.trains == service)
    return sum(one.units(week) * one.number("training_hours") for one in wanted)


_ROLE_OF: Final = {
    ("adult_social_care", "assessment_hours"): ASSESSOR,
    ("adult_social_care", "home_care_hours"): HOME_CARER,
    ("hospital", "discharge_hours"): DISCHARGE_COORDINATOR,
}
"""The role whose hours a programme's added capacity increases; appointments become clinicians' hours."""


def staff_bought(model: PlaceState, added: AddedStaff) -> AddedStaff:
    """``added`` plus the staff and training hours bought by programmes, whose cost is the programmes' money."""
    if not any(one.plan.adds or one.plan.trains for one in _programmes(model)):
        return added
    hours, training = added.hours.copy(), added.training.copy()
    for (service, kind), role in _ROLE_OF.items():
        hours[role] += bought_capacity(model, service, kind)
    minutes = float(model.rates.contacts.minutes_per_contact[CONSULTATION])
    hours[CLINICIAN] += bought_capacity(model, "gp_practice", "appointments") * minutes / MINUTES_PER_HOUR
    for index, service in enumerate(SERVICES):
        # Skill belongs to the service, so any of its roles will do.
        training[ROLE_SERVICE.index(index)] += bought_training(model, service)
    return added._replace(hours=hours, training=training)


def volunteers_asked(model: PlaceState, week: int) -> float:
    """People asked to volunteer this week by recruiters whom programmes pay for."""
    return sum(one.units(week) * one.number("volunteer_asks") for one in _programmes(model))


def volunteer_leaving_ratio(model: PlaceState, week: int) -> float:
    """Effect of volunteer support on the rate of leaving [ratio], given the share of volunteers it reaches."""
    effect = 0.0
    for one in _programmes(model):
        reached = one.units(week) * one.number("volunteers_supported")
        effect += one.number("volunteer_leaving") * min(1.0, reached / max(1, len(model.volunteers)))
    return math.exp(effect)


def asks_ratio(model: PlaceState, demands: Sequence[VolunteerDemand]) -> float:
    """People asked to volunteer, relative to those asked without paid recruiters [ratio]."""
    usual = sum(people_asked(model, demand) for demand in demands)
    return 1.0 + volunteers_asked(model, model.elapsed) / usual if usual > 0.0 else 1.0


def volunteer_demands(model: PlaceState) -> list[VolunteerDemand]:
    """Demand for volunteers from the programmes in operation this week."""
    wanted = (programme.volunteers_wanted(model.elapsed) for programme in _programmes(model))
    return [demand for demand in wanted if demand is not None]


def visit_clients(model: PlaceState, demands: Sequence[VolunteerDemand]) -> None:
    """Pair members with volunteers who have room, in programmes that form such ties; existing pairs are kept."""
    for demand in demands:
        if demand.clients_each > 0.0 and model.programme_table.tie_level[demand.programme] > 0:
            members = model.columns.programme_status[:, demand.programme] == ENROLLED
            pair_clients(model, demand, np.flatnonzero(members).tolist())


def conversations_each(one: Programme) -> float:
    """Conversations per week of each volunteer of a programme in which others are pointed to what there is."""
    return one.number("conversations") / WEEKS_PER_YEAR


def converse(model: PlaceState, demands: Sequence[VolunteerDemand]) -> None:
    """Volunteers of programmes whose file says so point others to groups and back to old ties."""
    for demand in demands:
        per_week = conversations_each(_programmes(model)[demand.programme])
        if per_week > 0.0:
            rows = [each.row for each in volunteers_of(model, demand.programme) if each.hours_now > 0.0]
            kind = (demand.programme, per_week)
            conversations.converse(model.records, model.workspace, rows, kind, model.packed, model.packed_now)


def continuity_gains(model: PlaceState) -> Table:
    """Added probability of seeing the usual clinician, by membership, shape (2**P,)."""
    gains = np.zeros(PROGRAMME_SLOTS)
    for one in _programmes(model):
        if one.number("continuity_gain") > 0.0:
            gains[one.index] = one.continuity_gain(int(model.workspace.members[one.index]), model.elapsed)
    return sums_by_membership(gains) if gains.any() else np.zeros(MEMBERSHIPS)


def note_members(workspace: Workspace) -> None:
    """Add this week's members to the quarter's member-weeks."""
    workspace.taking_part[:, MEMBER_WEEKS] += workspace.members


def buy(model: PlaceState, pence: int, payer: int) -> None:
    """Pass a quarter's reinvested ``pence`` of one payer to the programmes for the next quarter.

    Committed posts are paid first; the rest is divided by the scenario's shares.
    """
    quarter = model.quarter + 1
    if pence <= 0 or quarter * WEEKS_PER_QUARTER >= model.spec.weeks:
        return
    left = pence
    for programme in _programmes(model):
        committed = programme.committed(quarter) - programme.received(quarter)
        paid = max(0, min(left, committed))
        programme.receive_quarter(quarter, paid, PAYERS[payer])
        left -= paid
    for programme, part in zip(_programmes(model), share_out(left, model.spec.programme_shares), strict=True):
        programme.receive_quarter(quarter, part, PAYERS[payer])

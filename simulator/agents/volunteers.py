"""Volunteers: residents asked to help, with hours and strain of their own, who visit, host, tire and stop."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import mesa

from simulator.agents.place_state import PlaceState
from simulator.agents.recruiting import Invitation, VolunteerPool, ask_residents, identity, personal_draws
from simulator.agents.volunteer_book import Identity
from simulator.events import volunteering
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import NO_TIE, TIE_SLOTS, VOLUNTEER
from simulator.foundations.measures import MILLIONTHS
from simulator.population.columns import AWAY_GROUP
from simulator.rules import chance, ties
from simulator.rules import volunteers as rules
from simulator.rules.programmes import ENROLLED

_A_TEAM: Final = 2
"""People who make a team."""


class VolunteerDemand(NamedTuple):
    """Volunteers that a programme wants this week."""

    programme: int  # slot in the run
    volunteers: float  # people
    hours_each: float  # hours a week, of each of them
    clients_each: float = 0.0  # people whom each of them visits; 0: they work as a group
    team: float = 0.0  # people who work together and get to know each other; below 2: alone


class Volunteer(mesa.Agent):
    """A resident's role: for which programme, with what hours and strain, for whom, since when, asked by whom."""

    def __init__(
        self,
        model: PlaceState,
        row: int,
        week: int,
        programme: int,
        asked_by: Identity | None = None,
    ) -> None:
        super().__init__(model)
        self.row = row
        self._record = model.records[row]
        self.person = identity(model, row)
        self.since_week = week
        self.programme = programme
        self.asked_by = asked_by
        self.uniforms = personal_draws(model, row)
        self.hours = VolunteerPool(model).hours(row, self.uniforms)
        self.strain = 0.0
        self.team = 0
        self.clients: list[tuple[int, Identity]] = []

    @property
    def still_here(self) -> bool:
        """Whether the same person still holds the berth."""
        return bool(self._record["generation"] == self.person[1])

    @property
    def tenure(self) -> int:
        """Weeks since the volunteer began."""
        return int(self.model.week) - self.since_week

    @property
    def hours_now(self) -> float:
        """Hours the volunteer has this week: none in hospital."""
        return 0.0 if self._record["days_in_hospital"] > 0 else self.hours

    def leaves(self, pool: VolunteerPool, leaving_ratio: float) -> bool:
        """Whether the volunteer stops this week."""
        rates = self.model.rates.volunteers
        unwilling = 0.0 if pool.is_willing(self.row, self.uniforms) else rates.unwilling_leaving_rate
        rate = rules.leaving_rate(
            rates.leaving_rate, leaving_ratio, self.strain, rates.strain_leaving_effect, unwilling
        )
        u = draws.draw(self.model.seed, draws.VOLUNTEERING, self.model.week, *self.person)[0]
        return bool(u < chance.weekly_probability(rate))


def volunteer(
    model: PlaceState, demands: Sequence[VolunteerDemand], asks_ratio: float = 1.0, leaving_ratio: float = 1.0
) -> None:
    """A week of volunteering: some stop, some are asked and begin, all give the hours they have.

    ``asks_ratio`` [ratio] on the people asked and ``leaving_ratio`` [ratio] on the rate of leaving are what a programme
    that finds and looks after volunteers does.
    """
    pool = VolunteerPool(model)
    stand_down(model, pool, {demand.programme for demand in demands}, leaving_ratio)
    for demand in demands:
        recruit(model, pool, demand, asks_ratio)
    for demand in demands:
        work(model, demand)


def stand_down(model: PlaceState, pool: VolunteerPool, wanted: set[int], leaving_ratio: float) -> None:
    """Volunteers who stop, moved away or died are volunteers no more; nor is anyone of a programme that has closed."""
    for each in list(model.volunteers):
        if not each.still_here:
            _remove(model, each)
        elif each.programme not in wanted or each.leaves(pool, leaving_ratio):
            model.columns.volunteer[each.row] = 0
            end_all_meetings(model, each.row)
            if each.programme in wanted:
                model.volunteering.memory.rests(each.person, model.week + model.rates.volunteers.rest_weeks)
                model.volunteering.tally_of(each.programme).left += 1
            _remove(model, each)


def _remove(model: PlaceState, each: Volunteer) -> None:
    model.volunteers.remove(each)
    each.remove()


def recruit(model: PlaceState, pool: VolunteerPool, demand: VolunteerDemand, asks_ratio: float = 1.0) -> None:
    """Ask residents until the week's asks are used up or the programme has the volunteers it wants.

    However many are missing, a programme does not ask more people in a week than live there.
    """
    mine = volunteers_of(model, demand.programme)
    missing = math.ceil(demand.volunteers) - len(mine)
    if missing <= 0:
        return
    asks = min(people_asked(model, demand) * asks_ratio, float(len(model.records)))
    tally = model.volunteering.tally_of(demand.programme)
    for answer in ask_residents(model, pool, mine, asks, (demand.programme, demand.hours_each)):
        tally.asked += 1
        if answer.said_yes:
            tally.said_yes += 1
            _begin(model, answer, demand)
            missing -= 1
            if missing == 0:
                return


def people_asked(model: PlaceState, demand: VolunteerDemand) -> float:
    """People whom a programme asks this week by itself: so many for each volunteer who is missing."""
    missing = max(0, math.ceil(demand.volunteers) - len(volunteers_of(model, demand.programme)))
    return missing * model.rates.volunteers.asks_per_vacancy


def _begin(model: PlaceState, answer: Invitation, demand: VolunteerDemand) -> None:
    """A resident becomes a volunteer, and gets to know the others of the team."""
    new = Volunteer(model, answer.row, model.week, demand.programme, answer.asked_by)
    model.columns.volunteer[answer.row] = 1
    if demand.team >= _A_TEAM and "volunteers" in model.spec.channels:
        mates = volunteers_of(model, demand.programme)
        teams = max(1, math.ceil(demand.volunteers / demand.team))
        sizes = Counter(mate.team % teams for mate in mates)
        # Of more teams than there are people, one of the first is empty: the others need not be looked at.
        new.team = min(range(min(teams, len(mates) + 1)), key=sizes.__getitem__)
        for mate in mates:
            if mate.team % teams == new.team:
                work_together(model, new.row, mate.row)
    model.volunteers.append(new)


def work(model: PlaceState, demand: VolunteerDemand) -> None:
    """The programme's volunteers give their hours, are counted, and are strained by what is more than they have."""
    rates, tally = model.rates.volunteers, model.volunteering.tally_of(demand.programme)
    for each, asked, hours in demand_per_volunteer(volunteers_of(model, demand.programme), demand):
        each.strain = rules.strain_after_week(each.strain, rules.overload(asked, hours), rates.strain_weeks)
        care = rules.care_hours(asked, hours, each.strain, rates.strain_quality_effect)
        tally.weeks += 1
        tally.hours += int(min(asked, hours) * MILLIONTHS)
        tally.care_hours += int(care * MILLIONTHS)
        tally.strain += int(each.strain * MILLIONTHS)
        if model.spec.programmes[demand.programme].ties == "group":
            _sit_at_the_table(model, each.row, demand.programme)


def _sit_at_the_table(model: PlaceState, row: int, group: int) -> None:
    """Whoever runs a group sits there like any member, and comes whenever well."""
    person = model.records[row]
    if person["programme_status"][group] != ENROLLED:
        person["programme_status"][group] = ENROLLED
        person["programme_weeks"][group] = 0
        person["enrolled"] |= 1 << group
        person["care_plan"] |= (model.programme_table.care_plans >> group) & 1
        model.workspace.members[group] += 1
        person["away"] &= 255 - AWAY_GROUP
        model.workspace.away[row] = person["away"]


def volunteers_of(model: PlaceState, programme: int) -> list[Volunteer]:
    """Volunteers of one programme, in the order in which they began."""
    return [each for each in model.volunteers if each.programme == programme]


def demand_per_volunteer(mine: Sequence[Volunteer], demand: VolunteerDemand) -> list[tuple[Volunteer, float, float]]:
    """What is asked of each volunteer of a programme, and what each has [hours per week].

    Visitors are asked for the hours of the clients they have. A group shares all that is wanted, the hours of those
    who are missing included, in proportion to the hours that each has.
    """
    there = [(each, each.hours_now) for each in mine]
    if demand.clients_each > 0.0:
        return [(each, demand.hours_each * len(each.clients) / demand.clients_each, hours) for each, hours in there]
    total, wanted = sum(hours for _, hours in there), demand.volunteers * demand.hours_each
    return [(each, wanted * hours / total if total > 0.0 else 0.0, hours) for each, hours in there]


def care_share(model: PlaceState, demand: VolunteerDemand) -> float:
    """Share of what a programme wants of its volunteers that they give this week, worn by strain [share]."""
    if demand.clients_each > 0.0:
        # Visitors give each client they take on all that was meant for one: fewer of them take fewer clients.
        return min(1.0, len(volunteers_of(model, demand.programme)) / demand.volunteers)
    effect = model.rates.volunteers.strain_quality_effect
    mine = demand_per_volunteer(volunteers_of(model, demand.programme), demand)
    given = sum(rules.care_hours(asked, hours, each.strain, effect) for each, asked, hours in mine)
    wanted = demand.volunteers * demand.hours_each
    return min(1.0, given / wanted) if wanted > 0.0 else 0.0


def pair_clients(model: PlaceState, demand: VolunteerDemand, clients: Iterable[int]) -> int:
    """Give the ``clients`` of a programme (rows) a volunteer each, as far as there is room; return how many have one.

    Whoever is no longer a client, or not the same person, is visited no more. Who comes first among clients and among
    volunteers with room is drawn anew each week; nobody is paired with someone tied to already, or with themselves.
    """
    mine, now = volunteers_of(model, demand.programme), {row: identity(model, row) for row in clients}
    visited = set()
    for each in mine:
        for row, person in list(each.clients):
            if now.get(row) == person and row not in visited:
                visited.add(row)
                continue
            each.clients.remove((row, person))
            if identity(model, row) == person:
                part(model, each.row, row)
    room = max(1, round(demand.clients_each))
    free = sorted((each for each in mine if len(each.clients) < room), key=lambda each: random_order(model, each.row))
    for row in sorted(now.keys() - visited, key=lambda row: random_order(model, row)):
        for each in free:
            if each.row != row and not are_tied(model, each.row, row) and visit(model, each.row, row, demand.programme):
                each.clients.append((row, now[row]))
                visited.add(row)
                if len(each.clients) == room:
                    free.remove(each)
                break
    return len(visited)


# The ties of volunteering: volunteers who work together, and volunteers and the clients whom they visit.


def work_together(model: PlaceState, a: int, b: int) -> bool:
    """Begin a tie between two volunteers of a team, as strong as one meeting makes it; return whether it was made.

    It meets with the probability of its context and grows with its hours, as other ties do. Nothing happens to two who
    are tied already, or where 15 stronger ties leave no room.
    """
    rates = model.rates.ties
    level = ties.level_of(float(rates.contact_probability[VOLUNTEER]))
    strength = ties.growth(float(rates.hours_per_contact[VOLUNTEER]), rates.hours_to_close, rates.close_strength)
    return bool(volunteering.begin(model.records, a, b, (level, strength), model.packed_now))


def visit(model: PlaceState, volunteer: int, client: int, programme: int) -> bool:
    """Begin the tie of a volunteer and a client, who meet as often and as long as the programme has it; as above."""
    table = model.programme_table
    kind = int(table.tie_level[programme]), float(table.tie_strength[programme])
    return bool(volunteering.begin(model.records, volunteer, client, kind, model.packed_now))


def part(model: PlaceState, a: int, b: int) -> None:
    """Two who met through volunteering do so no more: friends if they have become close enough, else a fading tie."""
    volunteering.end(model.records, a, b, model.packed, model.packed_now)


def end_all_meetings(model: PlaceState, row: int) -> None:
    """A volunteer who stops meets nobody through volunteering any more."""
    me = model.records[row]
    for slot in range(TIE_SLOTS):
        if me["context"][slot] == VOLUNTEER and me["other"][slot] != row:
            part(model, row, int(me["other"][slot]))


def are_tied(model: PlaceState, a: int, b: int) -> bool:
    """Whether two rows have a tie of any context."""
    me = model.records[a]
    return bool(((me["other"] == b) & (me["context"] != NO_TIE)).any())


def random_order(model: PlaceState, row: int) -> tuple[float, int]:
    """What puts residents in an order for pairing that depends on their luck this week, never on their rows."""
    berth, generation = identity(model, row)
    return draws.draw(model.seed, draws.PAIRING, model.week, berth, generation)[0], berth

"""Volunteers: residents who agree to help, each with their own hours and strain, who visit or host and may stop."""

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
from simulator.kernels.workspace import CAME, PLACES, VOLUNTEERS, WENT
from simulator.population.columns import AWAY_GROUP
from simulator.rules import chance, ties
from simulator.rules import volunteers as rules
from simulator.rules.programmes import ENROLLED

_SMALLEST_TEAM: Final = 2
"""Smallest number of people in a team."""


class VolunteerDemand(NamedTuple):
    """A programme's demand for volunteers this week."""

    programme: int  # slot in the run
    volunteers: float  # people
    hours_each: float  # hours per week per volunteer
    clients_each: float = 0.0  # people visited by each volunteer; 0: they work as a group
    team: float = 0.0  # people who work together and get to know each other; below 2: no team


class Volunteer(mesa.Agent):
    """A resident's role as a volunteer for a programme, with hours, strain, clients, start and who asked."""

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
        """Hours the volunteer has this week: 0 in hospital."""
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
    """Simulate a week of volunteering: some volunteers stop, residents are asked and some start, all give their hours.

    ``asks_ratio`` [ratio] on people asked and ``leaving_ratio`` [ratio] on the rate of leaving are the effects of
    programmes that recruit and support volunteers.
    """
    pool = VolunteerPool(model)
    stand_down(model, pool, {demand.programme for demand in demands}, leaving_ratio)
    for demand in demands:
        recruit(model, pool, demand, asks_ratio)
    for demand in demands:
        work(model, demand)


def stand_down(model: PlaceState, pool: VolunteerPool, wanted: set[int], leaving_ratio: float) -> None:
    """Remove volunteers who stop, have moved away or died, or whose programme has closed."""
    for each in list(model.volunteers):
        if not each.still_here:
            _remove(model, each)
        elif each.programme not in wanted or each.leaves(pool, leaving_ratio):
            model.columns.volunteer[each.row] = 0
            end_volunteer_ties(model, each.row)
            if each.programme in wanted:
                model.volunteering.memory.rests(each.person, model.week + model.rates.volunteers.rest_weeks)
                model.volunteering.tally_of(each.programme).left += 1
            _remove(model, each)


def _remove(model: PlaceState, each: Volunteer) -> None:
    model.volunteers.remove(each)
    model.workspace.flows[VOLUNTEERS, WENT] += 1
    each.remove()


def recruit(model: PlaceState, pool: VolunteerPool, demand: VolunteerDemand, asks_ratio: float = 1.0) -> None:
    """Ask residents until the week's asks are used up or the programme has enough volunteers.

    A programme never asks more people in a week than there are residents.
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
    """People whom a programme asks this week without paid recruiters, in proportion to its vacancies."""
    missing = max(0, math.ceil(demand.volunteers) - len(volunteers_of(model, demand.programme)))
    return missing * model.rates.volunteers.asks_per_vacancy


def _begin(model: PlaceState, answer: Invitation, demand: VolunteerDemand) -> None:
    """A resident becomes a volunteer and gets to know the rest of the team."""
    new = Volunteer(model, answer.row, model.week, demand.programme, answer.asked_by)
    model.columns.volunteer[answer.row] = 1
    model.workspace.flows[VOLUNTEERS, CAME] += 1
    if demand.team >= _SMALLEST_TEAM and "volunteers" in model.spec.channels:
        mates = volunteers_of(model, demand.programme)
        teams = max(1, math.ceil(demand.volunteers / demand.team))
        sizes = Counter(mate.team % teams for mate in mates)
        # If there are more teams than people, one of the first teams is empty; the others need not be checked.
        new.team = min(range(min(teams, len(mates) + 1)), key=sizes.__getitem__)
        for mate in mates:
            if mate.team % teams == new.team:
                work_together(model, new.row, mate.row)
    model.volunteers.append(new)


def work(model: PlaceState, demand: VolunteerDemand) -> None:
    """The programme's volunteers give their hours and are counted; strain follows from being asked for too many."""
    rates, tally = model.rates.volunteers, model.volunteering.tally_of(demand.programme)
    for each, asked, hours in demand_per_volunteer(volunteers_of(model, demand.programme), demand):
        each.strain = rules.strain_after_week(each.strain, rules.overload(asked, hours), rates.strain_weeks)
        care = rules.care_hours(asked, hours, each.strain, rates.strain_quality_effect)
        tally.weeks += 1
        tally.hours += int(min(asked, hours) * MILLIONTHS)
        tally.care_hours += int(care * MILLIONTHS)
        tally.strain += int(each.strain * MILLIONTHS)
        if model.spec.programmes[demand.programme].ties == "group":
            _host_group(model, each.row, demand.programme)


def _host_group(model: PlaceState, row: int, group: int) -> None:
    """Enrol a group's host, who takes part like any member and attends unless in hospital."""
    person = model.records[row]
    if person["programme_status"][group] != ENROLLED:
        person["programme_status"][group] = ENROLLED
        person["programme_weeks"][group] = 0
        person["enrolled"] |= 1 << group
        person["care_plan"] |= (model.programme_table.care_plans >> group) & 1
        model.workspace.members[group] += 1
        model.workspace.flows[PLACES + group, CAME] += 1
        person["away"] &= 255 - AWAY_GROUP
        model.workspace.away[row] = person["away"]


def volunteers_of(model: PlaceState, programme: int) -> list[Volunteer]:
    """Volunteers of one programme, in order of starting."""
    return [each for each in model.volunteers if each.programme == programme]


def demand_per_volunteer(mine: Sequence[Volunteer], demand: VolunteerDemand) -> list[tuple[Volunteer, float, float]]:
    """Each volunteer of a programme with the hours asked and the hours available [hours per week].

    Visitors are asked for the hours of their clients. A group shares the total demand, including the hours of missing
    volunteers, in proportion to the hours available.
    """
    there = [(each, each.hours_now) for each in mine]
    if demand.clients_each > 0.0:
        return [(each, demand.hours_each * len(each.clients) / demand.clients_each, hours) for each, hours in there]
    total, wanted = sum(hours for _, hours in there), demand.volunteers * demand.hours_each
    return [(each, wanted * hours / total if total > 0.0 else 0.0, hours) for each, hours in there]


def care_share(model: PlaceState, demand: VolunteerDemand) -> float:
    """Share of a programme's demand that its volunteers meet this week, reduced by strain [share]."""
    if demand.clients_each > 0.0:
        # Visitors give every client the full hours, so fewer visitors take fewer clients.
        return min(1.0, len(volunteers_of(model, demand.programme)) / demand.volunteers)
    effect = model.rates.volunteers.strain_quality_effect
    mine = demand_per_volunteer(volunteers_of(model, demand.programme), demand)
    given = sum(rules.care_hours(asked, hours, each.strain, effect) for each, asked, hours in mine)
    wanted = demand.volunteers * demand.hours_each
    return min(1.0, given / wanted) if wanted > 0.0 else 0.0


def pair_clients(model: PlaceState, demand: VolunteerDemand, clients: Iterable[int]) -> int:
    """Pair the ``clients`` of a programme (rows) with volunteers who have room; returns the number of pairs.

    Visits to former clients end. Clients and volunteers are taken in a random order, redrawn each week; no one is
    paired with themselves or with someone they already have a tie with.
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
                end_tie(model, each.row, row)
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


def work_together(model: PlaceState, a: int, b: int) -> bool:
    """Form a tie between two volunteers of a team, as strong as after one meeting; returns whether it was formed.

    It meets and grows like other ties. No tie is formed if there is one already or if 15 stronger ties leave no room.
    """
    rates = model.rates.ties
    level = ties.level_of(float(rates.contact_probability[VOLUNTEER]))
    strength = ties.growth(float(rates.hours_per_contact[VOLUNTEER]), rates.hours_to_close, rates.close_strength)
    return bool(volunteering.begin(model.records, a, b, (level, strength), model.packed_now))


def visit(model: PlaceState, volunteer: int, client: int, programme: int) -> bool:
    """Form a tie between a volunteer and a client, who meet as the programme specifies; as in `work_together`."""
    table = model.programme_table
    kind = int(table.tie_level[programme]), float(table.tie_strength[programme])
    return bool(volunteering.begin(model.records, volunteer, client, kind, model.packed_now))


def end_tie(model: PlaceState, a: int, b: int) -> None:
    """End meetings through volunteering: the tie becomes a friendship if close enough, otherwise it fades."""
    volunteering.end(model.records, a, b, model.packed, model.packed_now)


def end_volunteer_ties(model: PlaceState, row: int) -> None:
    """End all volunteering ties of a volunteer who stops."""
    me = model.records[row]
    for slot in range(TIE_SLOTS):
        if me["context"][slot] == VOLUNTEER and me["other"][slot] != row:
            end_tie(model, row, int(me["other"][slot]))


def are_tied(model: PlaceState, a: int, b: int) -> bool:
    """Whether two rows have a tie of any context."""
    me = model.records[a]
    return bool(((me["other"] == b) & (me["context"] != NO_TIE)).any())


def random_order(model: PlaceState, row: int) -> tuple[float, int]:
    """Sort key for a random order of residents this week that does not depend on their rows."""
    berth, generation = identity(model, row)
    return draws.draw(model.seed, draws.PAIRING, model.week, berth, generation)[0], berth

"""The resident's phase of programmes, as one reads it: for whom, offered, taken up, left."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ALTERNATIVES
from simulator.kernels.cells import by_conditions
from simulator.kernels.workspace import ENGAGEMENTS, OFFERS
from simulator.population.columns import AWAY_GROUP, DECLINED, ENROLLED, FINISHED, NOT_ENROLLED, QUARTERS_REMEMBERED
from simulator.programme_files import Wanted
from simulator.residents.view import ResidentView
from simulator.rules import eligibility, programmes
from simulator.specification.programme_table import ProgrammeTable


class TakingPart(ResidentView):
    """take_part."""

    def take_part(self) -> None:
        """In each programme: stay or leave, be offered a place and take it up or not, be asked again after a time."""
        table, now = self._table, self.now
        self.workspace.joined[self.row] = 0
        came: list[bool] = []  # to each group whose member the resident was or became this week
        for programme in range(now.programmes):
            status = self.programme_status[programme]
            if status == NOT_ENROLLED:
                came += self._consider(programme)
            elif status == ENROLLED:
                came += self._attend(programme)
            else:
                self.programme_weeks[programme] += 1
                if self.programme_weeks[programme] >= table.asked_again[programme]:
                    self.programme_status[programme] = NOT_ENROLLED
        members_of = [p for p in range(now.programmes) if self.programme_status[p] == ENROLLED]
        self.enrolled = sum(1 << programme for programme in members_of)
        self.care_plan = int(self.enrolled & table.care_plans != 0)
        if any(came):
            self.away &= 255 - AWAY_GROUP
        elif came:
            self.away |= AWAY_GROUP
        in_groups = self.enrolled & table.groups != 0
        self.workspace.came[self.row] = int(in_groups and not self.away & AWAY_GROUP)

    @property
    def _table(self) -> ProgrammeTable:
        return self.model.programme_table

    def _admissions_in(self, quarters: int) -> int:
        """Emergency admissions in this many quarters, this one included."""
        slots = ((self.now.quarter_slot - back) % QUARTERS_REMEMBERED for back in range(quarters))
        return sum(int(self.admissions_by_quarter[slot]) for slot in slots)

    def _eligible(self, programme: int) -> bool:
        """Whether all conditions of one of the programme's alternatives are met."""
        alternatives = self.model.spec.programmes[programme].eligible
        first = programme * ALTERNATIVES
        return any(self._fits(one, float(self.now.risk_at_least[first + k])) for k, one in enumerate(alternatives))

    def _fits(self, want: Wanted, risk_at_least: float) -> bool:
        """Whether every condition of an alternative is met."""
        return (
            eligibility.of_age(self.age_weeks, want.youngest, want.older_than_all)
            and self.conditions >= want.conditions
            and eligibility.as_wanted(self.lonely, want.lonely)
            and eligibility.as_wanted(self.lives_alone, want.alone)
            and eligibility.is_among(self.deprivation, want.deprivation)
            and eligibility.is_among(self.digital_capability, want.digital)
            and eligibility.is_among(self.sex, want.sex)
            and eligibility.was_in_hospital(self.days_in_hospital, self.weeks_since_discharge, want.discharged)
            and self._admissions_in(want.quarters) >= want.admissions
            and eligibility.as_wanted(int(self.connection_gap > 0.0), want.unmet)
            and (want.top_share >= 1.0 or self._predicted_risk() >= risk_at_least)
        )

    def _predicted_risk(self) -> float:
        index = by_conditions(self.age_band, self.deprivation, self.conditions)
        usual = float(self.model.tables.episode[index * 2])
        per_admission = self.model.rates.programmes.risk_per_admission
        return eligibility.predicted_risk(usual, self._admissions_in(QUARTERS_REMEMBERED), per_admission)

    def _may_be_offered(self, programme: int) -> bool:
        """Whether the resident is in the offer arm; everyone is, unless offers are randomised.

        A study may withhold the programme besides, by a lot of its own.
        """
        share, withheld = float(self._table.randomise[programme]), programme == self.now.withheld
        if share >= 1.0 and not withheld:
            return True
        stream = int(self._table.trial_stream[programme])
        u, u_withheld, _, _ = draws.draw(self.now.seed, stream, 0, self.berth, self.generation)
        return bool(u < share and not (withheld and u_withheld < self.now.withheld_share))

    def _consider(self, programme: int) -> list[bool]:
        """May be offered a place and take it up; says of each group joined that the resident came."""
        table, now, work = self._table, self.now, self.workspace
        if not (now.working[programme] and self._eligible(programme) and self._may_be_offered(programme)):
            return []
        u_offer, u_engages, u_introduced, _ = self.draw(int(table.offer_stream[programme]))
        if u_offer >= now.offers[programme]:
            work.eligible[programme] += 1
            return []
        work.taking_part[programme, OFFERS] += 1
        if u_engages >= table.engagement[programme]:
            self.programme_status[programme] = DECLINED
            self.programme_weeks[programme] = 0
            return []
        work.taking_part[programme, ENGAGEMENTS] += 1
        self._enrol(programme, float(table.unmet_need_found[programme]))
        work.members[programme] += 1
        came = [True] if self._is_group(programme) else []
        other = int(table.introduces[programme])
        if other >= 0 and u_introduced < table.introduction[programme] * now.room[other]:
            came += self._introduce(programme)
        return came

    def _introduce(self, programme: int) -> list[bool]:
        """Brought to the other programme; a later one counts its newcomer itself, since its turn is yet to come."""
        other = int(self._table.introduces[programme])
        enrolled = self.programme_status[other] == ENROLLED
        if not self.now.working[other] or enrolled or not self._may_be_offered(other):
            return []
        self._enrol(other, 0.0)
        if other > programme:
            return []
        self.workspace.members[other] += 1
        return [True] if self._is_group(other) else []

    def _enrol(self, programme: int, needs_found: float) -> None:
        self.programme_status[programme] = ENROLLED
        self.programme_weeks[programme] = 0
        self.workspace.joined[self.row] |= 1 << programme
        if needs_found > 0.0:
            self.unmet_need += needs_found
            self.waiting_for_gp = 1

    def _attend(self, programme: int) -> list[bool]:
        """Stays or leaves; says whether the resident comes to the group, if it is one."""
        table = self._table
        self.programme_weeks[programme] += 1
        u_leaves, u_attends, _, _ = self.draw(int(table.member_stream[programme]))
        still_open = bool(self.now.still_open[programme])
        leaves = programmes.leaves_programme(u_leaves, float(table.duration[programme]), still_open)
        if leaves:
            self._leave(programme)
        else:
            self.workspace.members[programme] += 1
        if not self._is_group(programme):
            return []
        return [bool(not leaves and u_attends < table.attendance[programme])]

    def _is_group(self, programme: int) -> bool:
        return bool(self._table.groups >> programme & 1)

    def _leave(self, programme: int) -> None:
        """Leaves, and meets its worker or volunteer no more."""
        self.programme_status[programme] = FINISHED
        self.programme_weeks[programme] = 0
        context, level = self._table.tie_context[programme], self._table.tie_level[programme]
        for slot in range(self.slots_used):
            if context >= 0 and self.context[slot] == context and self.contact_level[slot] == level:
                self.contact_level[slot] = 0
                self.meetings[slot] = 0
                return

"""Readable version of the phase take_part."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ALTERNATIVES, QUARTERS_REMEMBERED
from simulator.kernels.cells import by_conditions
from simulator.kernels.workspace import CAME, ENGAGEMENTS, OFFERS, PLACES, WENT
from simulator.population.columns import AWAY_GROUP
from simulator.programme_files import EligibilityRule
from simulator.residents.view import ResidentView
from simulator.rules import eligibility, loneliness, practice_queue, programmes
from simulator.rules.programmes import COMES, CONTROL, ENROLLED, HERE, JOINS_TWO, LEAVES, NOT_ENROLLED
from simulator.specification.programme_table import ProgrammeTable


class TakingPart(ResidentView):
    """Phase take_part."""

    def take_part(self) -> None:
        """In each programme, members stay or leave and eligible residents may be offered a place and take it up."""
        table, work = self._table, self.workspace
        work.joined[self.row] = 0
        seen = 0
        for programme in range(self.now.programmes):
            pointed = int(work.pointed[self.row]) >> programme & 1
            if self.programme_status[programme] == NOT_ENROLLED and not self._could_join(programme, pointed):
                continue
            action = self._week_in(programme, pointed)
            could, offered, engaged, member = programmes.programme_counts(action)
            work.eligible[programme] += (could + offered) * (1 - pointed)
            work.taking_part[programme, OFFERS] += offered
            work.taking_part[programme, ENGAGEMENTS] += engaged
            work.flows[PLACES + programme, CAME] += engaged
            work.flows[PLACES + programme, WENT] += action == LEAVES
            work.members[programme] += member
            if self._is_group(programme):
                seen |= programmes.seen_at_group(action)
            if action == LEAVES:
                self._end_contact_with_worker(programme)
            if action == COMES:
                share = self.model.rates.loneliness.session_share
                self.outlook = loneliness.outlook_after_sessions(self.outlook, float(table.sessions[programme]), share)
            if engaged:
                self._join(programme, float(table.unmet_need_found[programme]))
            if action == JOINS_TWO:
                seen |= self._introduce(programme)
        work.pointed[self.row] = 0
        members_of = [p for p in range(self.now.programmes) if self.programme_status[p] == ENROLLED]
        self.enrolled = sum(1 << programme for programme in members_of)
        self.care_plan = int(self.enrolled & table.care_plans != 0)
        missed = programmes.misses_groups(bool(self.away & AWAY_GROUP), seen)
        self.away = self.away & ~AWAY_GROUP | AWAY_GROUP * missed
        work.attended[self.row] = int(self.enrolled & table.groups != 0 and not missed)

    @property
    def _table(self) -> ProgrammeTable:
        return self.model.programme_table

    def _admissions_in(self, quarters: int) -> int:
        """Emergency admissions in the last ``quarters`` quarters, including the current one."""
        slots = ((self.now.quarter_slot - back) % QUARTERS_REMEMBERED for back in range(quarters))
        return sum(int(self.admissions_by_quarter[slot]) for slot in slots)

    def _eligible(self, programme: int) -> bool:
        """Whether all conditions of one of the programme's alternatives are met."""
        alternatives = self.model.spec.programmes[programme].eligible
        first = programme * ALTERNATIVES
        return any(self._fits(one, float(self.now.risk_at_least[first + k])) for k, one in enumerate(alternatives))

    def _fits(self, want: EligibilityRule, risk_at_least: float) -> bool:
        """Whether every condition of an alternative is met."""
        return (
            eligibility.of_age(self.age_weeks, want.youngest, want.older_than_all)
            and self.conditions >= want.conditions
            and eligibility.matches_rule(self.lonely, want.lonely)
            and eligibility.matches_rule(self.lives_alone, want.alone)
            and eligibility.is_among(self.deprivation, want.deprivation)
            and eligibility.is_among(self.digital_capability, want.digital)
            and eligibility.is_among(self.sex, want.sex)
            and eligibility.was_in_hospital(self.days_in_hospital, self.weeks_since_discharge, want.discharged)
            and self._admissions_in(want.quarters) >= want.admissions
            and eligibility.matches_rule(int(self.lasting_score > self.now.score_centre), want.unmet)
            and (want.top_share >= 1.0 or self._predicted_risk() >= risk_at_least)
        )

    def _predicted_risk(self) -> float:
        index = by_conditions(self.age_band, self.deprivation, self.conditions)
        usual = float(self.model.tables.episode[index * 2])
        per_admission = self.model.rates.programmes.risk_per_admission
        return eligibility.predicted_risk(usual, self._admissions_in(QUARTERS_REMEMBERED), per_admission)

    def _may_be_offered(self, programme: int) -> bool:
        """Whether a programme may be offered: always, unless offers are randomised, by its file or by a trial."""
        is_trial = programme == self.now.control_programme and not self.now.control_takes_up
        u, u_control = self._allocation(programme)
        return u < float(self._table.randomise[programme]) and not (is_trial and u_control < self.now.control_share)

    def _is_control_if_joining(self, programme: int) -> bool:
        """Whether a trial that randomises those who take up an offer would not let this resident join."""
        is_trial = programme == self.now.control_programme and bool(self.now.control_takes_up)
        return is_trial and self._allocation(programme)[1] < self.now.control_share

    def _allocation(self, programme: int) -> tuple[float, float]:
        """Permanent uniform numbers of this resident for randomised offers and for a trial of a programme."""
        stream = int(self._table.trial_stream[programme])
        u, u_control, _, _ = draws.draw(self.now.seed, stream, 0, self.berth, self.generation)
        return u, u_control

    def _could_join(self, programme: int, pointed: int) -> bool:
        """Whether someone who is eligible, or whom a conversation pointed to the programme, may become a member."""
        wanted = bool(pointed) or self._eligible(programme)
        return bool(self.now.working[programme] and wanted and self._may_be_offered(programme))

    def _week_in(self, programme: int, pointed: int) -> int:
        """Advance membership or eligibility by a week; returns the action."""
        table, now, other = self._table, self.now, int(self._table.introduces[programme])
        status, weeks = int(self.programme_status[programme]), int(self.programme_weeks[programme])
        stream = table.member_stream[programme] if status == ENROLLED else table.offer_stream[programme]
        introduction = float(table.introduction[programme] * now.room[other]) if other >= 0 else 0.0
        status, weeks, action = programmes.week_in_programme(
            status,
            weeks,
            self.draw(int(stream))[:3],
            (float((now.room if pointed else now.offers)[programme]), float(table.engagement[programme]), introduction),
            (float(table.duration[programme]), float(table.attendance[programme]), bool(now.still_open[programme])),
            float(table.asked_again[programme]),
        )
        if self.programme_status[programme] == NOT_ENROLLED:
            status, action = programmes.randomised(status, action, self._is_control_if_joining(programme))
        self.programme_status[programme], self.programme_weeks[programme] = status, weeks
        return action

    def _introduce(self, programme: int) -> int:
        """Join the other programme; a later one counts the new member itself."""
        other = int(self._table.introduces[programme])
        enrolled = self.programme_status[other] == ENROLLED
        if not self.now.working[other] or enrolled or not self._may_be_offered(other):
            return 0
        is_control = self._is_control_if_joining(other)
        self.programme_status[other], self.programme_weeks[other] = CONTROL if is_control else ENROLLED, 0
        if is_control:
            return 0
        self.workspace.flows[PLACES + other, CAME] += 1
        self._join(other, 0.0)
        if other > programme:
            return 0
        self.workspace.members[other] += 1
        return HERE if self._is_group(other) else 0

    def _join(self, programme: int, needs_found: float) -> None:
        self.workspace.joined[self.row] |= 1 << programme
        if needs_found > 0.0:
            self.unmet_need += needs_found
            self.gp_request = practice_queue.referred(self.gp_request)

    def _is_group(self, programme: int) -> bool:
        return bool(self._table.groups >> programme & 1)

    def _end_contact_with_worker(self, programme: int) -> None:
        """End contact with the programme's worker or volunteer."""
        context, level = self._table.tie_context[programme], self._table.tie_level[programme]
        for slot in range(self.slots_used):
            if context >= 0 and self.context[slot] == context and self.contact_level[slot] == level:
                self.contact_level[slot] = 0
                self.meetings[slot] = 0
                return

"""The resident's phases of illness and care, as one reads them."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import CONSULTATION, DAYS_PER_WEEK, READMISSION_WEEKS, TASKS
from simulator.kernels.workspace import AUTOMATED, BY_STAFF, FAILED, MISSED, RETURNED, ROUTINE, URGENT
from simulator.population.columns import (
    ACUTE_EPISODE,
    ASKS_ROUTINE,
    ASKS_URGENT,
    AWAY_HOSPITAL,
    NEVER_DISCHARGED,
    NO_EPISODE,
    READMISSION,
)
from simulator.residents.social_care import ResidentCare
from simulator.rules import care, chance, contacts, illness


class ResidentHealth(ResidentCare):
    """fall_ill, ask, get_care, recover."""

    def fall_ill(self) -> None:
        """A condition may be added, transient risk may change, an acute episode may come."""
        tables, ill = self.model.tables, self.model.rates.illness
        _, _, u_condition, u_transient = self.draw(draws.LIVE)
        if u_condition < tables.onset[self.age_band * 5 + self.deprivation] and self.conditions < 3:
            self.conditions += 1
        if u_transient < tables.transient:
            self.transient = chance.lognormal_mean_one(self.draw(draws.TRANSIENT)[0], ill.transient_spread)
        self.unmet_need *= tables.unmet_keep
        self.episode = NO_EPISODE
        if self.days_in_hospital > 0:
            return
        u_episode = self.draw(draws.FEEL)[0]
        again = self._readmission_hazard()
        if u_episode < again:
            self.episode = READMISSION
        elif u_episode < again + self._episode_hazard():
            self.episode = ACUTE_EPISODE
        if self.episode != NO_EPISODE:
            self.tally("episodes")

    def _readmission_hazard(self) -> float:
        if self.weeks_since_discharge > READMISSION_WEEKS:
            return 0.0
        effect = self.model.rates.care.support_readmission_effect
        gap = self.support - self.now.reference_support
        weekly = self.model.tables.readmission * float(self.model.programme_table.readmission[self.enrolled])
        return illness.readmission_hazard(weekly, gap, effect)

    def _episode_hazard(self) -> float:
        person = ((self.age_band * 5 + self.deprivation) * 4 + self.conditions) * 2 + self.lonely
        ill = self.model.rates.illness
        return illness.episode_hazard(
            float(self.model.tables.episode[person]) * self.now.local_demand,
            self.frailty,
            self.transient,
            self.continuity - self.model.rates.care.mean_continuity,
            ill.continuity_effect,
            ill.unmet_need_effect * self.unmet_need + float(self.model.programme_table.acute_episodes[self.enrolled]),
        )

    def ask(self) -> None:
        """Routine contacts with services, and a request to the practice if there is a reason for one."""
        self.asking = 0
        if self.days_in_hospital > 0:
            return
        tables, requests = self.model.tables, self.workspace.requests
        _, _, u_consultations, u_others = self.draw(draws.FEEL)
        person = self.age_band * 4 + self.conditions
        wanted = chance.whole_number(u_consultations, float(tables.consultations[person * 2 + self.lonely]))
        asks = self.waiting_for_gp == 1
        for k in range(wanted):
            if self._contact(CONSULTATION, (1.0, *self.draw(draws.CHANNEL + k)[1:])):
                asks = True
        if asks:
            self.asking |= ASKS_ROUTINE
            requests[ROUTINE] += 1
        u_minor = self.draw(draws.LIVE)[3]
        if chance.happens_beyond(u_minor, tables.transient, float(tables.minor_attendance[self.deprivation])):
            self.tally("ae_attendances")
        if self.episode == ACUTE_EPISODE and self.draw(draws.CARE)[0] < self.model.rates.care.asks_gp_first:
            self.asking |= ASKS_URGENT
            requests[URGENT] += 1
        for k in range(chance.whole_number(u_others, float(tables.contacts[person]))):
            u_task, *luck = self.draw(draws.CHANNEL + 16 + k)
            task = self._other_task(person, u_task)
            lower, upper = tables.task_cumulative[person * len(TASKS) + task - 1 : person * len(TASKS) + task + 1]
            self._contact(task, (contacts.luck_left(u_task, float(lower), float(upper)), *luck))

    def _other_task(self, person: int, u: float) -> int:
        cumulative = self.model.tables.task_cumulative
        tasks = len(TASKS)
        return next((task for task in range(1, tasks) if u < cumulative[person * tasks + task]), tasks - 1)

    def _contact(self, task: int, luck: tuple[float, ...]) -> bool:
        """One contact for a task; True if it asks staff for a consultation."""
        rates, task_counts = self.model.rates.contacts, self.workspace.task_counts
        by_machine = float(self.model.tables.failure[task * 3 + self.digital_capability])
        failure = (by_machine, float(self.now.not_through[task]))
        result = contacts.outcome(luck[1], luck[2], luck[3], float(self.now.levels[task]), failure, rates.return_share)
        if result in (contacts.AUTOMATED, contacts.RETURNED, contacts.UNMET):
            self.tally("automated_contacts")
            task_counts[task, AUTOMATED] += 1
            if task == CONSULTATION and result != contacts.RETURNED:
                self.tally("automated_consultations")
        if result == contacts.AUTOMATED:
            if task == CONSULTATION:
                memory = self.model.rates.care.continuity_memory
                self.continuity = care.continuity_after(self.continuity, False, memory)
            self._may_miss(task, luck[0], True)
            return False
        if result in (contacts.RETURNED, contacts.UNMET):
            self.tally("failed_contacts")
            task_counts[task, FAILED] += 1
        if result in (contacts.UNMET, contacts.GAVE_UP):
            self.tally("unmet_needs")
            self.unmet_need += float(rates.unmet_need_weight[task])
            return False
        if result == contacts.RETURNED:
            self.tally("returned_contacts")
            task_counts[task, RETURNED] += 1
        if task == CONSULTATION:
            return True
        self.tally("human_contacts")
        task_counts[task, BY_STAFF] += 1
        gain = rates.trust_gain * float(self.now.skill[task])
        self.trust = contacts.trust_after_contact(self.trust, gain, float(rates.relational_content[task]))
        self._may_miss(task, luck[0], False)
        return False

    def _may_miss(self, task: int, u_missed: float, automatic: bool) -> None:
        """What was booked may be missed."""
        rates = self.model.rates.contacts
        usual = float(rates.missed_probability[task])
        if u_missed < contacts.missed_probability(usual, automatic, rates.missed_automated_ratio):
            self.tally("missed_appointments")
            self.workspace.task_counts[task, MISSED] += 1
            self.unmet_need += rates.missed_need

    def get_care(self) -> None:
        """Requests are seen or refused; an episode goes to A&E or not, and home or into a bed."""
        if self.asking & ASKS_ROUTINE:
            u_seen, u_same, _, _ = self.draw(draws.CONSULTATION)
            if u_seen < self.now.routine_seen:
                self.waiting_for_gp = 0
                self._consult(u_same)
            else:
                self.waiting_for_gp = 1
                self.tally("consultations_refused")
        if self.episode == READMISSION:
            self._readmitted()
        elif self.episode == ACUTE_EPISODE:
            self._acute()

    def _consult(self, u_same_doctor: float) -> None:
        rates, contact_rates = self.model.rates.care, self.model.rates.contacts
        self.tally("consultations")
        self.tally("human_contacts")
        self.workspace.task_counts[CONSULTATION, BY_STAFF] += 1
        same = u_same_doctor < self.now.same_doctor + float(self.now.continuity_gain[self.enrolled])
        self.continuity = care.continuity_after(self.continuity, same, rates.continuity_memory)
        relational = float(contact_rates.relational_content[CONSULTATION])
        gain = contact_rates.trust_gain * float(self.now.skill[CONSULTATION])
        self.trust = contacts.trust_after_contact(self.trust, gain, relational)

    def _usual(self) -> tuple[float, float]:
        """Usual probabilities of a night, and of being recorded without one, at this age and week."""
        rates = self.model.rates.care
        recorded = care.zero_night_probability(
            float(rates.zero_night_probability[self.age_band]),
            rates.zero_night_growth + rates.local_recording_growth,
            self.now.elapsed,
        )
        return float(rates.overnight_probability[self.age_band]), recorded

    def _readmitted(self) -> None:
        overnight, zero_night = self._usual()
        self.tally("ae_attendances")
        u_kept = self.draw(draws.CARE)[3]
        self._admit(u_kept < care.readmitted_overnight_probability(overnight, zero_night))

    def _acute(self) -> None:
        rates = self.model.rates.care
        _, u_seen, u_ae, u_kept = self.draw(draws.CARE)
        seen = bool(self.asking & ASKS_URGENT) and u_seen < self.now.urgent_seen
        if seen:
            self._consult(u_seen / self.now.urgent_seen)
        if u_ae >= care.goes_to_ae_probability(seen, rates.ae_after_gp, rates.ae_without_gp):
            if not seen:
                self.unmet_need += 1.0
                self.tally("unmet_needs")
            return
        self.tally("ae_attendances")
        usual, zero_night = self._usual()
        overnight = u_kept < care.overnight_probability(
            usual,
            self.support - self.now.reference_support,
            rates.support_admission_effect,
            float(self.model.programme_table.overnight_admission[self.enrolled]),
        )
        if overnight or self.draw(draws.STAY)[0] < zero_night:
            self._admit(overnight)

    def _admit(self, overnight: bool) -> None:
        """An emergency admission: recorded, with its days and its wait to leave."""
        rates = self.model.rates.care
        if self.weeks_since_discharge <= READMISSION_WEEKS:
            self.tally("readmissions")
        quarter = self.now.quarter_slot
        self.admissions_by_quarter[quarter] = min(255, int(self.admissions_by_quarter[quarter]) + 1)
        if not overnight:
            self.tally("zero_night_admissions")
            self.weeks_since_discharge = 0
            return
        self.tally("overnight_admissions")
        _, u_days, u_waits, u_wait_days = self.draw(draws.STAY)
        days = chance.whole_days(u_days, float(rates.overnight_days[self.age_band]))
        usual_wait = float(rates.wait_probability[self.age_band]) * self.now.wait_ratio
        usual_wait *= float(self.model.programme_table.waiting[self.enrolled])
        waiting = 0
        if u_waits < care.wait_probability(usual_wait, self.lives_alone, rates.wait_alone_ratio):
            waiting = chance.whole_days(u_wait_days, rates.wait_days)
        self.tally("bed_days", days + waiting)
        self.tally("waiting_days", waiting)
        self.days_in_hospital = days + waiting

    def recover(self) -> None:
        """A week of a stay passes; when its days are over the resident goes home."""
        days = self.days_in_hospital
        if days == 0:
            self.weeks_since_discharge = min(NEVER_DISCHARGED, self.weeks_since_discharge + 1)
            return
        self.days_in_hospital = max(0, days - DAYS_PER_WEEK)
        if self.days_in_hospital > 0:
            self.away |= AWAY_HOSPITAL
        else:
            self.weeks_since_discharge = 1
            self.away &= 255 - AWAY_HOSPITAL

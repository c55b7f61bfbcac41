"""The resident's phase of contacts with services, as one reads it."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import CONSULTATION, TASKS
from simulator.kernels.workspace import AUTOMATED, BY_STAFF, FAILED, MISSED, RETURNED, ROUTINE, URGENT
from simulator.population.columns import ASKS_ROUTINE, ASKS_URGENT
from simulator.residents.view import ResidentView
from simulator.rules import care, chance, contacts
from simulator.rules.illness import ACUTE_EPISODE


class AskingServices(ResidentView):
    """ask."""

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

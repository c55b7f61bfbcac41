"""Readable version of the phase ask."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import CONSULTATION, TASKS
from simulator.kernels.workspace import ROUTINE, URGENT
from simulator.population.columns import ASKS_ROUTINE, ASKS_URGENT
from simulator.residents.queue import QueuingAtPractice
from simulator.rules import chance, contacts, practice_queue
from simulator.rules.illness import ACUTE_EPISODE


class AskingServices(QueuingAtPractice):
    """Phase ask."""

    def ask(self) -> None:
        """An appointment booked earlier takes place; routine contacts are made, and an appointment may be requested."""
        self.asking = 0
        if self.days_in_hospital > 0:
            return
        tables, requests = self.model.tables, self.workspace.requests
        _, _, u_consultations, u_others = self.draw(draws.FEEL)
        person = self.age_band * 4 + self.conditions
        expected = float(tables.wanted[(person * 2 + self.lonely) * 2 + self.saw_usual_gp])
        wanted = chance.whole_number(u_consultations, expected)
        asks = self.gp_request == practice_queue.CALLS_AGAIN
        if self.gp_request == practice_queue.BOOKED:
            self.wait(chance.left_of(u_others, float(tables.contacts[person])))
        for k in range(wanted):
            if self._contact(CONSULTATION, (1.0, *self.draw(draws.CHANNEL + k)[1:])):
                asks = True
        if asks and self.reach(chance.left_of(u_consultations, expected)):
            self.asking |= ASKS_ROUTINE
            requests[ROUTINE] += 1
        u_minor = self.draw(draws.LIVE)[3]
        if chance.happens_beyond(u_minor, tables.transient, float(tables.minor_attendance[self.deprivation])):
            self.tally("ae_attendances")
        if self.episode == ACUTE_EPISODE and self.draw(draws.CARE)[0] < self.model.rates.care.asks_gp_first:
            self.asking |= ASKS_URGENT
            requests[URGENT] += 1
        for k in range(chance.whole_number(u_others, float(tables.contacts[person]))):
            u_task, *uniforms = self.draw(draws.CHANNEL + 16 + k)
            task = self._other_task(person, u_task)
            lower, upper = tables.task_cumulative[person * len(TASKS) + task - 1 : person * len(TASKS) + task + 1]
            self._contact(task, (contacts.remaining_uniform(u_task, float(lower), float(upper)), *uniforms))

    def _other_task(self, person: int, u: float) -> int:
        cumulative = self.model.tables.task_cumulative
        tasks = len(TASKS)
        return next((task for task in range(1, tasks) if u < cumulative[person * tasks + task]), tasks - 1)

    def _contact(self, task: int, uniforms: tuple[float, ...]) -> bool:
        """One contact for a task; returns True if it asks staff for a consultation."""
        rates, consultation = self.model.rates.contacts, task == CONSULTATION
        u_missed, u_channel, u_fails, u_returns = uniforms
        by_machine = float(self.model.tables.failure[task * 3 + self.digital_capability])
        by_machine *= float(self.now.failing[task])
        failure = (by_machine, float(self.now.not_through[task]))
        level = float(self.now.levels[task])
        result = contacts.outcome(u_channel, u_fails, u_returns, level, failure, rates.return_share)
        usual = float(rates.missed_probability[task])
        missed = contacts.misses(result, consultation, u_missed, usual, rates.missed_automated_ratio)
        amounts = contacts.contact_counts(result, consultation, missed)
        self.tally_all(contacts.COUNTED, amounts)
        by_task = self.workspace.task_counts[task]
        by_task += amounts[: len(by_task)]
        gain, content = rates.trust_gain * float(self.now.skill[task]), float(rates.relational_content[task])
        if contacts.answered_by_machine(result, consultation):
            self.saw_usual_gp = 0
        self.trust, self.continuity, self.unmet_need = contacts.after_contact(
            result,
            consultation,
            missed,
            (self.trust, self.continuity, self.unmet_need),
            (gain, content, self.model.rates.care.continuity_memory),
            (float(rates.unmet_need_weight[task]), rates.missed_need),
        )
        return contacts.asks_staff(result, consultation)

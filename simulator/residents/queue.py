"""Readable version of the practice's queue, in the phases ask and get_care."""

from __future__ import annotations

from simulator.foundations.categories import CONSULTATION
from simulator.kernels.workspace import BY_STAFF, FROM_LIST, ON_LIST
from simulator.residents.view import ResidentView
from simulator.rules import care, contacts, practice_queue
from simulator.rules.practice_queue import BOOKED, GIVES_UP, NO_REQUEST, TO_AE, TWO_WEEKS


class QueuingAtPractice(ResidentView):
    """A resident's way through the practice's queue: reaching it, its answer, and waiting."""

    def reach(self, u: float) -> bool:
        """Attempts to reach the practice for an appointment; returns True if one got through."""
        fails = float(self.now.attempt_fails[self.age_band])
        made, failed, u_left = practice_queue.attempts(u, fails, self.model.rates.care.attempts_in_a_week)
        self.tally("practice_attempts", made)
        self.tally("practice_attempts_failed", failed)
        if failed < made:
            self.tally("routine_requests")
            return True
        self._refuse(u_left)
        return False

    def answer_request(self, u_answer: float, u_same_doctor: float, u_after: float) -> None:
        """The practice's answer to a routine request; who has a booking takes to it what is not seen this week."""
        booked = self.gp_request == BOOKED
        answer = practice_queue.answer(u_answer, self.now.turned_away, self.now.routine_seen)
        if answer == practice_queue.SEEN:
            if not booked:
                self._close_request()
            self.consult(u_same_doctor)
        elif answer == practice_queue.TURNED_AWAY:
            self.tally("requests_turned_away")
            self._refuse(u_after)
        elif not booked:
            self.gp_request = BOOKED
            self._wait_on()

    def wait(self, u: float) -> None:
        """A week of someone who has a booking: the appointment takes place, is given up, or is still to come."""
        week = practice_queue.week_on_list(u, self.now.booked_seen, self.model.rates.care.waiting_lapse)
        if week == practice_queue.STILL_WAITS:
            self._wait_on()
        elif week == practice_queue.WAS_SEEN:
            self._close_request()
            self.workspace.requests[FROM_LIST] += 1
            self.consult(u / self.now.booked_seen)
        else:
            self.gp_request, self.gp_request_weeks = NO_REQUEST, 0
            self._give_up()

    def consult(self, u_same_doctor: float) -> None:
        """A consultation with staff, and what it does to continuity, the next visit and trust."""
        rates, contact_rates = self.model.rates.care, self.model.rates.contacts
        self.tally("consultations")
        self.tally("human_contacts")
        self.workspace.task_counts[CONSULTATION, BY_STAFF] += 1
        same = u_same_doctor < self.now.same_doctor + float(self.now.continuity_gain[self.enrolled])
        self.continuity = care.continuity_after(self.continuity, same, rates.continuity_memory)
        self.saw_usual_gp = int(same)
        relational = float(contact_rates.relational_content[CONSULTATION])
        gain = contact_rates.trust_gain * float(self.now.skill[CONSULTATION])
        self.trust = contacts.trust_after_contact(self.trust, gain, relational)

    def _close_request(self) -> None:
        self.tally("late_consultations", int(self.gp_request_weeks > TWO_WEEKS))
        self.gp_request, self.gp_request_weeks = NO_REQUEST, 0

    def _refuse(self, u: float) -> None:
        """What someone does after being turned away or not getting through all week; who has a booking keeps it."""
        if self.gp_request == BOOKED:
            return
        rates = self.model.rates.care
        to_ae, gives_up = (
            float(rates.turned_away_to_ae[self.age_band]),
            float(rates.turned_away_gives_up[self.conditions]),
        )
        action = practice_queue.after_refusal(u, to_ae, gives_up)
        self.gp_request, self.gp_request_weeks = practice_queue.request_after(action, self.gp_request_weeks)
        self.tally("ae_attendances", int(action == TO_AE))
        if action == GIVES_UP:
            self._give_up()

    def _give_up(self) -> None:
        self.tally("gp_requests_given_up")
        self.tally("unmet_needs")
        self.unmet_need += float(self.model.rates.contacts.unmet_need_weight[CONSULTATION])

    def _wait_on(self) -> None:
        """A week of waiting for an appointment, in which the need grows."""
        self.tally("gp_waiting_weeks")
        self.workspace.requests[ON_LIST] += 1
        self.gp_request_weeks = min(practice_queue.MOST_WEEKS, self.gp_request_weeks + 1)
        self.unmet_need += self.model.rates.care.waiting_need

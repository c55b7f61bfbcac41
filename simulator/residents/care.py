"""The resident's phases of health care and recovery, as one reads them."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import CONSULTATION, DAYS_PER_WEEK, READMISSION_WEEKS
from simulator.kernels.workspace import BY_STAFF
from simulator.population.columns import (
    ASKS_ROUTINE,
    ASKS_URGENT,
    AWAY_HOSPITAL,
    NEVER_DISCHARGED,
)
from simulator.residents.view import ResidentView
from simulator.rules import care, chance, contacts
from simulator.rules.illness import ACUTE_EPISODE, READMISSION


class HealthCare(ResidentView):
    """get_care, recover."""

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

"""Readable version of the phases get_care and recover."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.kernels.workspace import BEDS, CAME, WENT
from simulator.population.columns import (
    ASKS_ROUTINE,
    ASKS_URGENT,
    AWAY_HOSPITAL,
)
from simulator.residents.queue import QueuingAtPractice
from simulator.rules import care
from simulator.rules.illness import NO_EPISODE, READMISSION


class HealthCare(QueuingAtPractice):
    """Phases get_care and recover."""

    def get_care(self) -> None:
        """Requests are seen, booked or turned away; an acute episode ends at home, at A&E or in a hospital bed."""
        if self.asking & ASKS_ROUTINE:
            u_answer, u_same, u_after, _ = self.draw(draws.CONSULTATION)
            self.answer_request(u_answer, u_same, u_after)
        if self.episode != NO_EPISODE:
            self._have_episode()

    def _have_episode(self) -> None:
        """An acute episode, from the practice's decision to its end."""
        now, programmes, readmitted = self.now, self.model.programme_table, self.episode == READMISSION
        _, u_seen, u_ae, u_kept = self.draw(draws.CARE)
        u_recorded, u_days, u_waits, u_wait = self.draw(draws.STAY)
        seen = bool(self.asking & ASKS_URGENT) and u_seen < now.urgent_seen
        if seen:
            self.consult(u_seen / now.urgent_seen)
        rates, band = self.model.rates.care, self.age_band
        growth = rates.zero_night_growth + rates.local_recording_growth
        zero_night = care.zero_night_probability(float(rates.zero_night_probability[band]), growth, now.trend_week)
        gap = self.support - now.reference_support
        helped = care.mobilised_help(float(programmes.help_in_illness[self.enrolled]), rates.mobilised_help_effect)
        overnight = care.kept_probability(
            readmitted,
            float(rates.overnight_probability[band]),
            zero_night,
            gap,
            rates.support_admission_effect,
            float(programmes.overnight_admission[self.enrolled]) + helped,
        )
        to_ae = care.goes_to_ae_probability(seen, rates.ae_after_gp, rates.ae_without_gp)
        end = care.end_of_episode(readmitted, seen, (u_ae, u_kept, u_recorded), to_ae, overnight, zero_night)
        for_home_care, for_assessment, nobody, other = now.waits.tolist()
        causes = (for_home_care, for_assessment, nobody, other)
        longer = care.time_in_hospital(gap, rates.support_stay_effect, helped)
        waits = float(programmes.waiting[self.enrolled]) * longer
        cause = care.cause_of_wait(u_waits, float(rates.discharge_need[band]), waits, causes, self.lives_alone)
        mean_days = float(rates.overnight_days[band]) * longer
        days, waiting = care.stay(end, u_days, u_wait, mean_days, cause, rates.wait_days)
        self.tally_all(care.COUNTED, care.episode_counts(end, self.weeks_since_discharge, days, waiting, cause))
        self.unmet_need += float(end == care.UNSEEN)
        in_bed = self.days_in_hospital > 0
        self.days_in_hospital += days + waiting
        self.workspace.flows[BEDS, CAME] += not in_bed and self.days_in_hospital > 0
        if end == care.ZERO_NIGHT:
            self.weeks_since_discharge = 0
        admissions, quarter = self.admissions_by_quarter, now.quarter_slot
        admissions[quarter] = care.admissions_after(int(admissions[quarter]), end)

    def recover(self) -> None:
        """Advance a hospital stay by a week; discharge the resident when it is over."""
        in_bed = self.days_in_hospital > 0
        self.days_in_hospital, self.weeks_since_discharge = care.week_of_stay(
            self.days_in_hospital, self.weeks_since_discharge
        )
        self.workspace.flows[BEDS, WENT] += in_bed and self.days_in_hospital == 0
        self.away = self.away & ~AWAY_HOSPITAL | AWAY_HOSPITAL * (self.days_in_hospital > 0)

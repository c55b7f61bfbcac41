"""Readable version of the phases feel and fall_ill."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, SLOW_STEP
from simulator.kernels.cells import by_conditions
from simulator.residents.view import ResidentView
from simulator.rules import chance, illness, loneliness, ties, usual_gp
from simulator.rules.care import mobilised_help


class Health(ResidentView):
    """Phases feel and fall_ill."""

    def feel(self) -> None:
        """In four weeks unmet needs fade, mood changes, and an adult becomes lonely, stays so or recovers."""
        if not ties.ends_step(self.now.week):
            return
        self.unmet_need *= self.model.tables.unmet_keep_in_step
        if self.age_band < ADULT_BAND:
            return
        rates, tables, u = self.model.rates.loneliness, self.model.tables, self.draw(draws.FEEL)[1]
        self.mood = loneliness.mood_after_step(self.mood, u, tables.mood_keep_in_step, tables.mood_change_in_step)
        self.outlook *= tables.outlook_keep_in_step
        self.lonely = loneliness.lonely_after_step(self.lonely, self.score, rates.threshold, rates.margin)
        self.weeks_lonely = self.lonely * (self.weeks_lonely + SLOW_STEP)

    def fall_ill(self) -> None:
        """A condition may be added, transient risk may change and an acute episode may occur."""
        tables, ill = self.model.tables, self.model.rates.illness
        _, _, u_condition, u_transient = self.draw(draws.LIVE)
        onset = float(tables.onset[self.age_band * 5 + self.deprivation])
        self.conditions = illness.conditions_after_week(u_condition, self.conditions, onset)
        if u_transient < tables.transient:
            self.transient = chance.lognormal_mean_one(self.draw(draws.TRANSIENT)[0], ill.transient_spread)
        self.episode = self._episode() if self.days_in_hospital == 0 else illness.NO_EPISODE
        if self.episode != illness.NO_EPISODE:
            self.tally("episodes")

    def _episode(self) -> int:
        tables, ill, care, programmes = (
            self.model.tables,
            self.model.rates.illness,
            self.model.rates.care,
            self.model.programme_table,
        )
        aftercare = illness.aftercare(
            self.weeks_since_discharge, care.aftercare_weeks, float(programmes.readmission[self.enrolled])
        )
        readmission = illness.readmission_hazard(
            self.weeks_since_discharge,
            tables.readmission,
            self.support - self.now.reference_support,
            care.support_readmission_effect,
            aftercare + mobilised_help(float(programmes.help_in_illness[self.enrolled]), care.mobilised_help_effect),
        )
        usual = float(tables.episode[by_conditions(self.age_band, self.deprivation, self.conditions) * 2 + self.lonely])
        return illness.episode_of_week(
            self.draw(draws.FEEL)[0],
            readmission,
            (usual * self.now.local_demand, self.frailty, self.transient),
            self.continuity - care.mean_continuity,
            ill.continuity_effect,
            ill.unmet_need_effect * self.unmet_need
            + float(programmes.acute_episodes[self.enrolled])
            + self._circumstances()
            + aftercare,
        )

    def _circumstances(self) -> float:
        """Log ratio on acute episodes of living alone and of the years with the usual GP."""
        years = usual_gp.years_with(self.usual_gp_quarters)
        kind = self.age_band * 2 + self.lives_alone
        return float(self.model.tables.circumstances[kind * usual_gp.YEARS_APART + years])

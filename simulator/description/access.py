"""How the practice and its staff hold each other: the same practice with a tenth more and a tenth fewer clinicians."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from simulator.foundations.categories import CLINICIAN, ROLES, WEEKS_PER_YEAR
from simulator.places.place import Place
from simulator.results.results import Results
from simulator.scenario.scenario import Scenario
from simulator.specification.spec import Spec, build_spec

CHANGES: Final = (0.1, 0.0, -0.1)
"""Changes of clinicians' hours, as shares of the usual ones."""
_COUNTED: Final = [
    "gp_waiting_weeks",
    "consultations",
    "requests_turned_away",
    "routine_requests",
    "late_consultations",
    "ae_attendances",
    "resident_weeks",
]
_SERVICE, _ROLE = ROLES[CLINICIAN].split(".")


def with_clinicians(place: Place, hours: float, change: float, weeks: int) -> Spec:
    """The baseline of a place with the share ``change`` of clinicians' usual ``hours`` [per week] added or cut."""
    entry = {"service": _SERVICE, "role": _ROLE, "hours_per_week": change * hours, "reason": "More or fewer clinicians"}
    sign = "cut" if change < 0.0 else "added"
    scenario = Scenario.model_validate(
        {
            "name": f"clinicians_{sign}_{abs(100 * change):.0f}",
            "title": f"Clinicians' hours {100 * change:+.0f} %",
            "question": "What do more or fewer clinicians do to waiting?",
            "staffing": [entry] if change else [],
        }
    )
    return build_spec(scenario, place, weeks=weeks)


def usual_hours(baseline: Results) -> float:
    """Clinicians' hours per week in the first quarter of a baseline, as a mean over its runs."""
    return float(_clinicians(baseline).query("quarter == 1")["hours"].mean())


def access_table(runs: Sequence[tuple[float, Results]], hours: float) -> pd.DataFrame:
    """By change of clinicians' hours and quarter: waiting, turned away, A&E, turnover, vacancies and capacity.

    ``runs`` are changes with their results; ``hours`` are clinicians' usual ones. Shares in per cent.
    """
    return pd.concat([_quarters(change, results, hours) for change, results in runs], ignore_index=True)


def _clinicians(results: Results) -> pd.DataFrame:
    return results.services[results.services["role"] == _ROLE]


def _quarters(change: float, results: Results, hours: float) -> pd.DataFrame:
    counts = results.cells.groupby("quarter")[_COUNTED].sum()
    staff = _clinicians(results).groupby("quarter")[["turnover", "vacancies", "hours"]].mean()
    return pd.DataFrame(
        {
            "clinicians": f"{100 * change:+.0f} %" if change else "as now",
            "quarter": staff.index,
            "waiting_list_weeks": counts["gp_waiting_weeks"] / counts["consultations"],
            "turned_away_%": 100.0 * counts["requests_turned_away"] / counts["routine_requests"],
            "over_two_weeks_%": 100.0 * counts["late_consultations"] / counts["consultations"],
            "ae_per_1,000_a_year": 1000.0 * WEEKS_PER_YEAR * counts["ae_attendances"] / counts["resident_weeks"],
            "leaving_per_year_%": 100.0 * staff["turnover"],
            "vacant_posts_%": 100.0 * staff["vacancies"],
            "capacity_%": 100.0 * staff["hours"] / hours,
        }
    )

"""Simulated studies of one programme: estimates of each design, compared with the true effect.

    found = evaluate("complex_care_hub", designs=("before-after", "trial"), seeds=range(10))
    found.summary()

One replication is one study of one place. `Evaluation.summary` gives the mean estimate of such studies, its bias, and
the number of 95 % intervals that do not contain the true effect.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from simulator.errors import IncompleteEnsembleError, StudyError, UnknownNameError
from simulator.evaluation.designs import DESIGNS, EvaluationPlan, StudyTables, study_seed
from simulator.evaluation.findings import findings, loneliness_findings
from simulator.evaluation.summary import loneliness_summary_of, parts_of, summary_of
from simulator.foundations.categories import PROGRAMMES, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.results.folder import fill_tables, write_folder
from simulator.results.results import Failure
from simulator.results.run_record import run_record
from simulator.running.ensemble import Progress, map_seeds
from simulator.scenario.files import scenario_names
from simulator.scenario.scenario import Scenario, load_scenario
from simulator.specification.spec import Spec

_NAMED: Final = 2
"""Maximum number of scenarios suggested in a message."""
TABLES: Final = ("estimates", "parts", "loneliness", "people", "failures")


@dataclass(frozen=True)
class Evaluation:
    """Studies of one programme over seeds, as tidy tables.

    ``estimates`` has one row per seed, design and group that the effect is on: the study's result (rates and
    differences per person-year, 95 % intervals) and the true effect. ``parts`` decomposes each before-after difference.
    ``loneliness`` has a row for each of these effects and wave of the survey (`simulator.evaluation.loneliness`).
    ``people`` is the studies' data, one row per seed, design and person. ``failures`` are runs that did not finish.
    """

    estimates: pd.DataFrame
    parts: pd.DataFrame
    loneliness: pd.DataFrame
    people: pd.DataFrame
    failures: pd.DataFrame
    record: Mapping[str, Any]

    def summary(self) -> pd.DataFrame:
        """One row per design and group that the effect is on (`simulator.evaluation.summary.summary_of`)."""
        return summary_of(self.estimates)

    def decomposition(self) -> pd.DataFrame:
        """The mean before-after difference by part: per person-year, and in percentage points of the year before."""
        return parts_of(self.estimates, self.parts)

    def loneliness_summary(self) -> pd.DataFrame:
        """Loneliness by design, group and weeks after joining (`summary.loneliness_summary_of`)."""
        return loneliness_summary_of(self.loneliness)

    def findings(self) -> tuple[str, ...]:
        """The findings in plain sentences."""
        of_loneliness = loneliness_findings(self.loneliness_summary(), self.record)
        return (*findings(self.summary(), self.decomposition(), self.record), *of_loneliness)

    def write(self, folder: str | Path) -> Path:
        """Write tables (Parquet), their summaries (CSV) and the run record, all or nothing.

        Raises ResultsError if the folder holds something other than results.
        """
        target = Path(folder)
        write_folder(target, self._fill)
        return target

    def _fill(self, folder: Path) -> None:
        record = {**self.record, "findings": list(self.findings())}
        fill_tables(folder, {name: getattr(self, name) for name in TABLES}, record)
        for name, table in self._summaries().items():
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")

    def _summaries(self) -> dict[str, pd.DataFrame]:
        return {
            "summary": self.summary(),
            "decomposition": self.decomposition(),
            "loneliness_summary": self.loneliness_summary(),
        }


def plan_studies(spec: Spec, programme: str, designs: Sequence[str], follow_up: int = WEEKS_PER_YEAR) -> EvaluationPlan:
    """The plan of these studies, if they are possible.

    ``follow_up`` is the number of weeks after joining that are counted, within the year in which people must be
    present. Raises UnknownNameError for an unknown programme or design, and StudyError if the scenario never pays for
    the programme, ends before anyone could be followed for a year, or if the follow-up is longer than a year.
    """
    if not 1 <= follow_up <= WEEKS_PER_YEAR:
        raise StudyError(f"A follow-up of {follow_up} weeks is not possible. Give 1 to {WEEKS_PER_YEAR} weeks.")
    slots = {one.name: slot for slot, one in enumerate(spec.programmes)}
    if programme not in {*PROGRAMMES, *slots}:
        if programme in scenario_names():
            raise StudyError(
                f"{programme} is a scenario, not a programme. Name the programme to study, and give the scenario with "
                f"--scenario {programme}."
            )
        raise UnknownNameError("programme", programme, (*PROGRAMMES, *slots.keys() - set(PROGRAMMES)))
    for design in designs:
        if design not in DESIGNS:
            raise UnknownNameError("design", design, DESIGNS)
    chosen = tuple(design for design in DESIGNS if design in designs)
    if not chosen:
        raise StudyError(f"No design is named. Choose one or more of {', '.join(DESIGNS)}.")
    index = slots.get(programme, -1)
    first = _first_money(spec, index) if programme in slots else None
    if first is None:
        raise StudyError(
            f"The scenario {spec.scenario.name} never pays for {programme}, so there is nothing to study. Add the "
            f"programme under 'funding', 'commitments' or 'reinvest'{_paying_scenarios(programme)}."
        )
    needed = first + int(spec.programmes[index].central("lag")) + WEEKS_PER_YEAR + 1
    if spec.weeks < needed:
        raise StudyError(
            f"No one can be followed for a year: {programme} has money from week {first}, takes "
            f"{needed - first - WEEKS_PER_YEAR - 1} weeks to begin, and the run ends after {spec.weeks} weeks. Run at "
            f"least {-(-needed // WEEKS_PER_YEAR)} years."
        )
    return EvaluationPlan(spec, index, chosen, follow_up)


def run_studies(
    plan: EvaluationPlan, seeds: Sequence[int], workers: int | Executor | None = None, progress: Progress | None = None
) -> Evaluation:
    """Carry out the planned studies once for each seed.

    Raises StudyError if a design had no participants in any run, and IncompleteEnsembleError if no run finished.
    """
    answers = map_seeds(partial(study_seed, plan), seeds, plan.spec, workers=workers, progress=progress)
    done = [answer for answer in answers.values() if isinstance(answer, StudyTables)]
    lost = [(seed, *answer) for seed, answer in answers.items() if isinstance(answer, Failure)]
    if not done:
        seed, error, message = lost[0]
        raise IncompleteEnsembleError(f"No run finished. First cause, seed {seed}: {error}: {message}.")
    estimates = pd.concat([answer.estimates for answer in done], ignore_index=True)
    name = plan.spec.programmes[plan.programme].name
    for design, rows in estimates.groupby("design", sort=False):
        if not rows["people"].any():
            raise StudyError(
                f"The design {design} had no participants: no one joined {name} or was eligible for it, and was then "
                "followed for a whole year, in any run. Run more years or more residents, or fund more of the "
                "programme."
            )
    record = run_record(plan.spec, list(answers), "drawn")
    return Evaluation(
        estimates=estimates,
        parts=pd.concat([answer.parts for answer in done], ignore_index=True),
        loneliness=pd.concat([answer.loneliness for answer in done], ignore_index=True),
        people=pd.concat([answer.people for answer in done], ignore_index=True),
        failures=pd.DataFrame(lost, columns=["seed", "error", "message"]),
        record={**record, "programme": name, "designs": list(plan.designs)},
    )


def json_content(found: Evaluation) -> dict[str, Any]:
    """All results of an evaluation for JSON, without data on people."""
    tables = {
        "summary": found.summary(),
        "decomposition": found.decomposition(),
        "loneliness_summary": found.loneliness_summary(),
        "estimates": found.estimates,
        "loneliness": found.loneliness,
    }
    return {
        "findings": list(found.findings()),
        **{name: json.loads(table.to_json(orient="records")) for name, table in tables.items()},
        "failures": json.loads(found.failures.to_json(orient="records")),
        "record": dict(found.record),
    }


def _first_money(spec: Spec, programme: int) -> int | None:
    """The week in which the programme first has money, or None. Released money arrives a quarter later."""
    weeks = [fund.from_week for fund in spec.funding if fund.programme == programme]
    weeks += [max(WEEKS_PER_QUARTER, post.from_week) for post in spec.commitments if post.programme == programme]
    if spec.programme_shares[programme] > 0.0 and spec.reinvest_share > 0.0:
        weeks.append(WEEKS_PER_QUARTER)
    return min(weeks, default=None)


def _paying_scenarios(programme: str) -> str:
    """The end of a sentence that names shipped scenarios that pay for a programme, those that automate least first."""
    scenarios = sorted(map(load_scenario, scenario_names()), key=lambda each: len(each.automate))
    paying = [each.name for each in scenarios if _pays(each, programme)]
    return f", or use the scenario {' or '.join(paying[:_NAMED])}" if paying else ""


def _pays(scenario: Scenario, programme: str) -> bool:
    paid = {fund.programme for fund in scenario.funding} | {posts.programme for posts in scenario.commitments}
    return programme in paid or (scenario.reinvest.share > 0.0 and programme in scenario.reinvest.programmes)

"""Simulated studies of one programme: what each design would have reported, beside what was true.

    found = evaluate("complex_care_hub", designs=("before-after", "trial"), seeds=range(10))
    found.summary()

One replication is one study: its analyst sees one place, once. `Evaluation.summary` says what such studies report on
average, how far that is from the truth, and how many of their 95 % intervals do not hold it.
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
from simulator.evaluation.findings import findings
from simulator.evaluation.summary import parts_of, summary_of
from simulator.foundations.categories import PROGRAMMES, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.results.folder import fill_tables, write_folder
from simulator.results.results import Failure
from simulator.results.run_record import run_record
from simulator.running.ensemble import Progress, map_seeds
from simulator.scenario.files import scenario_names
from simulator.scenario.scenario import Scenario, load_scenario
from simulator.specification.spec import Spec

_NAMED: Final = 2
"""Scenarios that are named where one will do."""
TABLES: Final = ("estimates", "parts", "people", "failures")


@dataclass(frozen=True)
class Evaluation:
    """Studies of one programme over seeds, as tidy tables.

    ``estimates`` has one row per seed, design and whom the effect is on: what the study prints (rates and differences
    per person-year, 95 % intervals) and what was true. ``parts`` says what each before-after difference is made of.
    ``people`` is the studies' own data, one row per seed, design and person. ``failures`` are runs that did not finish.
    """

    estimates: pd.DataFrame
    parts: pd.DataFrame
    people: pd.DataFrame
    failures: pd.DataFrame
    record: Mapping[str, Any]

    def summary(self) -> pd.DataFrame:
        """One row per design and whom its effect is on (`simulator.evaluation.summary.summary_of`)."""
        return summary_of(self.estimates)

    def decomposition(self) -> pd.DataFrame:
        """What the mean before-after difference is made of: per person-year, and in points of the year before."""
        return parts_of(self.estimates, self.parts)

    def findings(self) -> tuple[str, ...]:
        """What was found, in plain sentences."""
        return findings(self.summary(), self.decomposition(), self.record)

    def write(self, folder: str | Path) -> Path:
        """Write tables (Parquet), ``summary.csv``, ``decomposition.csv`` and the run record, all or nothing.

        Raises ResultsError if the folder holds something other than results.
        """
        target = Path(folder)
        write_folder(target, self._fill)
        return target

    def _fill(self, folder: Path) -> None:
        record = {**self.record, "findings": list(self.findings())}
        fill_tables(folder, {name: getattr(self, name) for name in TABLES}, record)
        for name, table in (("summary", self.summary()), ("decomposition", self.decomposition())):
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def plan_studies(spec: Spec, programme: str, designs: Sequence[str], follow_up: int = WEEKS_PER_YEAR) -> EvaluationPlan:
    """The plan of these studies, if they can be made.

    ``follow_up`` is how many weeks after joining count, of the year that people must be there. Raises
    UnknownNameError for an unknown programme or design, and StudyError if the scenario never pays for the programme,
    or ends before anyone could have been in it for a year, or for a follow-up longer than that.
    """
    if not 1 <= follow_up <= WEEKS_PER_YEAR:
        raise StudyError(f"a follow-up of {follow_up} weeks is not possible. Give 1 to {WEEKS_PER_YEAR}.")
    slots = {one.name: slot for slot, one in enumerate(spec.programmes)}
    if programme not in {*PROGRAMMES, *slots}:
        if programme in scenario_names():
            raise StudyError(
                f"{programme} is a scenario. Name the programme to study, and the scenario with --scenario {programme}."
            )
        raise UnknownNameError("programme", programme, (*PROGRAMMES, *slots.keys() - set(PROGRAMMES)))
    for design in designs:
        if design not in DESIGNS:
            raise UnknownNameError("design", design, DESIGNS)
    chosen = tuple(design for design in DESIGNS if design in designs)
    if not chosen:
        raise StudyError(f"no design is named. Choose among {', '.join(DESIGNS)}.")
    index = slots.get(programme, -1)
    first = _first_money(spec, index) if programme in slots else None
    if first is None:
        raise StudyError(
            f"the scenario {spec.scenario.name} never pays for {programme}, so there is nothing to study. Name a "
            "scenario that does: add the programme under 'funding', 'commitments' or 'reinvest'"
            f"{_shipped_ones_that_pay(programme)}."
        )
    needed = first + int(spec.programmes[index].central("lag")) + WEEKS_PER_YEAR + 1
    if spec.weeks < needed:
        raise StudyError(
            f"nobody can be followed for a year: {programme} has money from week {first}, takes "
            f"{needed - first - WEEKS_PER_YEAR - 1} weeks to begin, and the run ends after {spec.weeks}. Run at least "
            f"{-(-needed // WEEKS_PER_YEAR)} years."
        )
    return EvaluationPlan(spec, index, chosen, follow_up)


def run_studies(
    plan: EvaluationPlan, seeds: Sequence[int], workers: int | Executor | None = None, progress: Progress | None = None
) -> Evaluation:
    """Make the planned studies once for each seed.

    Raises StudyError if nobody could be studied in any of them, and IncompleteEnsembleError if no run finished.
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
                f"nobody could be studied by the design {design}: in no run was anyone in {name}, or eligible, and "
                "then followed for a whole year. Run more years or more residents, or pay for more of the programme."
            )
    record = run_record(plan.spec, list(answers), "drawn")
    return Evaluation(
        estimates=estimates,
        parts=pd.concat([answer.parts for answer in done], ignore_index=True),
        people=pd.concat([answer.people for answer in done], ignore_index=True),
        failures=pd.DataFrame(lost, columns=["seed", "error", "message"]),
        record={**record, "programme": name, "designs": list(plan.designs)},
    )


def json_content(found: Evaluation) -> dict[str, Any]:
    """Everything an evaluation says, for JSON; the people aside."""
    tables = {"summary": found.summary(), "decomposition": found.decomposition(), "estimates": found.estimates}
    return {
        "findings": list(found.findings()),
        **{name: json.loads(table.to_json(orient="records")) for name, table in tables.items()},
        "failures": json.loads(found.failures.to_json(orient="records")),
        "record": dict(found.record),
    }


def _first_money(spec: Spec, programme: int) -> int | None:
    """The week in which the programme first has money; None if it never has. What is released comes a quarter later."""
    weeks = [fund.from_week for fund in spec.funding if fund.programme == programme]
    weeks += [max(WEEKS_PER_QUARTER, post.from_week) for post in spec.commitments if post.programme == programme]
    if spec.programme_shares[programme] > 0.0 and spec.reinvest_share > 0.0:
        weeks.append(WEEKS_PER_QUARTER)
    return min(weeks, default=None)


def _shipped_ones_that_pay(programme: str) -> str:
    """The end of a sentence that names shipped scenarios which pay for a programme, those that automate least first."""
    scenarios = sorted(map(load_scenario, scenario_names()), key=lambda each: len(each.automate))
    paying = [each.name for each in scenarios if _pays(each, programme)]
    return f", or take {' or '.join(paying[:_NAMED])}" if paying else ""


def _pays(scenario: Scenario, programme: str) -> bool:
    paid = {fund.programme for fund in scenario.funding} | {posts.programme for posts in scenario.commitments}
    return programme in paid or (scenario.reinvest.share > 0.0 and programme in scenario.reinvest.programmes)

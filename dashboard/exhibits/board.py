"""Three slides for a board: the plan as a picture, the answer with what one would have to believe, and the advice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from dashboard.exhibits.exhibit import Exhibit
from dashboard.exhibits.paired_forest import AXIS, in_percent
from dashboard.figures.chart import Chart, chart_of
from dashboard.figures.curves import Curves
from dashboard.figures.flow import Flow
from dashboard.figures.size import dose_response
from dashboard.text.labels import difference_unit, verdict_rule
from dashboard.text.lens_names import key_title
from dashboard.topics.answer import Advice, Answer
from dashboard.topics.plan_flow import flow_finding, flow_note, plan_flow
from dashboard.topics.signs import SIGNS, Sign
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.smallest_differences import Matters
from simulator.experiments.size_targets import CHANCE

_CANNOT: Final = (
    "Simulated, not observed: it compares policies in one place, and is no forecast. Effects that studies have not "
    "measured are as uncertain as the two columns of the answer are far apart."
)


@dataclass(frozen=True)
class Board:
    """What a board sees of a plan at one size."""

    title: str  # plan, place and size
    times: float  # multiple of the plan's own size
    plan: Exhibit[Flow]
    answer: str  # the finding, in a sentence with sizes
    signs: tuple[Sign, ...]
    chart: Exhibit[Curves] | Exhibit[Chart]  # an outcome by size, or all that is weighed where one size was run
    believed: str  # what one would have to believe for the strongest lens to hold; empty if no lens says
    advice: Advice
    targets: tuple[str, ...]  # how large it must be; empty where one size was run
    cannot: str  # what it cannot tell
    rule: str  # how verdicts are given
    source: str


def board(answer: Answer, matters: Matters, times: float = 1.0, outcome: str = next(iter(SIGNS))) -> Board:
    """The board's slides of a plan at a multiple of its size; ``outcome`` is drawn by size.

    Raises ValueError for a size beyond those that were run.
    """
    rows = answer.rows(times, matters)
    sized = f", {times:.3g} times the plan" if times != 1.0 else ""
    plan = Exhibit(
        "plan", flow_finding(answer, times), flow_note(answer, times), plan_flow(answer, times), answer.source
    )
    return Board(
        title=f"{answer.plan} in {answer.place}{sized}",
        times=times,
        plan=plan,
        answer=answer.sentence(rows),
        signs=tuple(answer.signs(rows)),
        chart=_by_size(answer, outcome, times) if answer.sized else _forest(answer, rows),
        believed=answer.believed,
        advice=answer.advice(rows),
        targets=tuple(answer.targets()),
        cannot=" ".join((*([answer.error()] if answer.sized else ()), *answer.notes[-1:], _CANNOT)),
        rule=verdict_rule(matters),
        source=answer.source,
    )


def targets_heading() -> str:
    """What the targets of a board are."""
    return f"How large must it be? Sizes from which the chance is at least {100.0 * CHANCE:.0f} %"


def _by_size(answer: Answer, outcome: str, times: float) -> Exhibit[Curves]:
    unit = difference_unit(OUTCOMES[outcome].unit)
    figure = dose_response(answer.curve(outcome), "" if unit.startswith("pounds") else unit, here=times)
    return Exhibit(
        "by_size",
        f"{SIGNS[outcome]} by size of the plan",
        "Marks: sizes that were run. Thin lines: 80 % range.",
        figure,
        answer.source,
    )


def _forest(answer: Answer, rows: pd.DataFrame) -> Exhibit[Chart]:
    shown = rows.assign(lens_title=[key_title(str(key)) for key in rows["lens"]])
    return Exhibit(
        "weighed",
        f"Difference from '{answer.base}', in per cent",
        "Bars: mean. Thin lines: 80 % range.",
        chart_of(in_percent(shown), AXIS),
        answer.source,
    )

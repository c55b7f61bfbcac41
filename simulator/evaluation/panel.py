"""The data set of a place, week by week: residents present, admissions, joining, loneliness, recorded characteristics.

Analysts see loneliness only with the error of a scale. Frailty, transient risk and support are not in the data set.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.evaluation.scores import Floats, Ints, Survey, loneliness_scores, survey_of_adults
from simulator.foundations.categories import QUARTERS_REMEMBERED, WARM_UP_WEEKS, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.model.simulation import forget_model
from simulator.population.columns import Residents
from simulator.rules.programmes import CONTROL, ENROLLED
from simulator.specification.spec import Spec

if TYPE_CHECKING:
    from simulator.model.place_model import PlaceModel

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
_PER_UNIT: Final = 1000
"""Scores are stored in thousandths of a standard deviation."""

ON_FILE: Final = ("age_band", "sex", "deprivation", "conditions", "lives_alone", "care_plan")
"""Traits in the records of a practice and a hospital."""
USUAL_GP: Final = "usual_gp_quarters"
"""Also in the records of a practice: how long the usual GP has been the same. No design of a study adjusts for it."""
_BESIDES: Final = (USUAL_GP, "berth", "generation", "volunteer")


@dataclass(frozen=True)
class Panel:
    """One run as a data set. W weeks from the first of the warm-up, Q quarters begun, N places on the list."""

    admissions: U16  # (W + 1, N) recorded emergency admissions before each week, of all holders of the place so far
    joined: U16  # (W + 1, N) times that its holders joined the programme before each week, without volunteers; if a
    # trial randomises those who take up an offer, times that they took one up
    entered: U16  # (W, N) week in which the present holder came; 0 for those present from the start
    eligible: U8  # (W, N) 1 if the holder could be offered the programme at the week's end, and it took members
    scores: NDArray[np.int16]  # (W, N) loneliness score at the week's end [thousandths of the adults' SD]
    lonely: U8  # (W, N) 1 if the holder was often or always lonely at the week's end
    traits: dict[str, NDArray[np.uint32]]  # (Q, N) at a quarter's start, or on arrival in it
    survey: Survey
    follow_up: int = WEEKS_PER_YEAR  # weeks after joining that a study counts, at most a year

    @property
    def weeks(self) -> int:
        """Number of weeks."""
        return len(self.entered)

    def admitted(self, rows: Ints, first: Ints, last: Ints) -> Ints:
        """Admissions of these places in the weeks ``first`` to ``last`` inclusive."""
        return self.admissions[last + 1, rows].astype(np.int64) - self.admissions[first, rows]

    def times_joined(self, rows: Ints, first: Ints, last: Ints) -> Ints:
        """Times that the programme was joined in the weeks ``first`` to ``last`` inclusive."""
        return self.joined[last + 1, rows].astype(np.int64) - self.joined[first, rows]

    def stayed(self, rows: Ints, first: Ints, last: Ints) -> NDArray[np.bool_]:
        """Whether the same person held the place in all of these weeks."""
        return np.asarray(self.entered[last, rows] <= first)

    def trait(self, name: str, rows: Ints, weeks: Ints) -> Ints:
        """A trait as recorded in these weeks."""
        return self.traits[name][weeks // WEEKS_PER_QUARTER, rows].astype(np.int64)

    def score(self, rows: Ints, weeks: Ints) -> Floats:
        """True loneliness scores at these weeks' ends [standard deviations of adults]."""
        return np.asarray(self.scores[weeks, rows] / _PER_UNIT)

    def surveyed(self, rows: Ints, weeks: Ints) -> Floats:
        """Loneliness scores at these weeks' ends as surveyed [standard deviations of adults]."""
        identity = (self.trait(name, rows, weeks) for name in ("berth", "generation"))
        return self.survey.measured(self.score(rows, weeks), np.asarray(weeks, np.int64), *identity)


class PanelRecorder:
    """Writes a panel while a model runs."""

    def __init__(self, residents: Residents, weeks: int, survey: Survey) -> None:
        size, quarters = len(residents), -(-weeks // WEEKS_PER_QUARTER)
        self.panel = Panel(
            admissions=np.zeros((weeks + 1, size), np.uint16),
            joined=np.zeros((weeks + 1, size), np.uint16),
            entered=np.zeros((weeks, size), np.uint16),
            eligible=np.zeros((weeks, size), np.uint8),
            scores=np.zeros((weeks, size), np.int16),
            lonely=np.zeros((weeks, size), np.uint8),
            traits={name: np.zeros((quarters, size), np.uint32) for name in (*ON_FILE, *_BESIDES)},
            survey=survey,
        )

    def record(self, model: PlaceModel, weeks: int, programme: int, *, screened: bool = False) -> None:
        """Run the model for this number of weeks and record the data set."""
        for _ in range(weeks):
            self._one_week(model, programme, screened)

    def _one_week(self, model: PlaceModel, programme: int, screened: bool) -> None:
        from simulator.kernels.programmes import screen

        week, r, panel = model.week, model.columns, self.panel
        quarter, begins = divmod(week, WEEKS_PER_QUARTER)
        everyone = np.ones(len(r), bool)
        if begins == 0:
            self._file(r, quarter, everyone)
        generation, took_part = r.generation.copy(), _takes_part(r, programme)
        counted = r.admissions_by_quarter[:, quarter % QUARTERS_REMEMBERED].copy()
        model.step()
        new = r.generation != generation
        counted[new] = 0
        takes_part = _takes_part(r, programme) & (r.volunteer == 0)
        admitted = r.admissions_by_quarter[:, quarter % QUARTERS_REMEMBERED] - counted
        panel.admissions[week + 1] = panel.admissions[week] + admitted
        panel.joined[week + 1] = panel.joined[week] + (takes_part & (new | ~took_part))
        panel.scores[week] = np.rint(loneliness_scores(model) * _PER_UNIT)
        panel.lonely[week] = r.lonely
        panel.entered[week] = np.where(new, week, panel.entered[week - 1] if week else 0)
        if screened or model.now.working[programme]:
            screen(model.records, model.packed, model.packed_now, programme, panel.eligible[week])
        if new.any():
            self._file(r, quarter, new)

    def _file(self, r: Residents, quarter: int, rows: NDArray[np.bool_]) -> None:
        for name, table in self.panel.traits.items():
            table[quarter, rows] = r[name][rows]


def _takes_part(r: Residents, programme: int) -> NDArray[np.bool_]:
    """Whether each resident is a member, or a control who took up an offer."""
    status = r.programme_status[:, programme]
    return np.asarray((status == ENROLLED) | (status == CONTROL))


@dataclass(frozen=True)
class WarmStart:
    """A population after the warm-up, and its panel."""

    residents: Residents
    panel: Panel


def record_warm_up(spec: Spec, seed: int, parameter_draw: int | None, programme: int) -> WarmStart:
    """Run the year before the scenario, which is the same in every run of a study."""
    from simulator.model.place_model import PlaceModel

    model = PlaceModel(spec, seed, parameter_draw=parameter_draw)
    recorder = PanelRecorder(model.columns, WARM_UP_WEEKS, Survey(seed, 0.0))
    recorder.record(model, WARM_UP_WEEKS, programme)
    forget_model(model)
    return WarmStart(model.columns, replace(recorder.panel, survey=survey_of_adults(model)))


def record_scenario(
    spec: Spec, seed: int, parameter_draw: int | None, programme: int, start: WarmStart, *, screened: bool = False
) -> Panel:
    """Run the scenario from the end of the warm-up; the panel begins with the warm-up's weeks.

    If ``screened``, it records who would be eligible even while the programme is not working.
    """
    from simulator.model.place_model import PlaceModel

    model = PlaceModel(spec, seed, parameter_draw=parameter_draw, warmed_up=start.residents.copy())
    recorder = PanelRecorder(model.columns, WARM_UP_WEEKS + spec.weeks, start.panel.survey)
    _begin_with(recorder.panel, start.panel)
    recorder.record(model, spec.weeks, programme, screened=screened)
    forget_model(model)
    return recorder.panel


def _begin_with(panel: Panel, before: Panel) -> None:
    """Copy the weeks of ``before`` to the beginning of ``panel``."""
    pairs: list[tuple[NDArray[Any], NDArray[Any]]] = [
        (panel.admissions, before.admissions),
        (panel.joined, before.joined),
        (panel.entered, before.entered),
        (panel.eligible, before.eligible),
        (panel.scores, before.scores),
        (panel.lonely, before.lonely),
        *((panel.traits[name], table) for name, table in before.traits.items()),
    ]
    for whole, beginning in pairs:
        whole[: len(beginning)] = beginning

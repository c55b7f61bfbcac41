"""Library of finished runs on disk and their comparisons, through which pages read all results.

    <folder>/<model version>/<place>/<lens>/<first day>-<weeks>/<scenario>/   as written by `Results.write`
    <folder>/<model version>/<place>/<lens>/attribution/<base>/<scenario>/    as written by `Attribution.write`
    <folder>/<model version>/<place>/<lens>/sensitivity/<base>/<scenario>/    as written by `Sensitivity.write`
    <folder>/<model version>/<place>/<lens>/evaluation/<programme>/           as written by `Evaluation.write`
    <folder>/<model version>/published-studies/<lens>/                        as written by `BlindPredictions.write`

Runs of another model version are never shown. A lens is named with its settings (`dashboard.text.lens_names`), a user's
own scenario by its name and eight digits of its hash.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from calibration.studies import BlindPredictions
from calibration.studies.predictions import read_predictions, shipped_predictions
from dashboard.runs.view import NAME
from dashboard.text.lens_names import KEY, key_title
from simulator.bundle import shipped_seeds, whole_comparison, whole_results
from simulator.comparison.comparison import Comparison, compare
from simulator.errors import ResultsError, SimulatorError
from simulator.experiments.attribution import Attribution
from simulator.experiments.lens_comparisons import some_seeds
from simulator.lenses import EVIDENCE
from simulator.results.folder import RECORD, read_record, read_tables
from simulator.results.results import Results, read_results
from simulator.results.run_record import model_version

if TYPE_CHECKING:
    from calibration.sensitivity import Sensitivity
    from simulator.evaluation import Evaluation

DECISION: Final = ("moves", "value", "boxes", "chances")
"""Frames of a sensitivity analysis that are shown."""
EVALUATED: Final = ("estimates", "parts", "loneliness")
"""Frames of an evaluation that are shown."""
PUBLISHED: Final = "published-studies"
"""Folder in place of a place's name; no place has this name, since it contains a hyphen."""
MOST_REMEMBERED: Final = 24
"""Comparisons kept in memory."""
COLUMNS: Final = (
    "scenario",
    "title",
    "place",
    "lens",
    "starts",
    "weeks",
    "replications",
    "scenario_hash",
    "model_version",
    "created",
)


JobRow = Callable[[str, str, str, str, str], Comparison | None]


class NotFinishedError(SimulatorError):
    """Runs that a page needs have not been run yet."""

    def __init__(self, scenario: str, place: str, lens: str) -> None:
        from dashboard.runs.choices import place_name, scenario_name  # they look at jobs, which use this module

        what = f"'{scenario_name(scenario)}' in {place_name(place)} with the lens {key_title(lens)}"
        super().__init__(f"There are no finished runs of {what} yet.")
        self.scenario, self.place, self.lens = scenario, place, lens


class Library:
    """Finished runs in one folder. Threads may share it."""

    def __init__(self, folder: Path, asked: JobRow | None = None, version: str | None = None) -> None:
        """``asked`` finds comparisons that users requested, by scenario, base, place, lens and model version."""
        self.folder = folder
        self.version = version or model_version()
        self._asked = asked
        self._lock = threading.Lock()
        self._compared: dict[tuple[str, ...], Comparison] = {}

    def of_version(self, version: str | None) -> Library:
        """The library for the model version that a link is pinned to; the current version for None."""
        if version in (None, self.version):
            return self
        return Library(self.folder, self._asked, version)

    def keep(self, results: Results, lens: str = EVIDENCE, name: str | None = None) -> Path:
        """Write finished runs under the scenario's name, or another ``name``; return their folder."""
        record = results.record
        calendar = f"{record['starts']}-{record['weeks']}"
        folder = self._lens_folder(str(record["place"]), lens) / calendar / _safe(name or results.scenario)
        return results.write(folder)

    def find(self, scenario: str, place: str, lens: str = EVIDENCE, calendar: str | None = None) -> Path | None:
        """The folder of a scenario's runs, for one calendar if given; the longest if there are several."""
        inside = self._lens_folder(place, lens)
        found = [path for path in inside.glob(f"{calendar or '[0-9]*'}/{_safe(scenario)}") if (path / RECORD).is_file()]
        return max(found, key=lambda path: int(path.parent.name.rpartition("-")[2]), default=None)

    def results(self, scenario: str, place: str, lens: str = EVIDENCE) -> Results:
        """Finished runs of a scenario; if it has none, those that ship. Raises NotFinishedError if there are none."""
        folder = self.find(scenario, place, lens)
        if folder is not None:
            return read_results(folder)
        ships = whole_results(scenario, place, lens) if self.version == model_version() else None
        if ships is None:
            raise NotFinishedError(scenario, place, lens)
        return ships

    def comparison(self, scenario: str, base: str, place: str, lens: str = EVIDENCE) -> Comparison:
        """A scenario compared with its base, on the scenario's calendar, over their common seeds.

        If it has no finished runs, or fewer of the same specifications, those that ship
        (`simulator.bundle.whole_runs`). Raises NotFinishedError if either has none, IncomparableRunsError if they
        cannot be compared.
        """
        folder = self.find(scenario, place, lens)
        if folder is None or self.find(base, place, lens) is None:
            asked = self._asked and self._asked(scenario, base, place, lens, self.version)
            if asked:
                return asked
            if ships := self._ships(scenario, base, place, lens):
                return ships
        if folder is None:
            raise NotFinishedError(scenario, place, lens)
        other = self.find(base, place, lens, folder.parent.name) or self.find(base, place, lens)
        if other is None:
            raise NotFinishedError(base, place, lens)
        key = (str(folder), str(other), *(str(read_record(path)["created"]) for path in (folder, other)))
        with self._lock:
            found = self._compared.pop(key, None)
        if found is None:
            found = compare(*over_common_seeds(read_results(folder), read_results(other)), incomplete=True)
        with self._lock:
            self._compared[key] = found
            while len(self._compared) > MOST_REMEMBERED:
                del self._compared[next(iter(self._compared))]
        fewer = len(found.seeds) < len(shipped_seeds())
        ships = self._ships(scenario, base, place, lens) if fewer else None
        return ships if ships and _more_of_the_same(ships, found) else found

    def _ships(self, scenario: str, base: str, place: str, lens: str) -> Comparison | None:
        return whole_comparison(scenario, base, place, lens) if self.version == model_version() else None

    def keep_attribution(self, found: Attribution, lens: str = EVIDENCE) -> Path:
        """Write the effect of a scenario by channel; return the folder."""
        return found.write(self._beside("attribution", found.scenario, found.baseline, found.place, lens))

    def attribution(
        self, scenario: str, base: str, place: str, lens: str = EVIDENCE
    ) -> tuple[pd.DataFrame, dict[str, Any]] | None:
        """A scenario's effect by channel (`simulator.experiments.attribution`), and the run record; or None."""
        folder = self._beside("attribution", scenario, base, place, lens)
        if not (folder / RECORD).is_file():
            return None
        tables, record = read_tables(folder, ("attribution",))
        return tables["attribution"], record

    def keep_sensitivity(self, found: Sensitivity, scenario: str, base: str, lens: str = EVIDENCE) -> Path:
        """Write a sensitivity analysis under both scenarios' names in a link; return the folder."""
        return found.write(self._beside("sensitivity", scenario, base, str(found.record["place"]), lens))

    def sensitivity(
        self, scenario: str, base: str, place: str, lens: str = EVIDENCE
    ) -> tuple[dict[str, pd.DataFrame], dict[str, Any]] | None:
        """Frames of `calibration.sensitivity.Sensitivity` that are shown, and the run record; or None."""
        folder = self._beside("sensitivity", scenario, base, place, lens)
        return read_tables(folder, DECISION) if (folder / RECORD).is_file() else None

    def keep_evaluation(self, found: Evaluation, lens: str = EVIDENCE) -> Path:
        """Write simulated studies of a programme; return the folder."""
        return found.write(self._evaluations(str(found.record["place"]), lens) / _safe(found.record["programme"]))

    def evaluation(
        self, programme: str, place: str, lens: str = EVIDENCE
    ) -> tuple[dict[str, pd.DataFrame], dict[str, Any]] | None:
        """Frames of `simulator.Evaluation` that are shown, and the run record; or None."""
        folder = self._evaluations(place, lens) / _safe(programme)
        return read_tables(folder, EVALUATED) if (folder / RECORD).is_file() else None

    def evaluated(self, place: str, lens: str = EVIDENCE) -> tuple[str, ...]:
        """Programmes with simulated studies in a place, by name."""
        return tuple(sorted(path.parent.name for path in self._evaluations(place, lens).glob(f"[!.]*/{RECORD}")))

    def keep_predictions(self, found: BlindPredictions, lens: str) -> Path:
        """Write predictions of published studies; return the folder."""
        return found.write(self._lens_folder(PUBLISHED, lens))

    def predictions(self, lens: str) -> BlindPredictions | None:
        """Predictions of published studies for a lens: one's own, or those that ship; None if there are neither.

        With this version of the model, only those of the lens as it is now.
        """
        own = read_predictions(self._lens_folder(PUBLISHED, lens))
        if self.version != model_version():
            return own
        return own if own and own.is_through(lens) else shipped_predictions(lens)

    def scenarios(self, place: str, lens: str = EVIDENCE) -> dict[str, str]:
        """Titles of the scenarios with finished runs in a place, by name."""
        rows = self.rows()
        mine = rows[(rows["place"] == place) & (rows["lens"] == lens)]
        return dict(zip(mine["scenario"], mine["title"], strict=True))

    def rows(self) -> pd.DataFrame:
        """All sets of finished runs of this model version, one row each with `COLUMNS`."""
        rows = []
        for path in sorted((self.folder / self.version).glob(f"*/*/[0-9]*/*/{RECORD}")):
            try:
                record = read_record(path.parent)
            except ResultsError:
                continue  # being rewritten
            lens = path.parents[2].name
            named = {"scenario": path.parent.name, "title": record["scenario_title"], "lens": lens}
            replications = len(record["seeds"])
            rows.append({**record, **named, "replications": replications})
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _beside(self, what: str, scenario: str, base: str, place: str, lens: str) -> Path:
        """A folder next to those of calendars, which begin with a digit."""
        return self._lens_folder(place, lens) / what / _safe(base) / _safe(scenario)

    def _evaluations(self, place: str, lens: str) -> Path:
        return self._lens_folder(place, lens) / "evaluation"

    def _lens_folder(self, place: str, lens: str) -> Path:
        if not KEY.fullmatch(lens):
            raise ResultsError(f"'{lens}' is not a name of a lens: use small letters, digits and hyphens.")
        return self.folder / self.version / (place if place == PUBLISHED else _safe(place)) / lens


def over_common_seeds(*results: Results) -> tuple[Results, ...]:
    """Results over their common seeds; unchanged if there are none."""
    shared = [seed for seed in results[0].seeds if all(seed in other.seeds for other in results)]
    return tuple(one if not shared or list(one.seeds) == shared else some_seeds(one, shared) for one in results)


def _more_of_the_same(one: Comparison, other: Comparison) -> bool:
    """Whether a comparison is of the other's specifications, in more pairs of runs."""
    made = [[arm.record["spec_hash"] for arm in (each.scenario, each.baseline)] for each in (one, other)]
    return made[0] == made[1] and len(one.seeds) > len(other.seeds)


def _safe(name: str) -> str:
    """The name, if it is valid as a folder's name. Raises ResultsError for any other."""
    if not NAME.fullmatch(name):
        raise ResultsError(f"'{name}' is not a valid name: use at most 80 letters, digits and underscores.")
    return name

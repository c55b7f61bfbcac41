"""Blind predictions: each published study is simulated and its prediction compared with the published result.

found = validate_against_studies(seeds=range(12))
found.table
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from calibration.studies.estimates import Progress, StudyEstimates, StudyRuns, runs_needed, simulate_study
from calibration.studies.formatting import shown
from calibration.studies.loading import StudyPlan, load_study, study_names
from calibration.studies.verdicts import LEVEL, REACH, Verdict, verdict
from simulator.bundle.same_numbers import is_this_model
from simulator.comparison.paired_statistics import monte_carlo_error
from simulator.errors import IncompleteEnsembleError
from simulator.lenses import EVIDENCE, apply_lens, lens_names, load_lens
from simulator.results.folder import RECORD, fill_tables, read_tables, write_folder
from simulator.results.run_record import run_record
from simulator.running.ensemble import own_executor

FILES: Final = {"table": "studies", "estimates": "estimates", "failures": "failures", "variants": "variants"}
"""File name of each table."""
SHIPPED: Final = Path(__file__).with_name("shipped")
"""The replication of all studies that ships, in a folder for each lens."""
SEEDS: Final = range(12)
"""Seeds of what ships: six parameter draws."""
VARIANT_COLUMNS: Final = (
    "study",
    "variant",
    "predicted",
    "difference",
    "monte_carlo_error",
    "unexplained",
    "runs",
)
_VOLUME_AND_PAGE: Final = re.compile(r"\b\d+:e?\d+\b")


@dataclass(frozen=True)
class BlindPredictions:
    """Predictions and published results.

    ``table`` has one row per study: the prediction with its interval, the published result, and the verdict
    (`calibration.studies.verdicts.Verdict`). ``estimates`` has one row per study and seed, ``failures`` one per failed
    run. ``variants`` has one row per structural variant of a study: its prediction, the difference to the study's own
    with its Monte Carlo error, and how far the published result is from it, in the study's unit.
    """

    table: pd.DataFrame
    estimates: pd.DataFrame
    failures: pd.DataFrame
    variants: pd.DataFrame
    record: Mapping[str, Any]

    @property
    def independent(self) -> pd.DataFrame:
        """Rows of the table that are an independent test: no source of the evidence or of the lens."""
        return self.table[(self.table["informs"] == "") & ~self.table["fitted"]]

    def widening(self, more: int = 0) -> float:
        """How many times as wide the predictive intervals must be to contain 80 % of the independent estimates.

        The model discrepancy that these studies show: at 1 or below, none beyond what the intervals allow for. With
        ``more``, so many estimates more than 80 %. NaN without so many.
        """
        distances = np.sort(self.independent["distance"].abs().to_numpy(np.float64))
        last = math.ceil(LEVEL * len(distances)) - 1 + more
        return float(distances[last] / REACH) if 0 <= last < len(distances) else math.nan

    def is_through(self, lens: str | Path) -> bool:
        """Whether they are of a lens as it is now; it may have been fitted again under its name."""
        return bool(self.record.get("lens_hash") == apply_lens(lens).hash)

    def findings(self) -> tuple[str, ...]:
        """Numbers of hits, of hits under no effect and of independent tests; studies missed or in need of more runs."""
        rows = self.table
        asked = rows[rows["nothing_hits"].notna()]
        apart = self.independent
        sentences = [
            f"{int(rows['hit'].sum())} of {len(rows)} published estimates lie within the {100 * LEVEL:.0f} % "
            "predictive interval.",
            f"Hits among the {len(asked)} that estimate an effect: {int(asked['hit'].sum())}; an equally wide interval "
            f"around no effect would contain {int(asked['nothing_hits'].astype(bool).sum())}.",
            f"Among the sources of the evidence or of the lens, so not an independent test: {len(rows) - len(apart)}; "
            f"hits among the other {len(apart)}: {int(apart['hit'].sum())}.",
        ]
        if self.widening() > 1.0:
            sentences.append(
                f"To contain {100 * LEVEL:.0f} % of these {len(apart)}, the intervals would have to be "
                f"{self.widening():.1f} times as wide: the model discrepancy that these studies show."
            )
        missed = rows[~rows["hit"]]
        if len(missed):
            sentences.append(f"Missed: {'; '.join(missed['title'])}.")
        blurred = rows[rows["monte_carlo_error"] > rows["sampling_error"]]
        if len(blurred):
            sentences.append(
                "For the following studies the Monte Carlo error exceeds the study's own sampling error, and more runs "
                f"would narrow the interval: {'; '.join(blurred['title'])}."
            )
        by_name = {str(row["study"]): row for row in rows.to_dict("records")}
        return (*sentences, *(variant_finding(row, by_name[row["study"]]) for row in self.variants.to_dict("records")))

    def write(self, folder: str | Path) -> Path:
        """Write tables (Parquet), ``studies.csv`` and the run record, all or nothing.

        Raises ResultsError if the folder contains something other than results.
        """
        target = Path(folder)
        write_folder(target, self._fill)
        return target

    def _fill(self, folder: Path) -> None:
        fill_tables(folder, {file: getattr(self, name) for name, file in FILES.items()}, self.record)
        self.table.to_csv(folder / "studies.csv", index=False, lineterminator="\n")


def read_predictions(folder: Path) -> BlindPredictions | None:
    """What `BlindPredictions.write` wrote into a folder; None if there is nothing. Raises ResultsError if changed."""
    if not (folder / RECORD).is_file():
        return None
    tables, record = read_tables(folder, tuple(FILES.values()))
    return BlindPredictions(**{name: tables[file] for name, file in FILES.items()}, record=record)


def shipped_predictions(lens: str, folder: Path = SHIPPED) -> BlindPredictions | None:
    """The replication of all shipped studies that ships; None if there is none of this model and lens."""
    found = read_predictions(folder / lens)
    return found if found and is_this_model(str(found.record["model_version"])) and found.is_through(lens) else None


def write_shipped_predictions(
    executor: Executor, folder: Path = SHIPPED, progress: Progress | None = None
) -> Iterator[str]:
    """Replicate all shipped studies through every lens that ships; yields each when it is written."""
    for lens in lens_names():
        validate_against_studies(seeds=SEEDS, lens=lens, workers=executor, progress=progress).write(folder / lens)
        yield lens


def validate_against_studies(
    studies: Sequence[str | Path] | None = None,
    seeds: Sequence[int] = SEEDS,
    *,
    lens: str | Path = EVIDENCE,
    workers: int | Executor | None = None,
    progress: Progress | None = None,
) -> BlindPredictions:
    """Simulate published studies, given by name or file (default: all shipped ones), once for each seed.

    ``lens`` is one of `simulator.api.lenses`, or the folder of another (default: the evidence as written). Every file
    is validated before anything runs. Raises UnknownNameError, PublishedStudyError, LensError, and
    IncompleteEnsembleError if fewer than two runs of a study finished.
    """
    applied_lens = apply_lens(lens)
    plans = [load_study(study).through(applied_lens) for study in (study_names() if studies is None else studies)]
    fitted = fitted_sources(lens)
    steps = runs_needed(_with_variants(plans), len(list(seeds)))
    own = nullcontext(workers) if isinstance(workers, Executor) else own_executor(workers)
    made, failures = [], []
    with own as executor:
        done = 0
        runs = StudyRuns(seeds, executor, None)
        for plan, ahead in zip(_with_variants(plans), steps, strict=True):
            runs.progress = _shifted(progress, done, sum(steps))
            found = simulate_study(plan, runs)
            done += ahead
            name = plan.study.name
            failures += [(name, *failure) for failure in found.failures]
            if len(found.seeds) < 2:
                raise IncompleteEnsembleError(_too_few(name, found))
            made.append(found)
    rows, estimates, variants = [], [], []
    in_order = iter(made)
    for plan in plans:
        found = next(in_order)
        rows.append(
            {
                **_row(plan, found, verdict(plan.study.published, found)),
                "fitted": plan.study.fitted_to or is_among(plan, fitted),
            }
        )
        estimates.append(_estimates(plan, found))
        variants += [_variant_row(plan, variant.title, found, next(in_order)) for variant in plan.study.variants]
    return BlindPredictions(
        table=pd.DataFrame(rows),
        estimates=pd.concat(estimates, ignore_index=True),
        failures=pd.DataFrame(dict.fromkeys(failures), columns=["study", "seed", "error", "message"]),
        variants=pd.DataFrame(variants, columns=VARIANT_COLUMNS),
        record={
            **run_record(plans[0].spec, list(seeds), "drawn"),
            "studies": [{"name": plan.study.name, "spec_hash": plan.spec.hash} for plan in plans],
            "level": LEVEL,
        },
    )


def _with_variants(plans: Sequence[StudyPlan]) -> list[StudyPlan]:
    """Each study, followed by its variants."""
    return [one for plan in plans for one in (plan, *plan.variants)]


def variant_finding(variant: Mapping[Hashable, Any], study: Mapping[Hashable, Any]) -> str:
    """How much more or less of a published result a structural variant leaves unexplained, as a sentence."""
    unit = str(study["unit"])
    predicted, own, published = (
        shown(value, unit) for value in (variant["predicted"], study["predicted"], study["published"])
    )
    left = abs(study["published"] - study["predicted"])
    return (
        f"{study['title']}, with {variant['variant']}: {predicted} instead of {own} {unit}, so that "
        f"{abs(variant['unexplained']):.1f} instead of {left:.1f} points of the published {published} {unit} are "
        f"unexplained (a difference of {abs(variant['difference']):.2g}, Monte Carlo error "
        f"{variant['monte_carlo_error']:.2g})."
    )


def fitted_sources(lens: str | Path) -> tuple[str, ...]:
    """Sources of the targets that a lens was fitted to; empty for the evidence as written."""
    if str(lens) == EVIDENCE:
        return ()
    return tuple(target.source for target in load_lens(lens).file.targets.values() if target.fitted)


def is_among(plan: StudyPlan, sources: Sequence[str]) -> bool:
    """Whether a study is among these sources, matched by volume and page, or by its full text."""
    found = _VOLUME_AND_PAGE.search(plan.study.source)
    key = found[0] if found else plan.study.source
    return any(key in source for source in sources)


def _row(plan: StudyPlan, found: StudyEstimates, judged: Verdict) -> dict[str, Any]:
    study = plan.study
    published = study.published
    return {
        "study": study.name,
        "title": study.title,
        "outcome": study.outcome,
        "design": study.design,
        "unit": published.unit,
        **judged._asdict(),
        "published": published.value,
        "published_low": published.low,
        "published_high": published.high,
        "no_effect": published.no_effect,
        "runs": len(found.seeds),
        "people": found.people,
        "analysis": study.simulate.analysis.kind,
        "place": plan.spec.place.name,
        "informs": ", ".join(study.informs),
        "checked": study.checked,
        "source": study.source,
        "reference": study.reference,
    }


def _variant_row(plan: StudyPlan, title: str, own: StudyEstimates, found: StudyEstimates) -> dict[str, Any]:
    seeds, here, there = np.intersect1d(found.seeds, own.seeds, return_indices=True)
    difference = found.estimate[here] - own.estimate[there]
    predicted = float(found.estimate.mean())
    return {
        "study": plan.study.name,
        "variant": title,
        "predicted": predicted,
        "difference": float(difference.mean()),
        "monte_carlo_error": monte_carlo_error(difference, found.draws[here]),
        "unexplained": plan.study.published.value - predicted,
        "runs": len(seeds),
    }


def _estimates(plan: StudyPlan, found: StudyEstimates) -> pd.DataFrame:
    estimate = [plan.study.published.off_scale(float(one)) for one in found.estimate]
    return pd.DataFrame({"study": plan.study.name, "seed": found.seeds, "draw": found.draws, "estimate": estimate})


def _too_few(name: str, found: StudyEstimates) -> str:
    cause = f" First cause, seed {found.failures[0][0]}: {': '.join(found.failures[0][1:])}." if found.failures else ""
    return f"Only {len(found.seeds)} runs of {name} finished; at least two are needed.{cause}"


def _shifted(progress: Progress | None, done: int, total: int) -> Progress | None:
    if progress is None:
        return None

    def shifted(here: int, _: int) -> None:
        progress(done + here, total)

    return shifted

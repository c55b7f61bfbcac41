"""Fit a lens from its files, once for each share of Frome's gap, and write its folder."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from calibration.fitting import DEFAULT, QUICK, Fit, Plan, Progress, check, fit
from calibration.fitting.priors import Z_HIGH
from calibration.lens.diagnostics import DIAGNOSTICS, FRAMES
from calibration.lens.simulated_targets import Columns, columns_of, problem_of, published_figures
from calibration.sensitivity.indices import morris, sobol
from calibration.targets.folder import Files
from calibration.targets.priors import ParameterPrior, Priors, three
from simulator.comparison.paired_statistics import Floats
from simulator.lenses import LensFile, read_lens
from simulator.lenses.lens import DRAWS, FILE, FROME
from simulator.results.run_record import model_version

ROWS: Final = 200
"""Draws kept for each share of Frome's gap; a comparison of 30 pairs of runs uses 15."""
CHECK: Final = "check"


class Size(NamedTuple):
    """The size of a calibration."""

    residents: int  # of every simulated place
    full_size: int | None  # of every place in the last wave and at draws of the posterior; None for the same
    plan: Plan
    other: Plan  # for shares of Frome's gap below 1: the same design, fewer additional runs


_PLAN: Final = replace(DEFAULT, waves=1, wave_points=60, finer_points=50, check_points=60, effective_size=600)
_OTHER: Final = replace(_PLAN, wave_points=24, finer_points=0, check_points=0, truths=0, effective_size=400)
STANDARD: Final = Size(7_000, 28_000, _PLAN, _OTHER)
"""Places a quarter the size of Frome, since more points are worth more than larger towns until the posterior is known
roughly. The last wave and draws of the posterior are simulated at the size of Frome, whose chance variation is that of
the figures reported: it is small enough that the posterior is not mostly the emulators' own error."""
SMALL: Final = Size(3_000, None, QUICK, replace(QUICK, waves=0, check_points=0))
"""To test files, targets and priors; it certifies nothing."""


class FittedLens(NamedTuple):
    """A fitted lens: one fit for each share of Frome's gap, or a single fit for a lens without that setting."""

    priors: Priors
    columns: Columns
    size: Size
    fits: Mapping[float, Fit]

    @property
    def whole(self) -> Fit:
        """The fit for all of Frome's gap."""
        return self.fits[max(self.fits)]


OnProgress = Callable[[str, Progress], None]
"""Called with the name of the current fit and its progress."""


def fit_lens(
    files: Files,
    lens: str,
    size: Size = STANDARD,
    *,
    store: Path | None = None,
    workers: Executor | int | None = None,
    progress: OnProgress | None = None,
) -> FittedLens:
    """Fit a lens: first for all of Frome's gap, then for every other share listed in its priors.

    All shares use the same runs over the prior, kept in ``store``, since a share moves the target and not what is
    simulated. A target out of reach does not stop the fit but fails a check. Raises FitError, StoreError, and errors of
    the files.
    """
    priors = files.of(lens)
    fits = {}
    for share in sorted(priors.settings.frome or (1.0,), reverse=True):
        problem = problem_of(
            priors,
            files.targets,
            residents=size.residents,
            full_size=size.full_size,
            share=share,
            folder=files.folder,
        )
        plan = replace(size.plan if share == 1.0 else size.other, stop_if_unreachable=False)
        if share == 1.0:
            more = priors.settings.more_waves
            plan = replace(plan, waves=plan.waves + more, finer_points=plan.finer_points * (1 + more))
        name = f"{lens}, {share:g} of Frome's gap" if priors.settings.frome else lens
        on_progress = None if progress is None else _named(progress, name)
        fits[share] = fit(problem, plan, store=store, workers=workers, progress=on_progress)
    return FittedLens(priors, columns_of(priors, files.targets, files.folder), size, fits)


def _named(progress: OnProgress, name: str) -> Callable[[Progress], None]:
    return lambda state: progress(name, state)


def lens_file(fitted: FittedLens, draws: bytes, record: Mapping[str, Any]) -> LensFile:
    """The contents of the lens file."""
    whole, settings = fitted.whole, fitted.priors.settings
    found = {str(row["parameter"]): row for row in whole.parameters.to_dict("records")}
    parameters = {
        parameter.path: _fitted_value(parameter, found[parameter.path]) for parameter in fitted.priors.parameter_priors
    }
    return LensFile.model_validate(
        {
            "lens": fitted.priors.lens,
            "title": settings.title,
            "description": " ".join(settings.description.split()),
            "frome": sorted(fitted.fits) if settings.frome else [],
            "parameters": parameters,
            "targets": simulated_target_rows(fitted),
            "reported": reported_rows(fitted),
            "gates": gates_of(fitted),
            "record": {
                "model_version": model_version(),
                "residents": fitted.size.residents,
                "residents_at_draws": fitted.size.full_size or fitted.size.residents,
                "shared_growth": settings.shared_growth.value,
                "simulated_points": simulated_points(fitted),
                **record,
            },
            "draws": hashlib.sha256(draws).hexdigest(),
        }
    )


def simulated_points(fitted: FittedLens) -> int:
    """Number of distinct points simulated; those shared between shares of Frome's gap are counted once."""
    runs = pd.concat([one.runs for one in fitted.fits.values()], ignore_index=True)
    return len(runs[["seed", *fitted.whole.problem.names]].drop_duplicates())


def gates_of(fitted: FittedLens) -> dict[str, dict[str, Any]]:
    """All checks by name; those of a smaller share of Frome's gap are added if they fail where the whole passes."""
    gates = {}
    for share, one in sorted(fitted.fits.items(), reverse=True):
        for row in check(one).gates.to_dict("records"):
            name = str(row["gate"])
            untried = not row["tried"] and share != max(fitted.fits)
            if share == max(fitted.fits):
                finding = str(row["why"]) or f"{name}: {row['value']:.3g}, required: {row['bar']}"
                gates[name] = {"passed": bool(row["passed"]), "consequence": row["consequence"], "finding": finding}
            elif not row["passed"] and gates[name]["passed"] and not untried:
                finding = f"with {share:g} of Frome's gap taken as caused by its programme: {row['why']}"
                gates[f"{name}, {share:g}"] = {"passed": False, "consequence": row["consequence"], "finding": finding}
    return gates


def _fitted_value(parameter: ParameterPrior, row: Mapping[Hashable, Any]) -> dict[str, Any]:
    written, evidence = parameter.evidence, dict.fromkeys(("value", "low", "high"), 1.0)
    if parameter.applies_as == "value":
        evidence = {name: float(number) for name, number in zip(evidence, three(written), strict=True)}
    return {
        "label": written.label,
        "unit": "ratio" if parameter.applies_as == "ratio" else written.unit,
        "applies_as": parameter.applies_as,
        "role": parameter.role,
        "prior": {"value": parameter.value, "low": parameter.low, "high": parameter.high},
        "reason": " ".join(parameter.reason.split()),
        "evidence": evidence,
        "fitted": _rounded(float(row["q50"]), float(row["q025"]), float(row["q975"])),
        "informed": row["label"] == "informed",
    }


def simulated_target_rows(fitted: FittedLens) -> dict[str, dict[str, Any]]:
    """Every target with a run, held-out ones included, and its simulated value at the draws.

    Values come from the check runs of the fit, chance variation included; without such runs, fitted targets are as the
    emulators predict them and held-out ones are left out.
    """
    whole = fitted.whole
    again = whole.runs[(whole.runs["stage"] == CHECK) & (whole.runs["reason"] == "")]
    predicted = {str(row["target"]): row for row in whole.targets.to_dict("records")}
    rows = {}
    for name, target in published_figures(fitted.columns).items():
        is_fitted = name in predicted
        if len(again) > 1:
            values = again[name].to_numpy(np.float64)
            middle, low, high = _quantiles(values)
            mean, sd = float(values.mean()), float(values.std(ddof=1))
        elif is_fitted:
            mean, sd = float(predicted[name]["mean"]), float(predicted[name]["sd_predicted"])
            middle, low, high = mean, mean - Z_HIGH * sd, mean + Z_HIGH * sd
        else:
            continue
        rows[name] = {
            "label": target.label,
            "unit": target.unit,
            "value": target.value,
            "low": target.low,
            "high": target.high,
            "simulated": _rounded(middle, low, high),
            "z": round((target.value - mean) / float(np.hypot(target.sd, sd)), 2),
            "fitted": is_fitted,
            "reached": target.low <= middle <= target.high,
            "source": " ".join(target.source.split()),
        }
    return rows


def reported_rows(fitted: FittedLens) -> dict[str, dict[str, Any]]:
    """Statistics without a published figure at the draws; none if the draws were not simulated."""
    runs = fitted.whole.runs
    again = runs[(runs["stage"] == CHECK) & (runs["reason"] == "")]
    return {
        name: {
            "label": one.label,
            "unit": one.unit,
            "simulated": _rounded(*_quantiles(again[name].to_numpy(np.float64))),
        }
        for name, one in fitted.columns.reported.items()
        if len(again) > 1
    }


def _quantiles(values: Floats) -> tuple[float, float, float]:
    """Median and middle 95 %."""
    middle, low, high = (float(np.quantile(values, q)) for q in (0.5, 0.025, 0.975))
    return middle, low, high


def draws_table(fitted: FittedLens, seed: int = 1) -> pd.DataFrame:
    """Draws of every fit in random order; the share of Frome's gap is the first column if the lens has that setting."""
    parts = []
    for share, one in sorted(fitted.fits.items()):
        chosen = np.random.default_rng(seed).permutation(len(one.draws))[:ROWS]
        part = one.draws.iloc[chosen][list(one.problem.names)].reset_index(drop=True)
        if fitted.priors.settings.frome:
            part.insert(0, FROME, share)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def write_lens(fitted: FittedLens, folder: Path, record: Mapping[str, Any] | None = None) -> Path:
    """Write the lens and its diagnostics into a folder; return the folder.

    Diagnostics are the frames of every fit, with its share of Frome's gap as ``frome``, and the sensitivity indices of
    each target in the fit for the whole gap (``sobol``, ``morris``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    draws = draws_table(fitted).to_csv(index=False, float_format="%.6g", lineterminator="\n").encode()
    file = lens_file(fitted, draws, record or {})
    (folder / DRAWS).write_bytes(draws)
    text = io.StringIO()
    yaml = YAML()
    yaml.width = 110
    yaml.default_flow_style = None
    yaml.dump(file.model_dump(mode="json", exclude_none=True), text)
    head = "# yaml-language-server: $schema=../schema.json\n"
    head += "# Written by `offset calibrate`; see docs/calibration.md.\n"
    (folder / FILE).write_text(head + text.getvalue(), encoding="utf-8", newline="\n")
    (folder / DIAGNOSTICS).mkdir(exist_ok=True)
    for name, measure in (("sobol", sobol), ("morris", morris)):
        measure(fitted.whole).to_parquet(folder / DIAGNOSTICS / f"{name}.parquet", index=False)
    for name in FRAMES:
        frames = [getattr(one, name).assign(frome=share) for share, one in sorted(fitted.fits.items())]
        frames = [frame for frame in frames if len(frame)]
        if frames:
            table = pd.concat(frames, ignore_index=True)
            table.to_parquet(folder / DIAGNOSTICS / f"{name}.parquet", index=False)
    read_lens(folder)
    return folder


def _rounded(value: float, low: float, high: float) -> dict[str, float]:
    """Rounded to five significant digits, and still in order."""
    numbers = [float(f"{number:.5g}") for number in (low, value, high)]
    low, value, high = sorted(numbers)
    return {"value": value, "low": low, "high": high}

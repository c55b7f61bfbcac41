"""The certificate of a fit: checks ("gates"), each with its value, its threshold and the consequence of failing it.

A failed check either withholds the intervals, which would be too confident, or has widened them already, since the
emulator's error and the discrepancy are part of the posterior. Every failed check gives its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from calibration.fitting.coverage import FEWEST, covered
from calibration.fitting.fit import Fit
from calibration.fitting.sampling import R_HAT

Consequence = Literal["nothing", "widened", "withheld"]
EFFECTIVE: Final = 400.0
"""Smallest acceptable effective sample size of the draws (Vehtari A et al. 2021, Bayesian Analysis 16:667)."""
Z_RMS: Final = 1.25
"""Root mean square of leave-one-out z above which an emulator is overconfident; its variance is then multiplied."""
Z_RMS_USELESS: Final = 3.0
"""The same, above which multiplying the variance is not enough."""
BLIND: Final = 1.0
"""An emulator's unresolved error, in sd of its target, above which the target hardly informs the fit."""
BIASED: Final = 0.5
"""Distance of emulator and simulator at the posterior, in sd of the target, above which the posterior is misplaced."""
_Z_BIAS: Final = 2.6
COVERAGE: Final = (0.7, 0.9)
"""Share of known truths that 80 % intervals should contain: lowest and highest."""
FEWEST_TRUTHS: Final = 50
PREDICTED: Final = 2.0
"""z of a target in the posterior predictive above which the fit does not reproduce it."""
CONFLICT: Final = 3.0
"""z of a target, left out and predicted from the others, above which it contradicts them."""
FAILED: Final = 0.05
"""Share of failed runs above which the successful ones may not be representative."""


@dataclass(frozen=True)
class Certificate:
    """The checks of a fit.

    ``gates``: one row per check: gate, value, bar (the threshold), passed, tried (False: the plan left it out, which
    counts as not passed), consequence (nothing, widened or withheld), why.
    """

    gates: pd.DataFrame

    @property
    def passed(self) -> bool:
        """Whether every check was passed."""
        return bool(self.gates.passed.all())

    @property
    def intervals(self) -> Literal["as they are", "widened", "withheld"]:
        """How the intervals may be used."""
        consequences = set(self.gates.consequence)
        if "withheld" in consequences:
            return "withheld"
        return "widened" if "widened" in consequences else "as they are"

    @property
    def reasons(self) -> tuple[str, ...]:
        """A sentence for each failed check."""
        return tuple(self.gates.why[~self.gates.passed])


def check(fit: Fit) -> Certificate:
    """Certify a fit. This is deterministic: nothing is simulated or drawn."""
    gates = [
        _r_hat(fit),
        _effective_size(fit),
        _emulators(fit),
        _unresolved(fit),
        _biased(fit),
        _coverage(fit),
        _reachable(fit),
        _predictive(fit),
        _conflicts(fit),
        _failed_runs(fit),
    ]
    return Certificate(pd.DataFrame(gates))


def _untried(name: str, bar: str, why: str) -> dict[str, object]:
    return {**_gate(name, np.nan, bar, False, "withheld", why), "tried": False}


def _gate(name: str, value: float, bar: str, passed: bool, consequence: Consequence, why: str) -> dict[str, object]:
    return {
        "gate": name,
        "value": float(value),
        "bar": bar,
        "passed": bool(passed),
        "tried": True,
        "consequence": "nothing" if passed else consequence,
        "why": "" if passed else why,
    }


def _highest(names: pd.Series, values: pd.Series) -> tuple[str, float]:
    """The highest value and its name."""
    place = int(values.to_numpy(dtype=np.float64).argmax())
    return str(names.iloc[place]), float(values.iloc[place])


def _r_hat(fit: Fit) -> dict[str, object]:
    worst, value = _highest(fit.parameters.parameter, fit.parameters.r_hat.fillna(np.inf))
    why = (
        f"the sampler has not converged: R-hat of '{worst}' is {value:.3f}. Intervals are withheld; "
        "raise most_steps, or look in the pairs for strongly correlated parameters"
    )
    return _gate("convergence (R-hat)", value, f"<= {R_HAT:g}", value <= R_HAT, "withheld", why)


def _effective_size(fit: Fit) -> dict[str, object]:
    sizes = fit.parameters[["ess_bulk", "ess_tail"]].fillna(0.0).min(axis=1)
    worst, least = _highest(fit.parameters.parameter, -sizes)
    least = -least
    why = f"the draws of '{worst}' have an effective size of {least:.0f}. Intervals are withheld; raise most_steps"
    return _gate("effective size", least, f">= {EFFECTIVE:g}", least >= EFFECTIVE, "withheld", why)


def _emulators(fit: Fit) -> dict[str, object]:
    z = fit.emulators[["z_rms", "z_rms_waves"]].max(axis=1)
    worst, value = _highest(fit.emulators.column, z)
    useless = value > Z_RMS_USELESS
    then = "withheld; raise design_points" if useless else "wider: its variance was multiplied by the square"
    why = f"the emulator of '{worst}' has {value:.2f} times the error it states (leave-one-out). Intervals are {then}"
    consequence: Consequence = "withheld" if useless else "widened"
    return _gate("emulators (leave-one-out z)", value, f"<= {Z_RMS:g}", value <= Z_RMS, consequence, why)


def _unresolved(fit: Fit) -> dict[str, object]:
    targets = fit.emulators.merge(fit.targets[["target", "sd"]], left_on="column", right_on="target")
    share = targets.unresolved_sd / targets.sd
    worst, value = _highest(targets.target, share)
    why = (
        f"the emulator of '{worst}' misses changes of the simulator by {value:.1f} sd of the target, beyond the noise "
        "between seeds. The error is part of the likelihood, so intervals are wider; raise design_points"
    )
    return _gate("emulators (unresolved, in sd)", value, f"<= {BLIND:g}", value <= BLIND, "widened", why)


def _biased(fit: Fit) -> dict[str, object]:
    name, bar = "emulators (bias at the posterior, in sd)", f"<= {BIASED:g}"
    if "bias_posterior" not in fit.emulators:
        why = "the posterior was not checked by simulation. Intervals are withheld; set check_points"
        return _untried(name, bar, why)
    targets = fit.emulators.merge(fit.targets[["target", "sd"]], left_on="column", right_on="target")
    # Only what exceeds chance variation in this number of runs counts as bias.
    beyond_chance = np.maximum(targets.bias_posterior.abs() - _Z_BIAS * targets.bias_error, 0.0)
    worst, value = _highest(targets.target, beyond_chance / targets.sd)
    why = (
        f"at the posterior, simulated '{worst}' differs from its emulator by at least {value:.1f} sd of the target. "
        "Intervals are withheld; add another wave"
    )
    return _gate(name, value, bar, value <= BIASED, "withheld", why)


def _coverage(fit: Fit) -> dict[str, object]:
    low, high = COVERAGE
    truths = fit.coverage[fit.coverage.effective_size >= FEWEST].truth.nunique()
    share = covered(fit.coverage, 0.8)
    name, bar = "coverage of known truths at 80 %", f"{low:g} to {high:g}, of {FEWEST_TRUTHS} truths or more"
    if not fit.plan.truths:
        return _untried(name, bar, "coverage was not tested. Intervals are withheld; set truths")
    if truths < FEWEST_TRUTHS:
        why = f"coverage was tested on {truths} truths, but needs {FEWEST_TRUTHS}. Intervals are withheld; raise truths"
        return _gate(name, share, bar, False, "withheld", why)
    why = f"80 % intervals contain {share:.0%} of {truths} known truths. Intervals are withheld: they are too " + (
        "narrow" if share < low else "wide"
    )
    return _gate(name, share, bar, low <= share <= high, "withheld", why)


def _reachable(fit: Fit) -> dict[str, object]:
    out = fit.targets[~fit.targets.reachable]
    missed = "; ".join(f"'{row.target}' by {row.beyond:.1f} sd" for row in out.itertuples())
    why = (
        f"no parameter values within the priors reach {missed}. Intervals are withheld: the rest of the fit is "
        "distorted towards a target that it cannot meet"
    )
    return _gate("targets out of reach", len(out), "0", not len(out), "withheld", why)


def _predictive(fit: Fit) -> dict[str, object]:
    off = fit.targets[np.abs(fit.targets.z) > PREDICTED]
    value = float(np.abs(fit.targets.z).max())
    missed = "; ".join(
        f"'{row.target}' (simulated {row.mean:.4g}, published {row.value:.4g})" for row in off.itertuples()
    )
    why = f"the fit does not reproduce {missed}. Intervals are withheld: no part of the prior meets all targets at once"
    return _gate("posterior predictive (z)", value, f"<= {PREDICTED:g}", not len(off), "withheld", why)


def _conflicts(fit: Fit) -> dict[str, object]:
    against = fit.conflicts[np.abs(fit.conflicts.z.astype(float)) > CONFLICT]
    value = float(np.abs(fit.conflicts.z.astype(float)).max()) if len(fit.conflicts) else 0.0
    contradicted = "; ".join(f"'{row.target}' (z {row.z:.1f})" for row in against.itertuples())
    why = (
        f"the other targets contradict {contradicted}. The discrepancy has widened the intervals; re-examine both sides"
    )
    return _gate("leave-one-target-out (z)", value, f"<= {CONFLICT:g}", not len(against), "widened", why)


def _failed_runs(fit: Fit) -> dict[str, object]:
    reasons = fit.runs.reason[fit.runs.reason != ""]
    share = len(reasons) / len(fit.runs)
    first = reasons.iloc[0] if len(reasons) else ""
    why = f"{share:.0%} of the runs failed, the first because: {first}. Intervals are withheld; correct the cause"
    return _gate("failed runs (share)", share, f"<= {FAILED:g}", share <= FAILED, "withheld", why)

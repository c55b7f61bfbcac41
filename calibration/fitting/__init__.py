"""Fit any simulation to targets: emulators, history matching, a posterior, and a certificate of what it is worth.

    fit = fit(problem, plan, store="runs.sqlite", progress=tell)    # `Fit`: tidy frames
    certificate = check(fit)                                        # `Certificate`: gates, and what follows

Needs the extra ``calibration``: ``python -m pip install -c constraints.txt ".[calibration]"``.
"""

from simulator.errors import FitError

try:
    import SALib  # noqa: F401 - the sensitivity of a fit needs it too

    from calibration.fitting.certificate import Certificate, check
    from calibration.fitting.fit import Fit
    from calibration.fitting.plan import DEFAULT, QUICK, Plan
    from calibration.fitting.problem import Parameter, Problem, SimulatedValues, Target
    from calibration.fitting.simulating import Progress
    from calibration.fitting.stages import fit
except ModuleNotFoundError as error:
    raise FitError(
        f'a fit needs {error.name}, which is not installed: python -m pip install -c constraints.txt ".[calibration]"'
    ) from error

__all__ = [
    "DEFAULT",
    "QUICK",
    "Certificate",
    "Fit",
    "Parameter",
    "Plan",
    "Problem",
    "Progress",
    "SimulatedValues",
    "Target",
    "check",
    "fit",
]

"""Fit any simulation to targets: emulators, history matching, a posterior, and a certificate of what it is worth.

    fit = fit(problem, plan, store="runs.sqlite", progress=tell)    # `Fit`: tidy frames
    certificate = check(fit)                                        # `Certificate`: gates, and what follows

Needs the extra ``calibration``: ``python -m pip install -c constraints.txt ".[calibration]"``.
"""

from simulator.errors import FitError

try:
    from calibration.fitting.certificate import Certificate, check
    from calibration.fitting.discovery import discover
    from calibration.fitting.fitted import Fit
    from calibration.fitting.plan import DEFAULT, QUICK, Plan
    from calibration.fitting.problem import Parameter, Problem, Simulated, Target
    from calibration.fitting.progress import Progress
    from calibration.fitting.sensitivity import Stand, morris, sobol
    from calibration.fitting.stages import fit
    from calibration.fitting.value import value_of_information
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
    "Simulated",
    "Stand",
    "Target",
    "check",
    "discover",
    "fit",
    "morris",
    "sobol",
    "value_of_information",
]

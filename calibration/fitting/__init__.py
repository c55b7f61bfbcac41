"""Fit any simulation to targets: emulators, history matching, a posterior and a certificate of its quality.

    found = fit(problem, plan, store="runs.sqlite", progress=report)    # `Fit`: tidy frames
    certificate = check(found)                                          # `Certificate`: checks and their consequences

Needs the extra ``calibration``: ``python -m pip install -c constraints.txt ".[calibration]"``.
"""

from simulator.errors import FitError

try:
    import SALib

    from calibration.fitting.certificate import Certificate, check
    from calibration.fitting.fit import Fit
    from calibration.fitting.plan import DEFAULT, QUICK, Plan
    from calibration.fitting.problem import Parameter, Problem, SimulatedValues, Target
    from calibration.fitting.simulating import Progress
    from calibration.fitting.stages import fit
except ModuleNotFoundError as error:
    raise FitError(
        f"fitting needs the package {error.name}, which is not installed. Run: "
        'python -m pip install -c constraints.txt ".[calibration]"'
    ) from error

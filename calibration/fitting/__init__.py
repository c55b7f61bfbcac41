"""Fit any simulation to targets: emulators, history matching, a posterior, and a certificate of what it is worth."""

from calibration.fitting.fit import fit
from calibration.fitting.fitted import Fit
from calibration.fitting.plan import DEFAULT, QUICK, Plan
from calibration.fitting.problem import Parameter, Problem, Simulated, Target
from calibration.fitting.progress import Progress

__all__ = ["DEFAULT", "QUICK", "Fit", "Parameter", "Plan", "Problem", "Progress", "Simulated", "Target", "fit"]

"""Calibration: targets and priors, fitting, lenses, sensitivity analysis and replication of published studies."""

from calibration.targets.priors import load_priors
from calibration.targets.targets import Target, against_targets, load_target_file, load_targets

"""Targets and priors: their files, and the statistics of a run that are compared with targets."""

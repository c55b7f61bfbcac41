"""Targets and priors: the files that state them, and the figures that a run is held against."""

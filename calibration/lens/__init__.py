"""Fitting a lens: simulated targets, the fit itself, its diagnostics and warnings."""

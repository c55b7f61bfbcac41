"""Lenses: named readings of the uncertain values, fitted to what was claimed or to what trials support.

A lens is a folder: ``lens.yaml`` (what was fitted, to what, how near it came, which checks it passed) and ``draws.csv``
(draws of the fitted values). The lens ``evidence`` is the evidence as written, without any fitting.
"""

from simulator.lenses.applied_lens import AS_WRITTEN, ELICITED, EVIDENCE, AppliedLens, ParameterDraws
from simulator.lenses.implied_strengths import implied_strengths, strength
from simulator.lenses.lens import ORDER, Lens, apply_lens, fittable_values, lens_names, load_lens, read_lens
from simulator.lenses.schema import LensFile, lens_schema

__all__ = [
    "AS_WRITTEN",
    "ELICITED",
    "EVIDENCE",
    "ORDER",
    "AppliedLens",
    "Lens",
    "LensFile",
    "ParameterDraws",
    "apply_lens",
    "fittable_values",
    "implied_strengths",
    "lens_names",
    "lens_schema",
    "load_lens",
    "read_lens",
    "strength",
]

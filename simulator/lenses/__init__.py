"""Lenses: parameter draws fitted to one view of the evidence, such as published claims or trial results.

A lens is a folder: ``lens.yaml`` (parameters, targets, goodness of fit and checks) and ``draws.csv`` (draws of the
fitted values). The lens ``evidence`` is the evidence as written, without any fitting.
"""

from simulator.lenses.applied_lens import AS_WRITTEN, ELICITED, EVIDENCE, AppliedLens, ParameterDraws
from simulator.lenses.implied_strengths import implied_strengths, strength
from simulator.lenses.lens import ORDER, Lens, apply_lens, fittable_values, lens_names, load_lens, read_lens
from simulator.lenses.schema import LensFile

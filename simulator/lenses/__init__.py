"""Lenses: named readings of the uncertain values, fitted to what was claimed or to what trials support.

A lens is a folder: ``lens.yaml`` (what was fitted, to what, how near it came, which checks it passed) and ``draws.csv``
(draws of the fitted values). The lens ``evidence`` is the evidence as written, without any fitting.
"""

from simulator.lenses.believing import believing, strength
from simulator.lenses.lens import ORDER, Lens, known_values, lens_names, load_lens, read_lens, reading_of
from simulator.lenses.reading import ELICITED, EVIDENCE, PLAIN, Beliefs, Reading
from simulator.lenses.schema import LensFile, lens_schema

__all__ = [
    "ELICITED",
    "EVIDENCE",
    "ORDER",
    "PLAIN",
    "Beliefs",
    "Lens",
    "LensFile",
    "Reading",
    "believing",
    "known_values",
    "lens_names",
    "lens_schema",
    "load_lens",
    "read_lens",
    "reading_of",
    "strength",
]

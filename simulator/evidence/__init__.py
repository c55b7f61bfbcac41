"""Evidence: every number the model uses, with unit, interval, grade and source, in files that people can read.

How to read and change a value: ``README.md`` in this folder.
"""

from simulator.evidence.loading import load_evidence
from simulator.evidence.schema import evidence_schema
from simulator.evidence.values import Change, Evidence, Numbers, Value

__all__ = ["Change", "Evidence", "Numbers", "Value", "evidence_schema", "load_evidence"]

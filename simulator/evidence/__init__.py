"""Evidence: every number the model uses, with unit, interval, grade and source, in readable files.

``README.md`` in this folder explains how to read and change a value.
"""

from simulator.evidence.loading import load_evidence
from simulator.evidence.values import Change, Evidence, Numbers, Value

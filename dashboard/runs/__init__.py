"""Jobs: questions that people ask of the simulator, worked through one by one and answered once.

A question is scenarios, a place, a lens and seeds. Its key is the hash of all that and of the model's version, so the
same question has the same key, whoever asks it, and is computed once. Jobs live in a table on disk, finished
replications in a store of runs (`simulator.store`), answers in a folder each: a reload, a second browser and a server
that is started again find them.
"""

from dashboard.runs.answers import Answer
from dashboard.runs.jobs import Jobs
from dashboard.runs.question import EVIDENCE, QUICK_PAIRS, Question
from dashboard.runs.states import Fault, JobError, JobState, Phase

__all__ = ["EVIDENCE", "QUICK_PAIRS", "Answer", "Fault", "JobError", "JobState", "Jobs", "Phase", "Question"]

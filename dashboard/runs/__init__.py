"""Jobs: questions that users ask of the simulator, each computed once.

A question consists of scenarios, a place, a lens and seeds. Its key is a hash of these and of the model version, so the
same question from several users is computed once. Jobs are kept in a table on disk, finished replications in a store of
runs (`simulator.store`), and answers in one folder each, so they survive reloads and restarts of the server.
"""

from dashboard.runs.answers import Answer
from dashboard.runs.jobs import Jobs
from dashboard.runs.question import EVIDENCE, QUICK_PAIRS, Question
from dashboard.runs.states import Fault, JobError, JobState, Phase

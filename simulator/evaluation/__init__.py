"""Simulated studies: estimates that analysts would report from data sets, compared with the true effect."""

from simulator.evaluation.controls_elsewhere import ElsewhereEstimates, study_elsewhere
from simulator.evaluation.designs import DESIGNS, study_seed
from simulator.evaluation.evaluation import Evaluation, json_content, plan_studies, run_studies
from simulator.evaluation.summary import loneliness_summary_of, parts_of, summary_of
from simulator.evaluation.tenure import Spans, tenure_odds

"""Simulated studies: what analysts would report of a programme from data sets, beside what was true."""

from simulator.evaluation.evaluation import Evaluation, json_content, plan_studies, run_studies
from simulator.evaluation.studies import DESIGNS
from simulator.evaluation.tenure import Spans, tenure_odds

__all__ = ["DESIGNS", "Evaluation", "Spans", "json_content", "plan_studies", "run_studies", "tenure_odds"]

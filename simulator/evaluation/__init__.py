"""Simulated studies: what analysts would report of a programme from data sets, beside what was true."""

from simulator.evaluation.elsewhere import AgainstElsewhere, study_elsewhere
from simulator.evaluation.evaluation import Evaluation, json_content, plan_studies, run_studies
from simulator.evaluation.studies import DESIGNS
from simulator.evaluation.tenure import Spans, tenure_odds

__all__ = [
    "DESIGNS",
    "AgainstElsewhere",
    "Evaluation",
    "Spans",
    "json_content",
    "plan_studies",
    "run_studies",
    "study_elsewhere",
    "tenure_odds",
]

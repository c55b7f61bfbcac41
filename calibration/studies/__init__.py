"""Blind predictions: published studies, each made again on the simulated residents, beside what was published.

How to add one: ``docs/studies.md``. No value of the model is chosen by what comes out here: a study's file says where
it was, what was done and how it was analysed, and has no way to say how strongly anything works.
"""

from calibration.studies.loading import load_study, study_names
from calibration.studies.predictions import BlindPredictions, validate_against_studies
from calibration.studies.study import PublishedStudy, studies_schema

__all__ = [
    "BlindPredictions",
    "PublishedStudy",
    "load_study",
    "studies_schema",
    "study_names",
    "validate_against_studies",
]

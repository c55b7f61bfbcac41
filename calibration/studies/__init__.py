"""Replication of published studies in the simulated population, compared with the published results.

To add a study, see ``docs/studies.md``. No parameter of the model is chosen by these results: a study file describes
setting, delivery and analysis, and has no field for the strength of an effect.
"""

from calibration.studies.loading import load_study, study_names
from calibration.studies.predictions import BlindPredictions, validate_against_studies
from calibration.studies.study import PublishedStudy

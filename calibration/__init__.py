"""What the model should reproduce, and how near it comes."""

from calibration.targets import Target, against_targets, load_targets, targets_schema

__all__ = ["Target", "against_targets", "load_targets", "targets_schema"]

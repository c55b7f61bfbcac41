"""Programmes: what freed resource can buy, each a file; a user's own is one more file, without code.

How to write one: ``docs/programmes.md``.
"""

from simulator.programme_files.loading import (
    as_delivered,
    load_programme,
    programme_names,
    read_programme,
    shipped_programmes,
)
from simulator.programme_files.plan import PATH, EligibilityRule, Numbers, ProgrammePlan, numbers_of, programme_values
from simulator.programme_files.schema import programme_schema

__all__ = [
    "PATH",
    "EligibilityRule",
    "Numbers",
    "ProgrammePlan",
    "as_delivered",
    "load_programme",
    "numbers_of",
    "programme_names",
    "programme_schema",
    "programme_values",
    "read_programme",
    "shipped_programmes",
]

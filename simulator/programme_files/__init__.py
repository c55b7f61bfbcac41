"""Programmes that released money can buy, one file each; your own programme is another file and needs no code.

``docs/programmes.md`` explains how to write one.
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

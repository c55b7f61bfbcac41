"""A user's study file, to be changed by tests."""

from __future__ import annotations

from pathlib import Path

AS_WRITTEN = """name: mine
title: A hub in our town
population: People of our town
design: Another town beside it
outcome: Emergency admissions
result: Nothing
published: {value: 0, low: -5, high: 5, unit: "%", no_effect: 0}
source: Our own report of last year
reference: https://example.org
checked: page
differences: [It is smaller]
simulate:
  place: frome
  residents: 2000
  calendar: {starts: 2014-04-01, years: 2}
  funding:
    - {programme: complex_care_hub, kind: new_money, payer: nhs, units: 1}
  programme: {based_on: complex_care_hub, lag: 1}
  analysis: {kind: contrast, year: 1}
"""
TENURE = "{kind: tenure, newer_than_weeks: 52, older_from_weeks: 52, older_to_weeks: %d}"
SCALE = 'value: 0, low: -5, high: 5, unit: "%", no_effect: 0'
ODDS = "value: 1, low: 0.5, high: 2, unit: odds ratio"


def study_file(folder: Path, text: str, name: str = "mine") -> Path:
    """Write a study file of this name."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path

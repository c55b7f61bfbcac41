"""A valid place file for tests to change, and checks of its errors."""

from __future__ import annotations

from pathlib import Path

from simulator.errors import PlaceError
from simulator.places import read_place
from tests.helpers.messages import Messages

GOOD = """\
name: my_town
title: My Town
residents: 12000
age:
  shares: {0-15: 18 %, 16-64: 60 %, 65-84: 19 %, 85+: 3 %}
  source: Census 2021, My Town
  reference: https://www.nomisweb.co.uk/
  grade: A
deprivation:
  shares: {"1": 20 %, "2": 30 %, "3": 25 %, "4": 15 %, "5": 10 %}
  source: Indices of Deprivation 2019
  reference: https://www.gov.uk/
  grade: A
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "my_town.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(messages: Messages, folder: Path, text: str, at: str | None = None) -> None:
    """Check that an invalid file is refused, at this line and field."""
    with messages.raised(PlaceError, at):
        read_place(write(folder, text), "my_town.yaml")

"""Files meant to break the reader are refused with line and field, as a sentence and in bounded time and space."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dashboard.command_line.work import check_file
from simulator.errors import MOST_PROBLEMS, FileError
from simulator.foundations.input_files import MOST_BYTES
from simulator.places import place_from_table
from tests.helpers.messages import where
from tests.helpers.place_files import GOOD

SCENARIO = "name: plan\ntitle: T\nquestion: q\nextends: baseline\n"
PROGRAMME = "name: plan\ntitle: T\ndescription: d\nsource: A judgement of ours\ngrade: assumption\n"
DIGITS = "0x" + "F" * 5000
CLINICIAN = "staffing:\n  - {{service: gp_practice, role: clinician, hours_per_week: -1, {}}}\n"
LONGEST_SECONDS = 2.0

REFUSED = {
    "digits in a text": (SCENARIO + CLINICIAN.format(f"reason: {DIGITS}"), "6 staffing[0].reason"),
    "digits in a week": (SCENARIO + CLINICIAN.format(f"reason: r, from_week: {DIGITS}"), "6 staffing[0].from_week"),
    "digits in a share": (SCENARIO + f"reinvest: {{share: {DIGITS}}}\n", "5 reinvest.share"),
    "digits in a change": (SCENARIO + f"changes: {{x: {{value: {'9' * 400}, reason: r}}}}\n", "5 changes.x.value"),
    "twenty digits": (SCENARIO + f"calendar: {{years: {'9' * 20}}}\n", "5 calendar.years"),
    "a number without end": (SCENARIO + "reinvest: {share: 1e400}\n", "5 reinvest.share"),
    "residents": (GOOD.replace("12000", "9" * 400), "3 residents"),
    "more residents than anywhere": (GOOD.replace("12000", "600000000"), "3 residents"),
    "counts that overflow": (GOOD.replace("shares: {0-15: 18 %", "counts: {0-15: 1.7e308"), "5 age.counts.0-15"),
    "a long name": ('name: plan\ntitle: T\nquestion: q\nextends: "' + "é" * 150 + '.yaml"\n', "4 extends"),
    "a name with an end": (SCENARIO + 'place: "a\\0b.yaml"\n', "5 place"),
    "half a character": (SCENARIO + 'place: "a\\ud800b"\n', "5 place"),
    "a field with an end": ('"\\0": 1\n', "1"),
    "a long field": ("k" * 300 + ": 1\n", "1"),
    "a long text": ("title: " + "x " * 20_000, "1 title"),
    "a percentage of pounds": (PROGRAMME + "unit_cost: 60 %\nlag: 1\n", "6 unit_cost"),
    "weeks of an age": (PROGRAMME + "unit_cost: 60\nlag: 1e20\n", "7 lag"),
    "many entries": ("automate: [" + "1," * 99_000 + "1]\n", "1"),
    "many fields": ("".join(f"k{number}: 1\n" for number in range(10_000)), "10000"),
    "many levels": ("a: " + "[" * 30_000, "1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_with_its_line_and_field(tmp_path: Path, name: str, messages) -> None:
    text, at = REFUSED[name]
    path = tmp_path / ("my_town.yaml" if "my_town" in text else "plan.yaml")
    path.write_text(text, encoding="utf-8")
    began = time.process_time()
    with messages.raised(FileError) as caught:
        check_file(path, None)
    assert time.process_time() - began < LONGEST_SECONDS
    assert where(caught.value).startswith(at)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("entry", ["k{}: 1\n", "? [{}]\n"])
def test_only_the_first_problems_are_told(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(SCENARIO + "".join(entry.format(number) for number in range(400)), encoding="utf-8")
    with pytest.raises(FileError) as caught:
        check_file(path, None)
    assert len(caught.value.problems) <= MOST_PROBLEMS
    if entry.startswith("k"):
        assert str(caught.value).startswith(f"The first {MOST_PROBLEMS} problems in this scenario file:")


def test_the_largest_file_is_refused_in_two_seconds(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(("title: " + "x " * MOST_BYTES)[:MOST_BYTES], encoding="utf-8")
    began = time.process_time()
    with pytest.raises(FileError):
        check_file(path, None)
    assert time.process_time() - began < LONGEST_SECONDS


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_or_a_device_is_refused_without_being_opened(tmp_path: Path, messages) -> None:
    for name in ("pipe.yaml", "pipe.csv"):
        os.mkfifo(tmp_path / name)
    with messages.raised(FileError):
        check_file(tmp_path / "pipe.yaml", None)
    with messages.raised(FileError):
        place_from_table(tmp_path / "pipe.csv", "Frome")
    with pytest.raises(FileError, match="not a file on disk"):
        check_file(Path("/dev/zero"), None)


def test_a_long_chain_of_scenarios_is_refused(tmp_path: Path, messages) -> None:
    for number in range(30):
        text = f"name: plan{number}\ntitle: T\nquestion: q\nextends: plan{number + 1}\n"
        (tmp_path / f"plan{number}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "plan30.yaml").write_text(SCENARIO.replace("plan", "plan30"), encoding="utf-8")
    with messages.raised(FileError, "4 extends"):
        check_file(tmp_path / "plan0.yaml", None)

"""``offset attribute``: printed and written results, and failed runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulator.comparison.outcomes import split_by_channel
from simulator.experiments import attribution
from tests.dashboard.command_line.test_command_line import offset
from tests.helpers.messages import without_numbers
from tests.helpers.place_files import GOOD

PLAN = """\
name: booking
title: Booking online
question: What if booking were online?
extends: baseline
automate:
  - {service: gp_practice, task: appointment_booking, share: 60 %, from_week: 0, ramp_weeks: 0}
"""


@pytest.fixture
def arguments(tmp_path: Path) -> list[Any]:
    plan, place = tmp_path / "booking.yaml", tmp_path / "my_town.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    place.write_text(GOOD.replace("12000", "2000"), encoding="utf-8")
    return [plan, "--place", place, "--seeds", 2, "--years", 1, "--workers", 1]


def test_it_splits_an_effect_and_writes_every_outcome(arguments: list[Any], tmp_path: Path, messages) -> None:
    out = tmp_path / "parts"
    done = offset("attribute", *arguments, "--outcome", "unmet_needs", "--out", out)
    assert done.exit_code == 0, done.output
    messages.check(without_numbers(done.stdout))
    assert "Care planning" not in done.stdout
    written = pd.read_parquet(out / "attribution.parquet")
    assert set(written["outcome"]) == set(split_by_channel())
    by_seed = pd.read_parquet(out / "attribution_by_seed.parquet")
    assert set(by_seed["seed"]) == {0, 1}
    needs = by_seed[by_seed["outcome"] == "unmet_needs"].pivot(index="seed", columns="channel", values="part")
    assert (needs["access"] + needs["changed_evidence"] == needs["total"]).all()
    assert needs["total"].abs().sum() > 0


def test_as_json_it_is_one_object(arguments: list[Any]) -> None:
    found = json.loads(offset("attribute", *arguments, "--json").stdout)
    assert (found["outcome"], found["channels"]) == ("emergency_admissions", ["access"])
    assert [row["channel"] for row in found["parts"]] == ["access", "changed_evidence", "interaction", "total"]
    assert found["record"]["scenario"] == "booking"


def test_a_failed_run_is_an_error_that_names_its_seed(
    arguments: list[Any], monkeypatch: pytest.MonkeyPatch, messages
) -> None:
    def fails(spec: Any, seed: int, *others: Any) -> None:
        raise ArithmeticError(f"no luck with {seed}")

    monkeypatch.setattr(attribution, "simulate", fails)
    done = offset("attribute", *arguments, "--quiet")
    assert done.exit_code != 0
    messages.check(" ".join(done.stderr.split()))


def test_an_outcome_that_cannot_be_split_is_refused_with_all_that_can(arguments: list[Any]) -> None:
    done = offset("attribute", *arguments, "--outcome", "often_always_lonely")
    assert done.exit_code == 2
    said = "".join(part.strip("│ ") for part in done.stderr.splitlines())
    assert all(name in said for name in split_by_channel())


def test_a_folder_that_holds_something_else_is_refused_before_anything_runs(
    arguments: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, messages
) -> None:
    monkeypatch.setattr(attribution, "simulate", None)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear", encoding="utf-8")
    done = offset("attribute", *arguments, "--out", tmp_path / "mine")
    assert done.exit_code == 1
    messages.check(" ".join(done.stderr.split()))
    assert (tmp_path / "mine" / "letter.txt").read_text(encoding="utf-8") == "Dear"

"""Structural variants: each read as it says, regrets by hand, and the table of the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from simulator.cli.commands import app
from simulator.comparison import compare
from simulator.lenses import PLAIN, load_lens
from simulator.variants import LONELY_LINK, NO_LINK, regrets, safest, unlinked, variants
from tests.hand_lens import hand_lens
from tests.made_up import lively, results
from tests.small_runs import small_frome, small_spec

READ = {"lens": "a", "reading": "A", "lens_faults": []}


def found(effect, *, reverse=False, **read):
    arms = [results(name, lively(6, by), weeks=260, **{**READ, **read}) for name, by in (("b", 0.0), ("s", effect))]
    return compare(*(arms if reverse else arms[::-1]))


def test_without_the_link_loneliness_leads_to_no_admission_and_all_else_stays(tmp_path):
    for reading in (PLAIN, load_lens(hand_lens(tmp_path / "by-hand")).reading()):
        plain = small_spec().read_through(reading)
        cut = small_spec().read_through(unlinked(reading))
        for draw in (None, 0, 3):
            mine, other = cut.rates(draw), plain.rates(draw)
            assert mine.loneliness.admission_relative_risk == 1.0
            assert mine.loneliness.death_relative_risk == other.loneliness.death_relative_risk
            assert cut.programme_numbers(draw) == plain.programme_numbers(draw)


def test_there_is_always_a_variant_with_and_one_without_the_link():
    names = list(variants())
    assert names[-1] == NO_LINK
    assert len(names) >= 2
    assert LONELY_LINK in variants()[NO_LINK].beliefs.paths


def test_regrets_and_the_decision_that_is_safe():
    better, dearer = found(0.3), found(0.0001, reverse=True)
    table = regrets({"works": better, "does nothing": dearer}).set_index("variant")
    saved, lost = -table.loc["works", "cost"], table.loc["does nothing", "cost"]
    assert saved > lost > 0.0
    assert (table.loc["works", "do"], table.loc["works", "leave"]) == (0.0, saved)
    assert (table.loc["does nothing", "do"], table.loc["does nothing", "leave"]) == (lost, 0.0)
    said = safest(table.reset_index())
    assert said.startswith(
        f"Doing it has the smaller largest regret: at most £{lost:,.0f} a year, against £{saved:,.0f}"
    )
    assert said.endswith("for leaving it (works).")
    assert safest(table.loc[["does nothing"]].reset_index()).startswith("Leaving it has the smaller largest regret")


def test_a_range_of_a_lens_that_failed_is_withheld():
    assert regrets({"a": found(0.1, lens_faults=["poor"])})["withheld"].tolist() == [True]


def test_the_command_shows_every_variant_and_takes_no_other_dial(tmp_path, monkeypatch):
    runner = CliRunner()
    refused = runner.invoke(app, ["compare", "frome", "--variants", "--causal", "0.5"])
    assert refused.exit_code == 2
    assert "--variants sets lens" in refused.output
    monkeypatch.setattr("simulator.api.load_place", lambda _: small_frome())
    words = ["compare", "frome", "--variants", "--seeds", "2", "--years", "1", "--workers", "1", "--json"]
    done = runner.invoke(app, [*words, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    table = json.loads(done.stdout)["variants"]
    assert [row["variant"] for row in table] == list(variants())
    assert (tmp_path / "out" / "variants.csv").is_file()


def test_equal_regrets_are_said_to_be_equal():
    nothing = regrets({"a": found(0.0)})
    assert nothing["cost"].tolist() == pytest.approx([0.0])
    assert safest(nothing) == "Doing it and leaving it have the same largest regret."

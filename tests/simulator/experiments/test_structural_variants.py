"""Structural variants: their settings, regrets by hand, and the table of the command line."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.command_line.commands import app
from dashboard.command_line.comparing import ComparisonRequest, compare_variants
from dashboard.command_line.engine import LOCAL
from dashboard.report.folder import read_lens_comparisons
from simulator.api import ComparableSpecs
from simulator.comparison.comparison import compare
from simulator.experiments.lens_comparisons import default_lenses
from simulator.experiments.structural_variants import (
    LONELY_LINK,
    NO_LINK,
    minimax_regret_finding,
    regrets,
    variants,
    without_loneliness_link,
)
from simulator.lenses import AS_WRITTEN, apply_lens, lens, load_lens
from simulator.running import ensemble
from tests.helpers.hand_lens import hand_lens
from tests.helpers.messages import unboxed
from tests.helpers.small_runs import small_frome, small_spec
from tests.helpers.synthetic_results import lively, results, run_of

READ = {"lens": "a", "lens_title": "A", "lens_faults": []}


def found(effect, *, reverse=False, **read):
    arms = [results(name, lively(6, by), weeks=260, **{**READ, **read}) for name, by in (("b", 0.0), ("s", effect))]
    return compare(*(arms if reverse else arms[::-1]))


def test_without_the_link_loneliness_leads_to_no_admission_and_all_else_stays(tmp_path):
    for applied_lens in (AS_WRITTEN, load_lens(hand_lens(tmp_path / "by-hand")).applied_lens()):
        plain = small_spec().read_through(applied_lens)
        cut = small_spec().read_through(without_loneliness_link(applied_lens))
        for draw in (None, 0, 3):
            mine, other = cut.rates(draw), plain.rates(draw)
            assert mine.loneliness.admission_relative_risk == 1.0
            assert mine.loneliness.death_relative_risk == other.loneliness.death_relative_risk
            assert cut.programme_numbers(draw) == plain.programme_numbers(draw)


def test_there_is_always_a_variant_with_and_one_without_the_link():
    names = list(variants(small_frome()))
    assert names[-1] == NO_LINK
    assert len(names) >= 2
    assert LONELY_LINK in variants(small_frome())[NO_LINK].draws.paths


def test_regrets_and_the_minimax_decision(messages):
    better, dearer = found(0.3), found(0.0001, reverse=True)
    table = regrets({"works": better, "does nothing": dearer}).set_index("variant")
    saved, lost = -table.loc["works", "cost"], table.loc["does nothing", "cost"]
    assert saved > lost > 0.0
    assert (table.loc["works", "do"], table.loc["works", "leave"]) == (0.0, saved)
    assert (table.loc["does nothing", "do"], table.loc["does nothing", "leave"]) == (lost, 0.0)
    said = minimax_regret_finding(table.reset_index())
    assert [name in said for name in table.index] == [True, False]
    messages.check(said)
    messages.check(minimax_regret_finding(table.loc[["does nothing"]].reset_index()))


def test_a_range_of_a_lens_that_failed_is_withheld():
    assert regrets({"a": found(0.1, lens_faults=["poor"])})["withheld"].tolist() == [True]


@pytest.mark.thorough
def test_the_command_shows_every_variant_and_takes_no_other_setting(tmp_path, monkeypatch, messages):
    runner = CliRunner()
    refused = runner.invoke(app, ["compare", "frome", "--variants", "--causal", "0.5"])
    assert refused.exit_code == 2
    messages.check(unboxed(refused.output))
    monkeypatch.setattr("simulator.api.load_place", lambda _: small_frome())
    monkeypatch.setattr(ensemble, "simulate", run_of)
    words = ["compare", "frome", "--variants", "--seeds", "2", "--years", "1", "--workers", "1", "--json"]
    done = runner.invoke(app, [*words, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    table = json.loads(done.stdout)["variants"]
    assert [row["variant"] for row in table] == list(variants(small_frome()))
    written = pd.read_csv(tmp_path / "out" / "variants_outcomes.csv")
    assert set(written["variant"]) == set(variants(small_frome()))
    again, _ = read_lens_comparisons(tmp_path / "out")
    assert again.variants.regrets["variant"].tolist() == list(variants(small_frome()))
    assert [one.scenario.record["lens_title"] for one in again.comparisons] == [
        apply_lens(name).said for name in default_lenses()
    ]
    for row in again.variants.regrets.to_dict("records"):
        assert row["cost_low"] <= row["cost"] <= row["cost_high"]
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert NO_LINK in text


def test_both_lenses_among_the_variants_have_their_causal_shares(tmp_path, monkeypatch):
    hand_lens(tmp_path / "shipped" / "as-claimed")
    hand_lens(tmp_path / "shipped" / "trial-evidence", frome=())
    monkeypatch.setattr("simulator.lenses.lens.SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr("simulator.experiments.lens_comparisons.FEWEST", 2)
    monkeypatch.setattr(ensemble, "simulate", run_of)
    lens._shipped.cache_clear()
    comparable = ComparableSpecs((small_spec("baseline"), small_spec("relational_offset")), None)
    asked = ComparisonRequest(range(2), None, 1, incomplete=False, quiet=True, one_share=False, no_causal=False)
    with compare_variants(comparable, asked, engine=LOCAL, out=None) as answer:
        found, causal = answer.found, answer.causal()
    lens._shipped.cache_clear()
    assert [one.scenario.record["lens"] for one in found.comparisons] == ["as-claimed", "trial-evidence"]
    assert (found.causal, found.causal_missing) == ({}, True)
    assert sorted(causal) == ["as-claimed", "trial-evidence"]
    assert sorted(causal["as-claimed"]["causal"].unique()) == [0.0, 0.5, 1.0]
    assert len(found.variants.regrets) == 6
    assert found.variants.outcomes["variant"].nunique() == 6


def test_equal_regrets_are_reported_as_equal(messages):
    nothing = regrets({"a": found(0.0)})
    assert nothing["cost"].tolist() == pytest.approx([0.0])
    messages.check(minimax_regret_finding(nothing))

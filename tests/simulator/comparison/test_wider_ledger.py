"""The wider ledger: computed as published, graded C or lower, switched off by one setting, and in no total."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.comparison.comparison import compare
from simulator.comparison.wider_ledger import (
    IMPLIED,
    LINES,
    SIMULATED,
    associations,
    claims,
    grade,
    low_wellbeing,
    output,
    wider_ledger,
)
from simulator.evidence import load_evidence
from tests.helpers.synthetic_results import WIDER, ledger, results, run


def counted(trusting: int, across: int, trust: int) -> dict[str, int]:
    """A quarter's census of 100 children, 200 friendships and 50 adults."""
    return {
        "children_present": 100,
        "children_trusting": trusting,
        "friendships_below": 200,
        "friendships_across": across,
        "adults_present": 50,
        "trust_millionths": trust,
    }


def arms(changed: dict[str, float] | None = None, seeds: int = 4):
    """A scenario that adds 10 trusting children, 4 friends across and 0.5 of trust, and its baseline."""
    usual = {seed: run(counted(5, 80, 20_000_000), quarters=1, prices=changed) for seed in range(seeds)}
    other = {seed: run(counted(15, 84, 20_500_000), quarters=1, prices=changed) for seed in range(seeds)}
    return results("plan", other, weeks=13), results("baseline", usual, weeks=13)


def implied(table, line: str) -> float:
    return float(table[(table["line"] == line) & (table["part"] == IMPLIED)]["difference"].iloc[0])


def test_each_line_multiplies_the_models_change_by_the_association():
    table = wider_ledger(compare(*arms()), rounded=False)
    cause = WIDER["wider.causal_share"]
    assert implied(table, "suspensions") == pytest.approx(-0.10 * 100 * 0.1131 * 0.67 * cause)
    assert implied(table, "earnings") == pytest.approx(0.02 / 0.22 * 5100 * cause)
    residents = 90 * 100 / 13
    trust = 0.01 * WIDER["wider.trust_carried_over"] / 0.30
    assert implied(table, "output") == pytest.approx(trust * 100e9 * residents / 68_265_209 * cause)
    odds = 0.07 / 0.93 * np.array([3.27, 8.32])
    risk = odds / (1 + odds)
    people = 0.10 * 100 * 0.083 * 0.55 * (risk[0] - risk[1]) * cause
    assert implied(table, "low_wellbeing") == pytest.approx(people)
    simulated = table[table["part"] == SIMULATED].set_index("line")["difference"]
    assert simulated[["suspensions", "earnings", "output"]].tolist() == pytest.approx([10.0, 2.0, 1.0])


def test_a_trusted_adult_takes_the_odds_from_those_without_to_those_with_as_published():
    """Bellis and others 2017: odds ratios 8.32 without and 3.27 with a trusted adult, a ratio of 0.39."""
    belief = {"adversity_share": 1.0, "no_adult_share": 1.0, "causal_share": 1.0, "low_wellbeing_share": 1e-9}
    odds = {"wellbeing_odds_with_adult": 3.27, "wellbeing_odds_without_adult": 8.32}
    fewer = -low_wellbeing(1.0, 1.0, {**belief, **odds}) / (8.32 * 1e-9)
    assert 1.0 - fewer == pytest.approx(0.393, abs=0.001)


def test_thirty_points_of_trust_and_not_thirty_per_cent_give_the_published_gain():
    belief = {"trust_carried_over": 1.0, "trust_gap": 0.30, "output_gain": 100e9, "uk_population": 68e6}
    assert output(0.30, 68e6, {**belief, "causal_share": 1.0}) == pytest.approx(100e9)
    assert output(0.30 * 0.35, 68e6, {**belief, "causal_share": 1.0}) == pytest.approx(35e9)


def test_a_causal_share_of_nothing_empties_the_ledger_and_a_larger_one_only_scales_it():
    found = {
        share: wider_ledger(compare(*arms({"wider.causal_share": share})), rounded=False) for share in (0.0, 0.25, 0.5)
    }
    lines = [line.name for line in LINES if line.effect is not None]
    assert all(implied(found[0.0], line) == 0.0 for line in lines)
    for line in lines:
        assert implied(found[0.5], line) == pytest.approx(2.0 * implied(found[0.25], line)) != 0.0


def test_crime_has_no_effect_size_and_empty_groups_change_nothing():
    table = wider_ledger(compare(*arms()), rounded=False)
    assert np.isnan(implied(table, "crime"))
    nobody = compare(results("plan", {0: run(), 1: run()}), results("baseline", {0: run(), 1: run()}))
    empty = wider_ledger(nobody, rounded=False)
    assert [implied(empty, line.name) for line in LINES if line.effect is not None] == [0.0] * 4


def test_no_line_is_graded_better_than_c_and_each_explains_why_it_is_separate():
    assert {grade(line) for line in LINES} == {"C", "assumption"}
    assert all(line.why.endswith(".") for line in LINES)
    rests = associations(compare(*arms()))
    for line in LINES:
        mine = rests[rests["line"] == line.name]
        assert line.source or mine["name"].tolist() == [*line.association, "causal_share"]
        assert mine["source"].str.len().gt(10).all()
    assert load_evidence()["wider.suspension_fall"].low == 0.0


def test_claims_are_scaled_by_population_and_shown_with_the_released_amount():
    book = ledger((0, "gp_practice", "automated", 500_000), (0, "gp_practice", "released", 300_000))
    plan = results("plan", {seed: run(quarters=1, book=book) for seed in range(3)}, weeks=13)
    base = results("baseline", {seed: run(quarters=1) for seed in range(3)}, weeks=13)
    table = claims(compare(plan, base)).set_index("name")
    assert table["kind"].tolist() == ["claimed"] * 5 + ["simulated"] * 2
    assert set(table.index[:5]) == {path.removeprefix("wider.") for path in load_evidence() if "wider.claimed" in path}
    assert table.loc["claimed_digital_saving", "place"] == pytest.approx(45e9 * 2000 / 68_265_209)
    assert table.loc["claimed_app_hours", "place"] == pytest.approx(3.2e6 * 2000 / 57_690_300)
    assert table.loc["claimed_automatable_share", ["uk", "england"]].tolist() == [
        0.84,
        pytest.approx(np.nan, nan_ok=True),
    ]
    gross, net = table.loc["claimed_gross_saving"], table.loc["claimed_net_saving"]
    assert gross["place"] == pytest.approx(40e9 * 2000 / 68_265_209)
    assert gross["england"] / gross["uk"] == pytest.approx(57_690_300 / 68_265_209)
    assert gross["place"] == pytest.approx(4.0 * net["place"])
    assert table.loc["automated", "place"] == pytest.approx(5_000 * 4)
    assert table.loc["released", "place"] == pytest.approx(3_000 * 4)
    assert table.loc["released", "england"] == pytest.approx(12_000 * 57_690_300 / 2000)
    assert np.isnan(table.loc["released", "uk"])


def test_the_wider_ledger_is_in_no_total_cost_or_headline():
    """Ten times every claim and association: everything but the wider ledger is the same to the last digit."""
    tenfold = {path: 10.0 * value for path, value in WIDER.items() if "share" not in path and "gap" not in path}
    usual, implied_strengths = compare(*arms()), compare(*arms(tenfold))
    assert usual.headline() == implied_strengths.headline()
    assert usual.summary(rounded=False).equals(implied_strengths.summary(rounded=False))
    assert usual.costs("item", "payer", "kind", rounded=False).equals(
        implied_strengths.costs("item", "payer", "kind", rounded=False)
    )
    assert not wider_ledger(usual).equals(wider_ledger(implied_strengths))

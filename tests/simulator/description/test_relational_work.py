"""The chain from an hour to a day in hospital follows the evidence, arrow by arrow."""

from __future__ import annotations

import pandas as pd

from simulator.description.describe import every_value
from simulator.description.relational_example import chain_example
from simulator.description.relational_work import ARROWS, BOXES, chain_markdown, chain_table, standing
from simulator.evidence.values import Change


def arrow(table: pd.DataFrame, start: str, end: str) -> pd.Series:
    (found,) = table[(table["start"] == start) & (table["end"] == end)].to_dict("records")
    return pd.Series(found)


def changed(path: str, value: object) -> pd.DataFrame:
    change = Change(value, "A test", "test.yaml", 1)  # type: ignore[arg-type]
    return chain_table(every_value().with_changes({path: change}))


def test_arrows_connect_all_boxes() -> None:
    assert {one.start for one in ARROWS} | {one.end for one in ARROWS} == set(BOXES)
    assert len({(one.start, one.end) for one in ARROWS}) == len(ARROWS)


def test_every_hour_reaches_a_hospital_bed() -> None:
    after = {start: {one.end for one in ARROWS if one.start == start} for start in BOXES}
    reached, frontier = set(), {"group"}
    while frontier:
        reached |= frontier
        frontier = {end for start in frontier for end in after[start]} - reached
    assert {"hours", "ties", "support", "score", "lonely", "episodes", "admission", "readmission", "days"} <= reached


def test_numbers_are_those_of_the_evidence() -> None:
    table = chain_table(every_value())
    assert arrow(table, "group", "hours")["value"] == every_value()["ties.hour_ratio"].by_category()["group"]
    assert arrow(changed("ties.hour_ratio", {"group": 2.0}), "group", "hours")["says"] == "worth 2 h"
    assert (
        arrow(changed("loneliness.outlook_effect", 0.25), "outlook", "support")["says"]
        == "the same ties give 25 % more"
    )
    assert arrow(changed("care.support_admission_effect", 0.0), "support", "admission")["value"] == 1.0


def test_an_association_is_shown_after_its_causal_share() -> None:
    none, whole = (changed("illness.alone_causal_share", share) for share in (0.0, 1.0))
    assert arrow(none, "alone", "episodes")["value"] == 1.0
    assert arrow(whole, "alone", "episodes")["value"] == every_value()["illness.alone_ratio"].value
    assert arrow(changed("loneliness.causal_discount", 0.0), "lonely", "deaths")["value"] == 1.0


def test_ranges_hold_the_value_and_that_of_the_causal_share() -> None:
    table = chain_table(every_value())
    assert (table["low"] <= table["value"]).all()
    assert (table["value"] <= table["high"]).all()
    assert arrow(table, "alone", "episodes")["low"] == 1.0


def test_known_believed_and_guessed_follow_grade_and_kind_of_study() -> None:
    evidence = every_value()
    assert standing(evidence["loneliness.giver_effect"]) == "known"
    assert standing(evidence["loneliness.death_relative_risk"]) == "believed"
    assert standing(evidence["loneliness.support_effect"]) == "guessed"
    assert set(chain_table(evidence)["standing"]) == {"known", "believed", "guessed"}


def test_the_table_in_markdown_has_a_line_for_each_arrow() -> None:
    lines = chain_markdown(chain_table(every_value())).splitlines()
    assert len(lines) == 2 + len(ARROWS)
    assert {line.count(" | ") for line in lines[2:]} == {5}


def test_the_example_follows_the_rules_and_the_evidence() -> None:
    evidence = every_value()
    tie, lonely, helped, doctor = chain_example(evidence)
    assert tie.startswith("26 hours at a table with the same person, one each week, count as 182 with a friend")
    assert "of strength 0.72" in tie  # 1 - 0.25 ** (182 / 200)
    assert "0.2 admissions" in lonely  # 222 per 1,000, of a fifth 5 % of it
    assert "0.3 standard deviations less" in helped
    assert "3.4 admissions" in doctor  # 22.2 times 1 - 0.72 ** 0.5
    sceptic = evidence.with_changes(
        {
            path: Change(0.0, "A test", "test.yaml", 1)
            for path in ("loneliness.causal_discount", "illness.gp_years_causal_share", "care.support_admission_effect")
        }
    )
    _, lonely, _, doctor = chain_example(sceptic)
    assert "0.0 admissions and 0.0 bed days" in lonely
    assert "0.0 admissions and 0 bed days" in doctor

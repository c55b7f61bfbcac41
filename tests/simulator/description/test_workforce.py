"""The workforce of a place: hours by task add up to the hours paid, within what England publishes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.description.describe import describe
from simulator.description.workforce import workforce_table
from simulator.evidence import load_evidence
from simulator.foundations import categories as c
from simulator.places import load_place
from simulator.specification.expected_release import expected_demand, expected_hours
from simulator.specification.spec import rates_from


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return workforce_table(load_place("frome"))


def test_hours_by_work_add_up_to_the_hours_paid(table: pd.DataFrame) -> None:
    done, paid = table[table["kind"] != "paid"], table[table["kind"] == "paid"]
    assert done.groupby("role")["hours"].sum().to_dict() == pytest.approx(paid.set_index("role")["hours"].to_dict())
    assert sorted(paid["role"]) == sorted(c.ROLES)
    tasks = done[done["kind"].isin(["contact", "paperwork"])]
    assert sorted(tasks["role"].str.split(".").str[0] + "." + tasks["work"]) == sorted(c.ALL_TASKS)


def test_no_role_has_more_staff_than_england_publishes(table: pd.DataFrame) -> None:
    high = dict(zip(c.ROLES, np.asarray(load_evidence()["staffing.published_staff"].high), strict=True))
    for role, rows in table.groupby("role"):
        by_kind = rows.groupby("kind")["per_10_000"].sum()
        assert 0.0 < by_kind["paid"] - by_kind["other work"] <= high[role]


def test_clinicians_paperwork_is_to_their_consultations_as_surveyed(table: pd.DataFrame) -> None:
    """GP Worklife Survey 2015: 28.1 % of time is indirect care and administration, 62.1 % direct."""
    mine = table[table["role"] == "gp_practice.clinician"].groupby("kind")["hours"].sum()
    assert mine["paperwork"] / mine["contact"] == pytest.approx(28.1 / 62.1, rel=0.2)


def test_paperwork_has_no_relational_content(table: pd.DataFrame) -> None:
    assert not table.loc[table["kind"] == "paperwork", "relational"].any()
    assert table.loc[table["kind"] == "contact", "relational"].gt(0.0).all()


def test_hours_reckoned_from_the_margins_are_about_those_of_the_residents(table: pd.DataFrame) -> None:
    place, rates = load_place("frome"), rates_from(load_evidence())
    expected = dict(zip(c.ROLES, expected_hours(place, rates).tolist(), strict=True))
    beside = {c.ROLES[role] for role in c.PAPERWORK_BESIDE}
    for role, rows in table.groupby("role"):
        kinds = ["contact", "visit", "free"] + ([] if role in beside else ["paperwork"])
        assert expected[str(role)] == pytest.approx(rows[rows["kind"].isin(kinds)]["hours"].sum(), rel=0.35), role


def test_twice_the_place_has_twice_the_paperwork() -> None:
    place, rates = load_place("frome"), rates_from(load_evidence())
    double = place.model_copy(update={"residents": 2 * place.residents})
    pieces = expected_demand(place, rates).contacts[len(c.TASKS) :]
    assert expected_demand(double, rates).contacts[len(c.TASKS) :] == pytest.approx(2 * pieces)


def test_the_page_names_every_role_and_what_is_not_in_the_model() -> None:
    page = describe("workforce", "frome")
    assert isinstance(page, str)
    assert all(f"| {role} |" in page for role in c.ROLES)
    assert "other work" in page


def test_the_scenario_page_derives_its_rework_task_by_task() -> None:
    page = describe("scenario", "relational_offset")
    assert isinstance(page, str)
    rows = {
        line.split(" | ")[0].strip("| "): line.strip("| ").split(" | ") for line in page.splitlines() if "|" in line
    }
    freed, rework = (float(rows["all"][at].replace(",", "")) for at in (7, 8))
    parts = [float(rows[task][8].replace(",", "")) for task in c.ALL_TASKS if task in rows]
    assert sum(parts) == pytest.approx(rework, abs=3.0)
    assert rows["all"][9] == f"{100 * rework / freed:.0f} %"

"""Followed residents that ship: they are read as they were made, and another life is noticed by the check."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from simulator.bundle import load_bundle, people, write_bundle
from simulator.bundle.people import check_people, followed, make_people, people_plan
from simulator.errors import UnknownNameError
from tests.helpers.followed import a_year


@pytest.fixture
def here():
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def asked(monkeypatch):
    """Base, plan and seed of every pair followed; the lives are made up."""
    pairs = []

    def follow(base, plan, seed):
        pairs.append((base.scenario.name, plan.scenario.name, plan.applied_lens.lens, seed))
        return a_year()

    monkeypatch.setattr(people, "follow_pair", follow)
    return pairs


def test_two_plans_are_followed_through_every_fitted_lens_and_read_as_they_were_made(asked, here, tmp_path):
    plan = people_plan()
    write_bundle(tmp_path / "people", plan, make_people(plan, here))
    assert asked == [
        ("baseline", name, lens, 0)
        for lens in ("as-claimed", "trial-evidence")
        for name in ("relational_offset", "relational_offset_as_claimed")
    ]
    found = followed("relational_offset", "frome", "as-claimed", tmp_path / "people")
    assert (found.record["scenario"], found.base_record["scenario"]) == ("relational_offset", "baseline")
    for held, made in zip(found.pair, a_year(), strict=True):
        pd.testing.assert_frame_equal(held, made, check_dtype=False)
    assert load_bundle(tmp_path / "people").record["command"] == "offset bundle --people"
    with pytest.raises(UnknownNameError):
        followed("relational_offset", "frome", "evidence", tmp_path / "people")


def test_the_check_follows_one_community_again_and_names_what_differs(asked, here, tmp_path):
    plan = people_plan()
    tables = make_people(plan, here)
    write_bundle(tmp_path / "people", plan, tables)
    assert check_people(load_bundle(tmp_path / "people"), here) == ()
    assert len(asked) == 5
    events = tables["events"]
    changed = {**tables, "events": events.assign(week=events["week"] + (events["event"] == "lonely"))}
    write_bundle(tmp_path / "other", plan, changed)
    assert check_people(load_bundle(tmp_path / "other"), here) == (
        "relational_offset, frome, as-claimed: the events followed are others when it is run again.",
    )
    fewer = {name: table[table["lens"] != "as-claimed"] for name, table in tables.items()}
    write_bundle(tmp_path / "fewer", plan, fewer)
    assert "relational_offset, frome, as-claimed is missing." in check_people(load_bundle(tmp_path / "fewer"), here)

"""Both lenses on every page: side by side, with failed checks reported and ranges withheld."""

from __future__ import annotations

import json

import pytest

from dashboard.application.page_list import PAGES
from dashboard.application.pages import answer, certainty, compare, districts, money, plan, runs, who
from dashboard.application.shell import lens_chosen, lens_values
from dashboard.runs.view import View
from dashboard.text.lens_names import (
    LensSettings,
    applied_lens_by_key,
    frome_shares,
    key_title,
    lens_titles,
    settings_of_key,
    shown_lenses,
)
from dashboard.topics.price_terms import Terms, on_terms, usual_terms
from simulator.comparison.comparison import compare as compared
from simulator.comparison.costs_by_service import by_service
from simulator.errors import ResultsError, UnknownNameError
from tests.dashboard.application.test_pages import laid_out, of_type, refusals, tables_in, text_of
from tests.helpers.finished_runs import application, made_up_arms, read_through, ship_lenses

FAULT = "Known truths were covered too seldom"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("both")


@pytest.fixture(scope="module")
def built(folder):
    with pytest.MonkeyPatch.context() as patch:
        ship_lenses(folder / "shipped", patch)
        return application(folder / "finished", made_up_arms()[:3])


@pytest.fixture
def both(built, folder, monkeypatch):
    ship_lenses(folder / "shipped", monkeypatch)
    return built


@pytest.mark.parametrize("page", [one for one in PAGES if one not in (districts, plan)], ids=lambda page: page.TITLE)
def test_every_page_builds_through_both_lenses_with_charts_named_once(page, both):
    found = laid_out(both, page)
    names = [part["props"]["id"] for part in of_type(found, "Graph")]
    assert len(names) == len(set(names))
    assert not any("." in name for name in names)
    assert len(of_type(found, "H1")) == 1
    assert refusals(found) == []


@pytest.mark.parametrize("page", [answer, compare, money, certainty, who], ids=lambda page: page.TITLE)
def test_a_page_of_results_shows_both_lenses_and_the_fault_of_one(page, both):
    found = laid_out(both, page)
    said = text_of(found)
    assert FAULT in said
    assert "Its ranges are withheld" in said
    figures = json.dumps([part["props"]["figure"]["data"] for part in of_type(found, "Graph")])
    assert "As claimed" in figures
    assert "On trial evidence" in figures or page is certainty
    lines = [part["props"]["children"] for part in of_type(found, "Figcaption")]
    assert any("Other lenses: Trial evidence (8 pairs" in line for line in lines)


def test_the_summary_says_in_its_first_sentence_what_both_lenses_find(both):
    found = laid_out(both, answer)
    first = next(part["props"]["children"] for part in of_type(found, "Strong") if "mission" in str(part))
    assert "better as claimed (6,300 fewer); range withheld on trial evidence (6,300 fewer)" in first


def test_a_withheld_range_is_in_no_table_or_chart(both):
    found = laid_out(both, answer)
    texts = [row for made in tables_in(found) for row in made["body"]]
    trial = [row for row in texts if "On trial evidence" in row]
    assert trial
    assert all(row.count("withheld") == 3 for row in trial)
    (figure,) = [part["props"]["figure"] for part in of_type(found, "Graph") if part["props"]["id"] == "outcomes"]
    drawn = {trace["name"]: trace for trace in figure["data"]}
    assert set(drawn["On trial evidence"]["error_x"]["array"]) == {None}
    assert set(drawn["On trial evidence"]["marker"]["symbol"]) == {"x-thin"}
    assert None not in drawn["As claimed"]["error_x"]["array"]


def test_the_lens_in_front_is_chosen_and_the_other_stays(both):
    said = text_of(laid_out(both, answer, View(lens="trial-evidence")))
    assert said.index("On trial evidence") < said.index("As claimed")


def test_a_lens_that_was_not_run_is_named_and_the_page_shows_the_other(folder, monkeypatch):
    ship_lenses(folder / "shipped", monkeypatch)
    app = application(folder / "one", ())
    from dashboard.application.parts.app_state import state_of

    for arm in made_up_arms()[:2]:
        state_of(app).library.keep(read_through(arm, "as-claimed"), "as-claimed")
    said = text_of(laid_out(app, answer))
    assert "Not run yet through the other lens, On trial evidence: what follows is one reading of two." in said
    waits = text_of(laid_out(app, answer, View(lens="evidence")))
    assert (
        "There are no finished runs of 'Relational offset' in Frome, Somerset with the lens Evidence as written yet."
        in waits
    )


def test_all_lenses_have_titles(folder, monkeypatch):
    ship_lenses(folder / "shipped", monkeypatch)
    assert lens_titles() == {
        "as-claimed": "As claimed",
        "trial-evidence": "On trial evidence",
        "evidence": "Evidence as written",
    }
    assert shown_lenses() == ("as-claimed", "trial-evidence")
    assert View().lens == "as-claimed"
    assert list(frome_shares("as-claimed")) == ["1", "0.5", "0", "elicited"]
    assert frome_shares("trial-evidence") == frome_shares("evidence") == {}


def test_the_frome_share_round_trips_through_the_key(folder, monkeypatch):
    ship_lenses(folder / "shipped", monkeypatch)
    key = lens_chosen("as-claimed", "0.5", "evidence_causal_0")
    assert key == "as-claimed_frome_0.5_causal_0"
    assert lens_values(key) == ("as-claimed", "0.5")
    assert lens_chosen("trial-evidence", "0.5", "as-claimed") == "trial-evidence"
    assert lens_chosen("as-claimed", "1", key) == "as-claimed_causal_0"
    assert settings_of_key(key) == LensSettings("as-claimed", "0.5", 0.0)
    assert key_title(key) == "As claimed, 0.5 of Frome's gap, 0 causal"
    reading = applied_lens_by_key(key)
    assert (reading.lens, reading.frome, reading.causal) == ("as-claimed", "0.5", 0.0)
    assert View.of_query(View(lens=key).query()).lens == key


def test_every_set_of_runs_has_its_command_with_lens_settings(folder, monkeypatch):
    ship_lenses(folder / "shipped", monkeypatch)
    app = application(folder / "turned", ())
    from dashboard.application.parts.app_state import state_of

    key = "as-claimed_frome_0.5_causal_0"
    for arm in made_up_arms()[:2]:
        state_of(app).library.keep(read_through(arm, key), key)
    (grid,) = of_type(laid_out(app, runs), "AgGrid")
    again = {row["again"]: row["lens"] for row in grid["props"]["rowData"]}
    through = "--place frome --seeds 0-7 --lens as-claimed --frome 0.5 --causal 0"
    assert set(again) == {f"offset run {name} {through}" for name in ("baseline", "relational_offset")}
    assert set(again.values()) == {"As claimed, 0.5 of Frome's gap, 0 causal"}


@pytest.mark.parametrize("key", ["docs", "as-claimed_frome_0.3", "../shipped", "evidence_causal_2"])
def test_a_key_opens_no_folder_and_no_share_that_was_not_fitted(key, folder, monkeypatch):
    ship_lenses(folder / "shipped", monkeypatch)
    with pytest.raises(UnknownNameError, match=r"there is no (lens|fit of lens)"):
        applied_lens_by_key(key)


def test_a_lens_name_cannot_leave_the_library(both):
    with both.server.app_context():
        from dashboard.application.parts.app_state import library

        with pytest.raises(ResultsError, match="is not a name of a lens"):
            library().find("baseline", "frome", "../../secret")


def test_money_on_a_readers_terms_keeps_the_accounts_and_the_sum_of_services():
    base, scenario, *_ = made_up_arms()
    usual = compared(scenario, base)
    assert on_terms(usual, usual_terms()) is usual
    other = on_terms(usual, Terms(0.0, 10.0, 50.0))
    for one in (usual, other):
        services = by_service(one.per("year"), rounded=False)
        paid = services[services["kind"].isin(("cashable", "capacity"))]["difference"].sum()
        whole = one.per("year").summary(("net_cost",), rounded=False)["difference"].iloc[0]
        assert paid == pytest.approx(whole, abs=1.0)
        accounts = one.ledger().groupby("account")["pounds"].sum()
        kept = accounts["reinvested"] + accounts["saved"] + accounts["absorbed"]
        freed = accounts["automated"] - accounts.get("rework", 0.0) - accounts["technology"]
        assert kept == pytest.approx(freed, abs=1.0)
    undiscounted = on_terms(usual, Terms(0.0)).per("total").summary(("care_cost",), rounded=False)["difference"].iloc[0]
    dearer = on_terms(usual, Terms(0.0, 10.0)).per("total").summary(("care_cost",), rounded=False)["difference"].iloc[0]
    assert dearer == pytest.approx(1.1 * undiscounted)


def test_costs_say_on_which_terms_they_are_shown(both):
    said = text_of(laid_out(both, money, View(options={"discount": "0", "optimism": "20"})))
    assert "Shown on other terms: not discounted, programmes, technology and added staff 20 % dearer." in said
    assert "Shown on other terms" not in text_of(laid_out(both, money))

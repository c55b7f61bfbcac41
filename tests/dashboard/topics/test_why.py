"""Parameters that drive a result, effects by causal share, and runs requested from a page."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard.application.pages import answer, why
from dashboard.application.parts.app_state import state_of
from dashboard.application.parts.run_button import question
from dashboard.exhibits.causal_shares import causal_shares
from dashboard.runs.view import View
from dashboard.server import ProxyHeader
from dashboard.server.serving import secure
from dashboard.topics.why import (
    FEWEST_DRAWS,
    at_share,
    draws_used,
    lenses_to_ask,
    shares_through,
    tornado,
    tornado_cells,
    tornado_finding,
)
from simulator.comparison.comparison import compare
from simulator.experiments.lens_comparisons import by_causal_share
from tests.dashboard.application.test_pages import laid_out, of_type
from tests.helpers.finished_runs import application, made_up_arms
from tests.helpers.one_resident import Person
from tests.helpers.synthetic_results import lively, results

SEEDS = 40
MOVER, TABLE, IDLE = "care.continuity_memory", "care.overnight_days", "care.wait_days"


def moved(strength: float):
    """A baseline and a scenario of 40 runs whose difference follows one of 20 parameters, with all parameters."""
    rng = np.random.default_rng(5)
    belief = np.repeat(np.linspace(0.0, 1.0, SEEDS // 2), 2)
    idle = np.repeat(rng.random(SEEDS // 2), 2)
    rows = [
        (seed, path, value)
        for seed in range(SEEDS)
        for path, value in (
            (MOVER, belief[seed]),
            (IDLE, idle[seed]),
            (f"{TABLE}.0-4", 1.0 + idle[-1 - seed]),
            (f"{TABLE}.85+", 2.0 + idle[-1 - seed]),
        )
    ]
    table = pd.DataFrame(rows, columns=["seed", "path", "value"])
    arms = []
    for name, share in (("baseline", 0.0), ("scenario", 0.2)):
        made = results(name, lively(SEEDS, share), weeks=260)
        kept = made.parameters[["seed", "path", "value"]]
        arms.append(replace(made, parameters=pd.concat([kept, table], ignore_index=True)))
    cells = arms[1].cells.copy()
    change = np.round(strength * 40.0 * belief[cells["seed"].to_numpy()]).astype(np.int64)
    cells["overnight_admissions"] = cells["overnight_admissions"] + change
    return compare(replace(arms[1], cells=cells), arms[0])


@pytest.mark.thorough
def test_the_parameter_that_drives_a_result_is_found_and_others_are_chance(messages):
    comparison = moved(20.0)
    assert draws_used(comparison) == SEEDS // 2
    rows, bar = tornado(comparison, "emergency_admissions")
    first = rows.iloc[0]
    assert first["path"] == MOVER
    assert first["correlation"] > 0.95
    assert first["high_half"] > first["low_half"]
    assert 0.3 < bar < 0.8
    assert rows["beyond_chance"].tolist()[1:] == [False] * (len(rows) - 1)
    assert f"{TABLE}.85+" not in set(rows["path"])
    assert TABLE in set(rows["path"])
    messages.check(tornado_finding(rows, 20))
    assert tornado_cells(rows, "admissions a year").body[0][-1] == "yes"


@pytest.mark.thorough
def test_chance_is_not_attributed_to_parameters_and_few_draws_are_not_ranked(messages):
    rows, _ = tornado(moved(0.0), "emergency_admissions")
    messages.check(tornado_finding(rows, 20))
    base, scenario, *_ = made_up_arms()
    few = compare(scenario, base)
    assert draws_used(few) < FEWEST_DRAWS
    assert tornado(few, "emergency_admissions")[0].empty


def as_written(arm):
    said = {"lens": "evidence", "lens_title": "Evidence as written", "lens_faults": []}
    return replace(arm, record={**arm.record, **said})


def test_the_headline_is_reported_at_each_causal_share_over_the_same_pairs(messages):
    base, scenario, *_ = (as_written(arm) for arm in made_up_arms())
    whole, half = compare(scenario, base), compare(base, base)
    kept = {at_share("evidence", 0.0): half, at_share("evidence", 0.5): half}
    rows = by_causal_share(shares_through({"evidence": whole}, kept.get)["evidence"])
    mine = rows[rows["measure"] == "emergency_admissions"]
    assert mine["causal"].tolist() == [0.0, 0.5, 1.0]
    assert mine["difference"].tolist()[:2] == [0.0, 0.0]
    assert mine["difference"].tolist()[2] < 0.0
    (shown,) = causal_shares({"Evidence as written": whole}, {"evidence": rows}, "A line.")
    messages.check(shown.title)
    assert lenses_to_ask({"evidence": whole}, kept.get) == []
    assert shares_through({"evidence": whole}, lambda _: None) == {}
    assert lenses_to_ask({"evidence": whole}, lambda _: None) == ["evidence_causal_0", "evidence_causal_0.5"]


def test_a_main_lens_with_another_causal_share_is_not_mistaken_for_share_one():
    base, scenario, *_ = (as_written(arm) for arm in made_up_arms())
    whole, none = compare(scenario, base), compare(base, base)
    front = {at_share("evidence", 0.0): none}
    assert lenses_to_ask(front, lambda _: None) == ["evidence_causal_0.5", "evidence"]
    kept = {"evidence": whole, at_share("evidence", 0.5): none}
    rows = by_causal_share(shares_through(front, kept.get)["evidence"])
    mine = rows[rows["measure"] == "emergency_admissions"]
    assert mine["causal"].tolist() == [0.0, 0.5, 1.0]
    assert mine["difference"].tolist()[0] == 0.0
    assert mine["difference"].tolist()[2] < 0.0
    assert shares_through(front, lambda _: None) == {}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    made = application(tmp_path_factory.mktemp("asked"), made_up_arms()[:2])
    secure(made, "0.0.0.0", ProxyHeader("127.0.0.1"))
    return made


def test_missing_runs_can_be_requested_on_a_page(app, messages):
    page = laid_out(app, why, View(lens="evidence"))
    (button,) = [part for part in of_type(page, "Button") if part["props"].get("id") == "ask"]
    messages.check(button["props"]["children"])
    (stored,) = [part["props"]["data"] for part in of_type(page, "Store") if part["props"].get("id") == "ask-for"]
    assert ["baseline", "relational_offset", "frome", "evidence_causal_0", 16] in stored
    person = Person(app, "anna")
    said = person.post("ask-words", {"ask.n_clicks": 1}, {"ask-for.data": stored[:1]})
    messages.check(said["ask-words"]["children"])
    assert (said["ask-tick"]["disabled"], said["ask"]["disabled"]) == (False, True)
    assert json.dumps(laid_out(app, why, View(lens="evidence"))) == json.dumps(page)  # kept for everybody
    again = person.post("ask-words", {"ask-for.data": stored[:1]}, {})
    assert again == said
    other = Person(app, "ben").post("ask-words", {"ask-for.data": stored[:1]}, {})
    assert other["ask-words"]["children"] == ""
    assert (other["ask-tick"]["disabled"], other["ask"]["disabled"]) == (True, False)
    (state,) = state_of(app).jobs.states()
    assert (state.lens, state.pairs, state.names) == ("evidence_causal_0", 16, ("baseline", "relational_offset"))
    asked = state_of(app).jobs.question(state.key)
    assert asked.specs(state_of(app).jobs.place)[1].applied_lens.causal == 0.0


def test_an_unknown_lens_is_refused_when_requested(app, messages):
    person = Person(app, "anna")
    wanted = [["baseline", "relational_offset", "frome", "claimed", 16]]
    said = person.post("ask-words", {"ask.n_clicks": 1}, {"ask-for.data": wanted})
    messages.check(said["ask-words"]["children"])
    assert question(wanted[0]).lens == "claimed"


def test_a_page_without_its_runs_offers_to_have_them_made(app, messages):
    found = laid_out(app, answer, View(("frome",), lens="evidence"))
    (button,) = [part for part in of_type(found, "Button") if part["props"].get("id") == "ask"]
    messages.check(button["props"]["children"])
    own = laid_out(app, answer, View(("mine-0a1b2c3d",), lens="evidence"))
    assert not [part for part in of_type(own, "Button") if part["props"].get("id") == "ask"]

"""The model page and its tables: written from the code, complete, and current in docs/."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator import describe, load
from simulator.description.describe import evidence_table, scenario_page
from simulator.description.odd_protocol import prose, rules_of
from simulator.errors import UnknownNameError
from simulator.evidence import load_evidence
from simulator.foundations.measures import NAMES
from simulator.model.place_model import WEEK
from simulator.population.columns import TRAITS
from simulator.programme_files import shipped_programmes
from simulator.rules import loneliness
from tests.helpers.messages import about
from tests.helpers.small_runs import small_frome

PAGE = Path(__file__).parents[3] / "docs" / "model.md"


@pytest.fixture(scope="module")
def page():
    return describe("model")


def test_the_page_in_docs_is_current(page):
    written = PAGE.read_text(encoding="utf-8")
    assert written == page, "regenerate it: offset describe model --out docs/model.md"


def test_the_page_follows_the_order_of_the_odd_protocol(page):
    titles = [line for line in page.splitlines() if line.startswith("## ")]
    assert titles == [
        "## 1 Purpose and patterns",
        "## 2 Entities, state variables and scales",
        "## 3 Process overview and scheduling",
        "## 4 Design concepts",
        "## 5 Initialisation",
        "## 6 Input data",
        "## 7 Submodels",
    ]


def test_the_page_names_every_phase_trait_measure_and_evidence_value(page):
    assert [f"{number}. **{phase}**" in page for number, phase in enumerate(WEEK, start=1)] == [True] * len(WEEK)
    names = [*TRAITS, *NAMES, *(path.split(".")[1] for path in load_evidence())]
    assert [name for name in names if f"| `{name}` |" not in page] == []


def test_every_rule_is_on_the_page_without_its_examples(page):
    names = [name for name, _, _ in rules_of(loneliness)]
    assert "lonely_after_step" in names
    assert all(f"**`{name}(" in page for name in names)
    assert ">>>" not in page


def test_a_trait_is_listed_with_the_phases_that_change_it(page):
    assert "| `conditions` | 0, 1, 2, 3+ | `fall_ill` |" in page
    assert "| `income_half` | 0 = below the median |  |" in page


def test_prose_leaves_out_examples_only(messages):
    messages.check(prose(loneliness.lasting_score))


def test_evidence_of_one_topic_or_of_all(messages):
    one, every = evidence_table("digital"), evidence_table()
    assert set(one["path"]) < set(every["path"])
    numbers = sum(len(plan.values) for plan in shipped_programmes())
    assert len(every) == len(load_evidence()) + numbers
    with messages.raised(UnknownNameError):
        evidence_table("digitl")


def test_a_scenario_in_sentences(messages):
    text = scenario_page(load("frome"))
    for names in (("pump priming", "health_connectors"), ("talking_cafes", "from week 26"), ("2013-04-01",)):
        messages.check(about(text, *names))
    messages.check(scenario_page(load("baseline")))


def test_how_a_scenario_spreads_is_a_sentence(messages):
    for name in ("rollout", "candles"):
        messages.check(about(scenario_page(load(name)), "somerset_like"))


def test_a_place_is_described_by_published_and_reached_margins():
    table = describe(small_frome())
    assert {"asked", "reached", "difference"} <= set(table.columns)

"""The report: a single file without outside requests, and with the comparison's numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from plotly import graph_objects

from dashboard import figures
from dashboard.exhibits.money import money
from dashboard.exhibits.paired_forest import paired_forest
from dashboard.exhibits.static_html import static_html
from dashboard.report.folder import read_comparison, write_comparison
from dashboard.report.report import report, write_report
from dashboard.text import findings
from dashboard.text import labels as words
from dashboard.topics.groups import without_small_groups
from simulator.comparison.comparison import compare
from simulator.comparison.wider_ledger import claims, wider_ledger
from simulator.errors import ResultsError
from tests.helpers.messages import headings, without_numbers
from tests.helpers.synthetic_results import lively, results, run

pytestmark = pytest.mark.thorough

CHARTS = 19


class Page(HTMLParser):
    """Tags with their attributes, and the text outside scripts and styles."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self._inside = [], "", []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag in {"script", "style"}:
            self._inside.append(tag)

    def handle_endtag(self, tag):
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            self.text += f"{data} "


@pytest.fixture(scope="module")
def comparison():
    return compare(
        results("relational_offset", lively(10, 0.2), weeks=260, composite=True),
        results("baseline", lively(10, 0.0), weeks=260),
    )


@pytest.fixture(scope="module")
def html(comparison):
    return report(comparison, "One calendar for both.")


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_the_report_loads_nothing_from_the_network(html, page):
    loads = [
        (tag, name, value)
        for tag, attributes in page.tags
        for name, value in attributes.items()
        if name in {"src", "href", "srcset", "action", "data", "poster"}
    ]
    assert loads == []
    assert "url(" not in re.findall(r"<style>(.*?)</style>", html, re.DOTALL)[0]
    policy = next(attributes["content"] for tag, attributes in page.tags if "http-equiv" in attributes)
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_the_chart_library_is_in_it_once_and_offers_no_cloud(html, page):
    assert html.count("plotly.js v") == 1
    assert html.count('"showSendToCloud": false') == CHARTS
    assert '"showSendToCloud": true' not in html


def test_it_is_a_page_in_british_english_that_fits_a_telephone(page):
    attributes = dict(page.tags)
    assert attributes["html"] == {"lang": "en-GB"}
    assert attributes["meta"]["content"] == "width=device-width, initial-scale=1"
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_every_chart_has_a_text_alternative_a_table_and_its_provenance(comparison, page, messages):
    charts = [attributes for _, attributes in page.tags if attributes.get("role") == "img"]
    assert len(charts) == CHARTS
    assert all(len(attributes["aria-label"]) > 60 for attributes in charts)
    figure_count = sum(tag == "figure" for tag, _ in page.tags)
    assert figure_count == sum(tag == "figcaption" for tag, _ in page.tags) == CHARTS + 2  # the tiles
    assert sum(tag == "table" for tag, _ in page.tags) >= 8
    line = words.provenance(comparison.scenario.record, comparison.baseline.record, 10)
    assert page.text.count(line) == CHARTS + 4  # the tiles, the ledger and the foot
    messages.check(line)


def test_the_main_numbers_are_those_of_the_comparison(comparison, page, messages):
    text = " ".join(page.text.split())
    for _, row in comparison.summary("tiles", rounded=False).iterrows():
        difference, low, high = (
            words.signed(row[name], row["monte_carlo_error"], row["unit"]) for name in ("difference", "low", "high")
        )
        unit = words.difference_unit(row["unit"])
        numbers = re.escape(f"{row['label']} {difference} {unit}") + f".*?{re.escape(low)}.*?{re.escape(high)}"
        messages.check(without_numbers(re.search(numbers, text)[0]))
    assert all(sentence in page.text for sentence in comparison.findings())
    costs = comparison.costs("payer", "kind", rounded=False)
    for _, row in costs.iterrows():
        assert words.signed(row["difference"], row["monte_carlo_error"], row["unit"]) in page.text


def test_the_report_lists_its_limitations(html, page, messages):
    text = " ".join(page.text.split())
    assert all(caveat in text for caveat in words.FIRST_CAVEATS)
    assert words.COMPOSITE_CAVEAT in text
    assert "One calendar for both." in text
    messages.check(headings(html))


def test_text_from_files_cannot_become_markup(comparison):
    record = {**comparison.scenario.record, "scenario_title": "<script>alert(1)</script>", "question": "a < b & c"}
    html = report(compare(replace(comparison.scenario, record=record), comparison.baseline))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "a &lt; b &amp; c" in html


def test_a_scenario_that_automates_nothing_and_a_single_pair_still_make_a_report(messages):
    html = report(compare(results("same", {0: run()}), results("baseline", {0: run()})))
    messages.check("\n".join(re.findall(r"<h3>(.*?)</h3>", html)))


def test_groups_with_few_events_are_not_shown(comparison):
    rows = comparison.by("deprivation", measures=("emergency_admissions", "bed_days"), rounded=False)
    shown = without_small_groups(rows, np.array([False, True, False, False, False] * 2))
    assert shown["difference"].isna().tolist() == [False, True, False, False, False] * 2
    assert shown["runs"].equals(rows["runs"])


def test_a_report_is_written_whole_or_not_at_all(tmp_path, comparison, monkeypatch):
    path = write_report(comparison, tmp_path / "deep" / "report.html")
    first = path.read_text(encoding="utf-8")
    assert first.startswith("<!DOCTYPE html>")
    assert [entry.name for entry in path.parent.iterdir()] == ["report.html"]

    def broken(*args):
        raise ValueError("no page")

    monkeypatch.setattr("dashboard.report.report.page", broken)
    with pytest.raises(ValueError, match="no page"):
        write_report(comparison, path)
    assert path.read_text(encoding="utf-8") == first
    assert [entry.name for entry in path.parent.iterdir()] == ["report.html"]


def test_a_comparison_on_disk_is_the_one_that_was_written(tmp_path, comparison):
    folder = write_comparison(comparison, tmp_path / "out", "A note.")
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "baseline",
        "comparison.csv",
        "record.json",
        "report.html",
        "scenario",
        "wider.parquet",
        "wider_claims.parquet",
    ]
    assert pd.read_parquet(folder / "wider.parquet").equals(wider_ledger(comparison, rounded=False))
    assert pd.read_parquet(folder / "wider_claims.parquet").equals(claims(comparison))
    again, note = read_comparison(folder)
    assert note == "A note."
    assert again.summary().equals(comparison.summary())
    header = (folder / "comparison.csv").read_text(encoding="utf-8").splitlines()[0]
    assert {"low", "high", "monte_carlo_error"} <= set(header.split(","))


def test_a_folder_that_holds_no_comparison_is_refused(tmp_path, comparison, messages):
    comparison.scenario.write(tmp_path / "run")
    with messages.raised(ResultsError):
        read_comparison(tmp_path / "run")


def test_figures_are_pure_and_show_the_frame(comparison):
    rows = comparison.summary(("emergency_admissions", "bed_days"), rounded=False)
    drawn = figures.dots(paired_forest({"A lens": comparison}, "A line.", tuple(rows["measure"])).figure)
    assert isinstance(drawn, graph_objects.Figure)
    assert list(drawn.data[0].x) == pytest.approx([*rows["percent"]])


def test_the_ledger_is_a_table_whose_uses_add_up_to_what_was_automated(comparison):
    said = static_html(money({"": comparison}, "A line."))
    (table,) = re.findall("<table.*?offset ledger.*?</table>", said)
    *_, last = re.findall("<tr>(.*?)</tr>", table)
    pounds = re.findall("<td.*?>(.*?)</td>", last)
    whole = [float(one.replace("£", "").replace(",", "").replace("−", "-")) for one in pounds]
    automated, rework, technology, released, reinvested, saved, absorbed = whole
    assert automated == pytest.approx(comparison.ledger().query("account == 'automated'")["pounds"].sum(), abs=1.0)
    assert released == pytest.approx(automated - rework - technology, abs=3.0)
    assert released == pytest.approx(reinvested + saved + absorbed, abs=3.0)


def test_outcomes_in_words(comparison, messages):
    rows = comparison.summary(("bed_days", "ae_attendances", "deaths", "consultations"), rounded=False)
    for verdicts in (["better", "worse", "small", "different"], ["better"] * 4, ["small"] * 4, ["small", "unsure"] * 2):
        messages.check(findings.outcomes_finding(rows.assign(verdict=verdicts)))


@pytest.mark.parametrize(
    "verdicts",
    [
        ["unsure", "better", "better"],
        ["worse", "small", "worse"],
        ["small", "unsure", "better"],
        ["small", "small", "unsure"],
        ["small", "small", "small"],
    ],
)
def test_years_in_words(comparison, verdicts, messages):
    rows = comparison.by("year", measures=("emergency_admissions",), rounded=False).head(3)
    messages.check(findings.years_finding(rows.assign(verdict=verdicts)))


@pytest.mark.parametrize(
    "accounts",
    [
        {},
        {"automated": 9.0, "released": -1234.0},
        {"automated": 9e4, "released": 8e4, "reinvested": 4e4, "saved": 1e4, "absorbed": 3e4},
    ],
)
def test_the_ledger_in_words(accounts, messages):
    messages.check(findings.ledger_finding(pd.Series(accounts, dtype=float)))


def test_who_pays_in_words(comparison, messages):
    rows = comparison.costs("payer", "kind", rounded=False)
    said = findings.costs_finding(rows)
    messages.check(said)
    same = compare(comparison.baseline, comparison.baseline)
    messages.check(findings.costs_finding(same.costs("payer", "kind", rounded=False)))

"""Sections of the report: probability of harm first, savings, groups, and the wider ledger last."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from dash import html as html_of

from dashboard import figures
from dashboard.exhibits.answer import opening
from dashboard.exhibits.chances import chances_finding, chances_of_harm
from dashboard.exhibits.money import money
from dashboard.exhibits.paired_forest import paired_forest
from dashboard.exhibits.people import GRID_NOTE
from dashboard.exhibits.static_html import static_html
from dashboard.figures.chart import chart_of
from dashboard.report.report import report
from dashboard.text import labels as words
from dashboard.text.phrases import range_text
from dashboard.topics.costs import services_finding
from dashboard.topics.groups import GAINS_WITHHELD, gains_and_losses, group_rows, too_small
from dashboard.topics.harm import (
    CHANCES_WITHHELD,
    Warnings,
    harm_heading,
    percent,
    size_in_words,
    warnings_of,
    worse_by,
)
from dashboard.topics.through_lenses import as_shown
from dashboard.topics.wider import HEADING, claims_finding, implied_text
from simulator.comparison.chance_of_harm import chances
from simulator.comparison.comparison import compare
from simulator.comparison.costs import ITEMS, KINDS
from simulator.comparison.costs_by_service import by_service
from simulator.comparison.wider_ledger import IMPLIED, claims, wider_ledger
from simulator.foundations.categories import PAYERS, PROGRAMMES, SERVICES
from simulator.results.results import LEDGER_ACCOUNTS
from tests.dashboard.report.test_report import Page
from tests.helpers.messages import about, without_numbers
from tests.helpers.synthetic_results import ledger, lively, results, run

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def comparison():
    return compare(
        results("relational_offset", lively(10, 0.2), weeks=260), results("baseline", lively(10, 0.0), weeks=260)
    )


@pytest.fixture(scope="module")
def html(comparison):
    return report(comparison, "One calendar for both.")


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


@pytest.fixture(scope="module")
def withheld(comparison):
    record = {"lens": "by-hand", "lens_title": "By hand", "lens_faults": ["Coverage was poor"]}
    return compare(
        *(replace(arm, record={**arm.record, **record}) for arm in (comparison.scenario, comparison.baseline))
    )


SENTENCE = "'Plan' in Smallton"


def opened(comparison):
    """The text of the opening of a report."""
    return finding_by_lens(static_html(opening({"": comparison})))


def finding_by_lens(html):
    """The page's text with single spaces."""
    return " ".join(Page(html).text.split())


def arms(changed, usual=None, seeds=12):
    """A scenario with these counts in every run, and a baseline; ``changed`` may be a function of the seed."""
    other = {seed: run(changed(seed) if callable(changed) else changed) for seed in range(seeds)}
    base = {seed: run(usual or {"overnight_admissions": 50, "lonely_weeks": 40}) for seed in range(seeds)}
    return compare(results("plan", other), results("baseline", base))


def test_warnings_of_higher_costs_and_harm_come_first(messages):
    worse = arms({"overnight_admissions": 60, "bed_days": 300, "lonely_weeks": 40})
    said = opened(worse)
    box, headline = said.index("It probably costs more and makes things worse"), said.index(SENTENCE)
    assert box < headline
    messages.check(said)
    found = warnings_of(worse)
    assert [said.partition(" (")[0] for said in found.groups] == [
        "more emergency admissions in every age band",
        "more emergency admissions in every deprivation fifth",
    ]
    for said in (*found.costs, *found.harms, *found.groups):
        assert re.fullmatch(r".* \(£?[\d,.]+ more\)", said)


def test_a_scenario_that_helps_is_called_unlikely_to_harm_after_its_headline(messages):
    said = opened(arms({"overnight_admissions": 30, "lonely_weeks": 20}))
    box, headline = said.index("It is unlikely to cost more or to make things worse"), said.index(SENTENCE)
    assert headline < box
    messages.check(said)


def test_unclear_results_show_the_probability_without_a_claim(messages):
    half = arms(lambda seed: {"overnight_admissions": 49 + 2 * (seed // 2 % 2), "lonely_weeks": 40})
    said = opened(half)
    messages.check(said)
    assert not warnings_of(half).alarming
    finding = chances_finding(chances(half))
    messages.check(finding)


def test_certain_harm_that_is_too_small_to_matter_is_no_alarm(messages):
    slight = arms({"overnight_admissions": 50, "lonely_weeks": 41})
    assert warnings_of(slight) == ([], [], [])
    said = opened(slight)
    assert said.startswith(SENTENCE)
    messages.check(said)


def test_a_group_that_is_harmed_is_named_although_all_together_gain(messages):
    def moved(seed):
        return {"overnight_admissions": 10}

    usual = {"overnight_admissions": 50}
    comparison = arms(moved, usual)
    cells = comparison.scenario.cells
    oldest = (cells["age_band"] == "85+") & (cells["quarter"] == 1) & (cells["deprivation"] == "5") & ~cells["lonely"]
    base_cells = comparison.baseline.cells
    same = (base_cells["age_band"] == "85+") & (base_cells["quarter"] == 1) & (base_cells["deprivation"] == "5")
    scenario = cells.assign(overnight_admissions=cells["overnight_admissions"].where(~oldest, 30))
    baseline = base_cells.assign(
        overnight_admissions=base_cells["overnight_admissions"].where(~(same & ~base_cells["lonely"]), 20)
    )
    found = compare(replace(comparison.scenario, cells=scenario), replace(comparison.baseline, cells=baseline))
    warned = warnings_of(found)
    assert (warned.harms, warned.groups) == (
        [],
        [
            "more emergency admissions at 85+ (10 more)",
            "more emergency admissions in the least deprived fifth (10 more)",
        ],
    )
    rows = as_shown(found, group_rows(found, "age_band", "emergency_admissions"))
    shown = {("age_band", "emergency_admissions"): rows}
    messages.check(gains_and_losses(shown))
    assert too_small(found, "age_band", "emergency_admissions").tolist() == [False, *[True] * 7, False]
    messages.check(opened(found))


def test_the_chances_in_the_report_are_those_of_the_table(comparison, page, messages):
    text = " ".join(page.text.split())
    for _, row in chances(comparison, "first chances").iterrows():
        said = f"{percent(row)} chance of {worse_by(row)} {size_in_words(row)}"
        assert said in text
        messages.check(without_numbers(said))
    (shown,) = chances_of_harm({"": comparison}, "A line.")
    assert list(shown.figure.series[0].values) == pytest.approx([*(100.0 * chances(comparison)["chance"])])


def test_one_pair_of_runs_cannot_say_how_likely_harm_is(messages):
    said = opened(compare(results("same", {0: run()}), results("baseline", {0: run()})))
    messages.check(said)


def test_the_heading_names_what_is_worse(messages):
    rows = pd.DataFrame({"chance": [0.9, 0.1]})
    messages.check(harm_heading(Warnings([], [], ["more loneliness at 16-24"]), rows))
    messages.check(harm_heading(Warnings([], [], []), rows))


def test_savings_in_one_service_that_are_costs_in_another_are_said(messages):
    accounts = {"automated": 900_000, "released": 900_000, "saved": 900_000, "reinvested": 0, "absorbed": 0}
    book = ledger(
        *((0, "gp_practice", name, pence) for name, pence in {**accounts, "technology": 0, "rework": 0}.items())
    )
    saving = {seed: run({"bed_days": 90 + seed % 2}, book=book) for seed in range(8)}
    usual = {seed: run({"bed_days": 40}) for seed in range(8)}
    found = compare(results("plan", saving), results("baseline", usual))
    said = services_finding(by_service(found, rounded=False))
    messages.check(said)
    assert "hospital (£3,1" in said
    assert said in finding_by_lens(static_html(money({"": found}, "A line.")))
    only = compare(
        results("plan", {s: run(book=book) for s in range(8)}), results("baseline", {s: run() for s in range(8)})
    )
    messages.check(services_finding(by_service(only, rounded=False)))


def test_every_service_payer_and_kind_of_the_tables_is_in_the_report(comparison, page):
    rows = by_service(comparison, rounded=False)
    assert set(rows["service"]) >= {"gp_practice", "hospital", "council_contact_centre", "programmes", "volunteers"}
    for _, row in rows.iterrows():
        assert words.label(row["service"]) in page.text
        assert words.signed(row["difference"], row["monte_carlo_error"], row["unit"]) in page.text


def test_whatever_money_may_be_listed_under_has_a_name_for_readers():
    names = [*SERVICES, *PROGRAMMES, *PAYERS, *KINDS, *LEDGER_ACCOUNTS, *ITEMS]
    assert [name for name in names if words.label(name) == name] == []


def test_small_groups_are_empty_and_said_so(comparison, messages):
    rows = group_rows(comparison, "age_band", "emergency_admissions")
    rows = rows[rows["measure"] == "emergency_admissions"].rename(columns={"age_band": "name"})
    assert figures.dots(chart_of(rows, "")).layout.yaxis.ticktext[-1] == "85+"
    rows.loc[rows["name"] == "85+", ["difference", "low", "high"]] = np.nan
    messages.check(figures.dots(chart_of(rows, "")).layout.yaxis.ticktext[-1])


def test_loneliness_is_shown_for_adults_only(comparison):
    rows = group_rows(comparison, "age_band", "often_always_lonely")
    assert rows["age_band"].unique().tolist() == ["16-24", "25-34", "35-49", "50-64", "65-74", "75-84", "85+"]


def test_the_wider_ledger_comes_last_under_its_own_heading_and_holds_its_tables_numbers(
    comparison, html, page, messages
):
    text = " ".join(page.text.split())
    before, _, after = text.partition(HEADING)
    messages.check(about(html[html.index('<section class="wider">') :].partition("</p>")[0]))
    for _, row in wider_ledger(comparison, rounded=False).query("part == @IMPLIED").iterrows():
        assert row["title"] in after
        assert row["title"] not in before
        assert implied_text(row).split(" (")[0].replace("−", "− ").split("− ")[0].strip() in after
    assert claims_finding(claims(comparison)) in text
    assert IMPLIED == "implied"


def test_claims_with_no_release_and_with_a_loss(messages):
    rows = claims(arms({}))
    messages.check(claims_finding(rows))
    rows.loc[rows["name"] == "automated", "place"] = 5.0
    rows.loc[rows["name"] == "released", "place"] = -5.0
    messages.check(claims_finding(rows))


def test_findings_tiles_and_costs_of_a_report_are_the_same_without_the_wider_ledger(comparison, html, monkeypatch):
    monkeypatch.setattr("dashboard.report.report.wider", lambda *_: html_of.Div())
    without = report(comparison, "One calendar for both.")
    cut = html.index('<section class="wider">')
    assert without[:cut] == html[:cut]


def test_a_report_of_a_failed_lens_shows_no_range_probability_or_verdict(comparison, withheld, html):
    silent = report(withheld)
    text = finding_by_lens(silent)
    yearly = comparison.per("year")
    rows = pd.concat(
        [
            *(yearly.summary(place, rounded=False) for place in ("outcomes", "access", "tiles")),
            yearly.by("year", measures=("emergency_admissions",), rounded=False),
            by_service(yearly, rounded=False),
            group_rows(yearly, "age_band", "emergency_admissions").dropna(subset=["difference"]),
            wider_ledger(yearly, rounded=False).dropna(subset=["difference"]),
        ]
    )
    ranges = {range_text(row) for _, row in rows[rows["low"] < rows["high"]].iterrows()}
    assert len([ends for ends in ranges if ends in html]) > 20
    assert [ends for ends in ranges if ends in silent] == []
    findings = [said for said in re.findall("<h3>(.*?)</h3>", silent) if "released" not in said.lower()]
    held = [said for said in findings if "ranges withheld" in said.lower()]
    assert len(held) == len(re.findall("<figure>", silent)) - 2  # the claims, and parts of the variance
    claims_of_certainty = (
        r"\d+ % chance of (?:at least|less than)|[Tt]oo small to matter|[Cc]annot tell yet|which is better"
    )
    assert len(re.findall(claims_of_certainty, finding_by_lens(html))) > 5
    for note in (words.MARKS_NOTE, GRID_NOTE):
        text = text.replace(note, "")
    assert re.findall(claims_of_certainty, text.split("Limitations")[0]) == []
    assert CHANCES_WITHHELD in text
    assert GAINS_WITHHELD in text


def test_marks_of_ranges_that_are_withheld_are_crosses_without_bars(withheld):
    chart = paired_forest({"By hand": withheld}, "A line.").figure
    (drawn,) = figures.dots(chart).data
    assert set(drawn.marker.symbol) == {"x-thin"}
    assert {*drawn.error_x.array, *drawn.error_x.arrayminus} == {None}
    assert figures.marks_key(chart).endswith(words.WITHHELD_NOTE)
    assert all("withheld: the lens failed a check" in said for said in drawn.customdata)

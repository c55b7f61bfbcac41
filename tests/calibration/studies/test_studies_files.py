"""Files of published studies: shipped ones, refused fields, and errors with their line."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest

import calibration.studies
from calibration.studies import load_study, study_names
from calibration.studies.delivery import DELIVERY, WORDS, DeliveredProgramme
from calibration.studies.study import PublishedStudy, SimulationSetup
from simulator.description.describe import every_value
from simulator.errors import PublishedStudyError, UnknownNameError
from simulator.evidence import load_evidence
from simulator.foundations.input_files import json_schema
from simulator.lenses import apply_lens
from simulator.programme_files import load_programme, programme_values, shipped_programmes
from tests.helpers.study_files import AS_WRITTEN, ODDS, SCALE, TENURE, study_file

FOLDER = Path(calibration.studies.__file__).parent
FACTS = ("demography", "prices", "distributions")
"""Topics of who there is and what things cost, not of what works."""


@pytest.fixture
def file(tmp_path):
    return partial(study_file, tmp_path)


# The shipped files ---------------------------------------------------------------------------------------------------


def test_every_shipped_study_can_be_planned_and_says_where_it_differs():
    assert len(study_names()) >= 16
    plans = [load_study(name) for name in study_names()]
    assert {plan.study.simulate.analysis.kind for plan in plans} == {"trend", "growth", "contrast", "cohort", "tenure"}
    assert sum(plan.study.published.value == plan.study.published.no_effect for plan in plans) >= 5, "nulls included"
    assert all(plan.spec.evidence.hash == load_evidence().hash for plan in plans), "evidence as written"
    assert all(plan.without is None or plan.without.evidence.hash == load_evidence().hash for plan in plans)


def test_loneliness_studies_are_trials_among_participants_most_of_them_held_out():
    """Each was measured at a time after randomisation, in standard deviations, with an interval."""
    studies = [load_study(name).study for name in study_names()]
    of_loneliness = [one for one in studies if getattr(one.simulate.analysis, "outcome", None) == "loneliness"]
    assert len(of_loneliness) >= 8
    assert sum(not one.fitted_to and not one.informs for one in of_loneliness) >= 4
    assert {(one.simulate.analysis.design, one.simulate.analysis.effect_on) for one in of_loneliness} == {
        ("trial", "participants")
    }
    assert all(one.published.unit == "SD" and one.published.error > 0.0 for one in of_loneliness)
    assert len({one.simulate.analysis.weeks_after for one in of_loneliness}) >= 4
    assert not [one.name for one in studies if one.fitted_to and one not in of_loneliness]


def test_no_value_that_a_study_informs_is_a_mere_assumption():
    evidence = every_value()
    informed = {path for name in study_names() for path in load_study(name).study.informs}
    assert len(informed) > 15
    assert {path for path in informed if evidence[path].grade == "assumption"} == set()


def test_loneliness_studies_say_what_was_done():
    """Who meets nobody has sessions on how ties are seen, and nothing of a shipped programme is delivered unsaid."""
    plans = [load_study(name) for name in study_names() if name.startswith("loneliness_")]
    brought_back = 0
    for plan in plans:
        given = plan.study.simulate.programme
        (programme,) = [one for one in plan.spec.programmes if one.name == given.based_on]
        assert programme.ties != "none" or programme.central("sessions") > 0.0, plan.study.name
        shipped = load_programme(given.based_on)
        for name in ("old_ties", "sessions"):
            assert shipped.central(name) == 0.0 or getattr(given, name) is not None, (plan.study.name, name)
        brought_back += programme.central("old_ties") > 0.0
    assert brought_back >= 3


def test_the_shipped_schema_is_current():
    assert json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")) == json_schema(PublishedStudy)


@pytest.mark.parametrize("name", study_names())
def test_a_study_that_is_a_source_of_evidence_says_so(name):
    study = load_study(name).study
    found = re.search(r"\d+:e?\d+", study.source)  # volume and page; else author and year
    author, year = " ".join(study.source.split()[:2]), re.search(r"\b(?:19|20)\d\d\b", study.source)[0]
    cites = re.compile(re.escape(found[0]) if found else rf"{author}[^;()\d]*{year}")
    plans = shipped_programmes()
    described = {" ".join(str(plan.document.data["source"]).split()) for plan in plans}  # what a file is modelled after
    known = {**load_evidence(), **programme_values(plans)}
    effects = {
        path
        for path, value in known.items()
        if value.source not in described and cites.search(value.source) and path.split(".")[0] not in FACTS
    }
    assert effects <= set(study.informs)


# What a study may not say ---------------------------------------------------------------------------------------------


def test_a_study_names_a_programme_or_scenario_and_a_population_and_has_no_field_for_anything_else():
    assert set(SimulationSetup.model_fields) == {
        "place",
        "residents",
        "calendar",
        "scenario",
        "funding",
        "programme",
        "analysis",
    }
    assert set(DeliveredProgramme.model_fields) == {"based_on", "eligible", *WORDS, *DELIVERY}
    strengths = {"acute_episodes", "overnight_admission", "waiting", "readmission", "continuity_gain", "tie_strength"}
    strengths |= {"unmet_need_found", "introduction", "volunteer_leaving", "volunteer_asks", "capacity"}
    assert not strengths & set(DELIVERY)
    assert not {"changes", "evidence"} & set(PublishedStudy.model_fields)


def test_the_county_has_a_variant_in_which_it_had_a_programme_of_its_own():
    county = load_study("somerset_trend")
    treated, later = county.variants
    assert county.spec.funding == later.spec.funding == ()
    assert (treated.spec.place, treated.spec.starts, treated.spec.weeks) == (
        county.spec.place,
        county.spec.starts,
        county.spec.weeks,
    )
    assert treated.spec.scenario.named_programmes == {"complex_care_hub", "health_connectors"}
    assert treated.spec.evidence.hash == county.spec.evidence.hash
    assert min(fund.from_week for fund in treated.spec.funding) >= 52, "not before the second year"
    assert [plan.study.simulate.analysis.from_quarter for plan in (county, treated, later)] == [1, 1, 5]
    lens = apply_lens("as-claimed")
    assert [variant.spec.applied_lens for variant in county.through(lens).variants] == [lens, lens]


def test_a_delivered_programme_keeps_the_strength_of_every_effect():
    for name in study_names():
        plan = load_study(name)
        for one in plan.spec.programmes:
            shipped = load_programme(one.name)
            for path, value in shipped.values.items():
                if path.rsplit(".", 1)[1] not in DELIVERY:
                    assert one.values[path].value == value.value, (name, path)
                    assert (one.values[path].low, one.values[path].high) == (value.low, value.high)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        (
            "simulate:\n",
            "simulate:\n  changes: {illness.continuity_effect: {value: -1, reason: So}}\n",
            "13 simulate.changes",
        ),
        (
            "simulate:\n",
            "changes: {illness.continuity_effect: -1}\nsimulate:\n",
            "12 changes",
        ),
        ("lag: 1}", "acute_episodes: -0.5}", "18 simulate.programme.acute_episodes"),
        ("based_on: complex_care_hub", "based_on: complex_care", "18 simulate.programme.based_on"),
        ("based_on: complex_care_hub, lag: 1", "based_on: gp_continuity", "18 simulate.programme.based_on"),
        ("lag: 1", "lag: -1", "18 simulate.programme.lag"),
        ("lag: 1", "volunteers_per_unit: 2", "18 simulate.programme.based_on"),
        ("place: frome", "place: from", "13 simulate.place"),
        ("place: frome", "place: none.yaml", "13 simulate.place"),
        ("residents: 2000", "residents: 20", "14 simulate.residents"),
        ("units: 1}", "units: 1, from_week: 104}", "17 simulate.funding[0].from_week"),
        ("programme: complex_care_hub,", "programme: hub,", "17 simulate.funding[0].programme"),
        ("year: 1}", "year: 3}", "19 simulate.analysis.year"),
        ("year: 1}", "year: 1, measure: admissions}", "19 simulate.analysis.measure"),
        ("year: 1}", "year: 1, without: surge}", "19 simulate.analysis.without"),
        ("{kind: contrast, year: 1}", "{kind: growth, from_year: 2, to_year: 2}", "19 simulate.analysis.to_year"),
        ("{kind: contrast, year: 1}", "{kind: kohort}", "19 simulate.analysis"),
        (
            "{kind: contrast, year: 1}",
            "{kind: cohort, programme: befriending, design: did}",
            "19 simulate.analysis.programme",
        ),
        (
            "{kind: contrast, year: 1}",
            "{kind: cohort, programme: complex_care_hub, design: trial}",
            "19 simulate.analysis.effect_on",
        ),
        (
            "{kind: contrast, year: 1}",
            "{kind: cohort, programme: complex_care_hub, design: trial, effect_on: offered, controls: elsewhere}",
            "19 simulate.analysis.controls",
        ),
        *(
            ("{kind: contrast, year: 1}", f"{{kind: cohort, programme: complex_care_hub, {wrong}}}", at)
            for wrong, at in (
                ("design: did, outcome: loneliness", "19 simulate.analysis"),
                ("design: did, weeks_after: 26", "19 simulate.analysis.weeks_after"),
                ("design: did, outcome: loneliness, weeks_after: 53", "19 simulate.analysis.weeks_after"),
                ("design: did, effect_on: participants", "19 simulate.analysis.effect_on"),
                (
                    "design: did, outcome: loneliness, weeks_after: 26, follow_up_weeks: 26",
                    "19 simulate.analysis.follow_up_weeks",
                ),
                (
                    "design: did, outcome: loneliness, weeks_after: 26, controls: elsewhere",
                    "19 simulate.analysis.controls",
                ),
                ("design: did, outcome: loneliness, weeks_after: 26", "7 published.unit"),
            )
        ),
        ("lag: 1}", "ties: friends}", "18 simulate.programme.ties"),
        ("lag: 1}", "channel: post}", "18 simulate.programme.channel"),
        ('unit: "%"', "unit: odds ratio", "7 published.value"),
        (SCALE, "value: 1, low: 0, high: 2, unit: odds ratio", "7 published.low"),
        (SCALE, f"{ODDS}, no_effect: 0", "7 published.no_effect"),
        ('unit: "%"', "unit: points", "7 published.unit"),
        (
            'unit: "%"',
            "unit: admissions a person-year",
            "7 published.unit",
        ),
        ("low: -5, high: 5", "low: -5", "7 published"),
        ("low: -5, high: 5, ", "", "7 published"),
        ("value: 0", "value: 9", "7 published.value"),
        ("checked: page", "checked: yes", "10 checked"),
        ("name: mine", "name: yours", "1 name"),
        ("differences:", "informs: [illness.continuity_efect]\ndifferences:", "11 informs[0]"),
        ("year: 1}", "year: 1}\nvariants: [{title: Later, from_quarter: 5}]", "20 variants"),
        *(
            ("{kind: contrast, year: 1}", f"{{kind: trend{more}", at)
            for more, at in (
                (", from_quarter: 8}", "19 simulate.analysis.from_quarter"),
                ("}\nvariants: [{title: Nothing}]", "20 variants[0]"),
                ("}\nvariants: [{title: Late, from_quarter: 8}]", "20 variants[0].from_quarter"),
                ("}\nvariants: [{title: Other, scenario: fromm}]", "20 variants[0].scenario"),
            )
        ),
        ("  calendar: {starts: 2014-04-01, years: 2}\n", "", "12 simulate"),
        ("  calendar", "  scenario: frome\n  calendar", "17 simulate.funding"),
    ],
)
def test_a_problem_is_reported_with_its_line(file, old, new, at, messages):
    assert old in AS_WRITTEN
    with messages.raised(PublishedStudyError, at):
        load_study(file(AS_WRITTEN.replace(old, new, 1)))


def test_exposure_times_must_be_ordered(file, messages):
    text = AS_WRITTEN.replace("{kind: contrast, year: 1}", TENURE % 900)
    text = text.replace(SCALE, ODDS)
    assert load_study(file(text)).without is None, "longer than any run, since the length is known at the start"
    with messages.raised(PublishedStudyError, "19 simulate.analysis.newer_than_weeks"):
        load_study(file(text.replace("older_to_weeks: 900", "older_to_weeks: 40", 1)))


SCENARIO = """name: plan
title: A plan
question: What if?
extends: baseline
place: frome
"""
FUNDED = AS_WRITTEN[AS_WRITTEN.index("  funding") : AS_WRITTEN.index("  analysis")]


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ("changes: {illness.continuity_effect: {value: -1, reason: So}}\n", "16 simulate.scenario"),
        ("automte: []\n", "16 simulate.scenario"),
        ("programmes: [strong.yaml]\n", "16 simulate.scenario"),
    ],
)
def test_a_scenario_that_changes_evidence_or_brings_programmes_is_refused(file, more, at, messages):
    file("name: strong\n", "strong")
    file(SCENARIO + more, "plan")
    study = file(AS_WRITTEN.replace(FUNDED, "  scenario: plan.yaml\n"))
    with messages.raised(PublishedStudyError, at):
        load_study(study)


def test_a_users_own_or_a_shipped_scenario_is_accepted(file, messages):
    file(SCENARIO, "plan")
    assert load_study(file(AS_WRITTEN.replace(FUNDED, "  scenario: plan.yaml\n"))).spec.weeks == 104
    with messages.raised(PublishedStudyError):
        load_study(file(AS_WRITTEN.replace(FUNDED, "  scenario: fromm\n")))
    with messages.raised(UnknownNameError):
        load_study("evercare")


def test_the_study_on_the_page_can_be_used_as_it_stands(file):
    page = (FOLDER.parents[1] / "docs" / "studies.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    plan = load_study(file(text, "our_hub"))
    assert plan.study.simulate.analysis.controls == "elsewhere"
    assert all(f"`{number}`" in page for number in DELIVERY)

"""The shipped evidence: complete, in its units, in the model's shapes, and true to its sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from simulator.errors import UnknownNameError
from simulator.evidence import Evidence, Value, load_evidence
from simulator.evidence.loading import SHIPPED_FOLDER
from simulator.evidence.parameters import TOPICS
from simulator.evidence.schema import EvidenceFile
from simulator.foundations.categories import ADULT_BAND, LISTS
from simulator.foundations.input_files import json_schema, read_yaml
from simulator.foundations.units import UNITS
from simulator.programme_files import load_programme

EVIDENCE = load_evidence()
PATHS = tuple(EVIDENCE)
# Shares of England's residents of mid-2020 by age band, Office for National Statistics, mid-year population estimates.
ENGLAND = np.array([0.0573, 0.1344, 0.1055, 0.1343, 0.1919, 0.1916, 0.0990, 0.0612, 0.0248])
ADULTS = np.where(np.arange(9) >= ADULT_BAND, ENGLAND, 0.0) / ENGLAND[ADULT_BAND:].sum()


def table(path: str) -> np.ndarray:
    return np.array(EVIDENCE[path].value)


def conditions_by_age() -> np.ndarray:
    """Shares with 0, 1, 2 and 3+ conditions, shape (9 age bands, 4)."""
    some = np.stack([table(f"illness.prevalence_{count}") for count in ("one", "two", "three")], axis=1)
    return np.column_stack([1.0 - some.sum(axis=1), some])


def test_every_parameter_of_the_model_has_evidence_and_nothing_else_has() -> None:
    wanted = {f"{topic}.{field}" for topic, kind in TOPICS.items() for field in kind._fields}
    assert wanted == set(EVIDENCE)


@pytest.mark.parametrize("path", PATHS)
def test_tables_and_numbers_keep_their_kind(path: str) -> None:
    topic, field = path.split(".")
    value = EVIDENCE[path]
    if get_type_hints(TOPICS[topic])[field] is not float:
        assert value.by is not None
        assert isinstance(value.value, tuple)
        assert len(value.value) == len(LISTS[value.by])
    else:
        assert value.by is None
        assert isinstance(value.value, float)


@pytest.mark.parametrize("path", PATHS)
def test_value_says_unit_grade_and_source(path: str) -> None:
    value = EVIDENCE[path]
    assert value.unit in UNITS
    assert value.grade in ("A", "B", "C", "assumption")
    assert len(value.source) > 20
    assert value.reference or value.grade == "assumption"
    assert value.file == f"simulator/evidence/{path.split('.')[0]}.yaml"
    assert value.line is not None


@pytest.mark.parametrize("path", PATHS)
def test_every_quantile_is_in_the_unit(path: str) -> None:
    value = EVIDENCE[path]
    for quantile in (1e-6, 0.025, 0.5, 0.975, 1 - 1e-6):
        for number in np.atleast_1d(value.at(quantile)):
            assert UNITS[value.unit].refuses(float(number)) is None, quantile


@pytest.mark.parametrize("file", sorted(path.name for path in SHIPPED_FOLDER.glob("*.yaml")))
def test_files_satisfy_the_published_schema(file: str) -> None:
    document = read_yaml(SHIPPED_FOLDER / file)
    assert not list(Draft202012Validator(json_schema(EvidenceFile)).iter_errors(document.data))


def test_published_schema_is_current() -> None:
    shipped = json.loads((SHIPPED_FOLDER / "schema.json").read_text(encoding="utf-8"))
    assert shipped == json_schema(EvidenceFile), "write its schema to simulator/evidence/schema.json anew"


def test_every_file_names_its_schema_for_editors() -> None:
    for path in SHIPPED_FOLDER.glob("*.yaml"):
        assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=schema.json\n"), path.name


def test_evidence_is_a_mapping_read_once() -> None:
    assert load_evidence() is EVIDENCE
    assert EVIDENCE.topics() == tuple(sorted(TOPICS))
    assert set(EVIDENCE.topic("prices")) == set(TOPICS["prices"]._fields)
    assert isinstance(EVIDENCE["care.wait_days"], Value)
    assert "care.wait_days" in EVIDENCE
    assert "care.nothing" not in EVIDENCE
    assert repr(EVIDENCE) == f"Evidence({len(EVIDENCE)} values, {EVIDENCE.hash})"


def test_equal_evidence_has_equal_hash() -> None:
    again = Evidence({path: EVIDENCE[path] for path in reversed(PATHS)})
    assert (again, again.hash, hash(again)) == (EVIDENCE, EVIDENCE.hash, hash(EVIDENCE))
    assert len(EVIDENCE.hash) == 8


def test_unknown_names_are_suggested_the_nearest(messages) -> None:
    with messages.raised(UnknownNameError):
        EVIDENCE["care.wait_dais"]
    with messages.raised(UnknownNameError):
        EVIDENCE["zzz.qqqqqq"]
    with messages.raised(UnknownNameError):
        EVIDENCE.topic("prizes")


# The figures which values were made from -----------------------------------------------------------------------------


def test_shares_of_a_whole_stay_below_one() -> None:
    for quantile in (0.001, 0.5, 0.999):
        sick = sum(np.array(EVIDENCE[f"illness.prevalence_{count}"].at(quantile)) for count in ("one", "two", "three"))
        assert np.all(sick < 1.0)
    central = table("digital.offline_share") + table("digital.low_capability_share")
    assert np.all(central < 1.0)


def test_admissions_are_those_of_devon_by_deprivation() -> None:
    """Pereira Gray and others 2017: 107.4, 91.4, 83.1, 81.8, 77.9 over 85.0 per 1,000."""
    published = np.array([107.4, 91.4, 83.1, 81.8, 77.9]) / 85.0
    assert table("illness.admission_deprivation_ratio") == pytest.approx(published, abs=0.001)


def test_a_third_of_emergency_admissions_are_without_a_night() -> None:
    """Health Foundation 2018: around a third."""
    overnight = table("care.overnight_probability")
    zero = (1.0 - overnight) * table("care.zero_night_probability")
    admissions = ENGLAND * table("illness.emergency_admission_rate")
    assert np.average(zero / (zero + overnight), weights=admissions) == pytest.approx(1 / 3, abs=0.02)


def test_a_mean_emergency_admission_takes_5_8_bed_days() -> None:
    """National Audit Office 2018: 33.59 million bed days for 5.8 million admissions; about 13 % of days waited."""
    overnight = table("care.overnight_probability")
    zero = (1.0 - overnight) * table("care.zero_night_probability")
    admissions = ENGLAND * table("illness.emergency_admission_rate")
    stays = admissions * overnight / (zero + overnight)
    living_alone = 1 / 3
    causes = EVIDENCE["care.wait_by_cause"].by_category()
    waits = sum(causes.values()) - (1.0 - living_alone) * causes["nobody_at_home"]
    needed = (stays * table("care.overnight_days")).sum()
    waited = (stays * table("care.discharge_need")).sum() * EVIDENCE["care.wait_days"].value * waits
    assert (needed + waited) / admissions.sum() == pytest.approx(33.59 / 5.8, rel=0.02)
    assert waited / (needed + waited) == pytest.approx(0.13, abs=0.015)


def test_multimorbidity_and_its_share_of_use() -> None:
    """Cassell and others 2018: 27.2 % of adults, 52.9 % of consultations, 56.1 % of admissions."""
    shares = conditions_by_age()
    assert ADULTS @ shares[:, 2:].sum(axis=1) == pytest.approx(0.272, abs=0.005)
    within_age = shares * table("contacts.practice_conditions_ratio")
    seen = ADULTS * table("contacts.practice_age_ratio") / within_age.sum(axis=1)
    consultations = within_age * seen[:, None]
    assert consultations[:, 2:].sum() / consultations.sum() == pytest.approx(0.529, abs=0.01)
    within_age = shares * table("illness.conditions_ratio")
    rate = ADULTS * table("illness.emergency_admission_rate") / within_age.sum(axis=1)
    admissions = within_age * rate[:, None]
    assert admissions[:, 2:].sum() / admissions.sum() == pytest.approx(0.561, abs=0.01)


def test_consultations_a_head() -> None:
    """The ratio by age averages 1 over England; 13.5 a year at 85-89 (NHS Information Centre 2009)."""
    ratio = table("contacts.practice_age_ratio")
    assert ENGLAND @ ratio == pytest.approx(1.0, abs=0.01)
    given = 0.91  # of what people need; the rest ends without an appointment, or is brought to one booked already
    assert given * ratio[-1] * table("contacts.contacts_per_year")[0] == pytest.approx(13.5, abs=0.3)


def test_loneliness_prevalence_is_eight_per_cent_and_lowest_at_65() -> None:
    lonely = table("loneliness.initial_prevalence")
    assert ADULTS @ lonely == pytest.approx(0.08, abs=0.002)
    assert np.argmin(lonely[ADULT_BAND:]) + ADULT_BAND == LISTS["age_band"].index("65-74")
    survey = np.array([9, 8, 7, 5, 4]) / 100
    assert lonely[2:7] / survey == pytest.approx(1.25, abs=0.02)


def test_offline_and_failing_contacts() -> None:
    """Lloyds Bank: 4 to 5 % of adults offline, 27 % with very low capability; Socitm: over 20 % of visits fail."""
    offline, low = ADULTS @ table("digital.offline_share"), ADULTS @ table("digital.low_capability_share")
    assert offline == pytest.approx(0.045, abs=0.005)
    assert offline + low == pytest.approx(0.275, abs=0.015)
    failing = table("contacts.failure_probability") @ np.array([offline, low, 1.0 - offline - low])
    assert failing == pytest.approx(0.205, abs=0.015)


def test_the_cost_of_an_admission_matches_the_audit_office() -> None:
    """13.7 billion pounds for 5.68 million admissions in 2015/16, raised by the NHS Cost Inflation Index."""
    index = np.prod([1.0209, 1.0124, 1.0160, 1.0214, 1.0249, 1.0258, 1.0732, 1.0431])
    prices = EVIDENCE.topic("prices")
    further_days = 33.59 / 5.8 / (2 / 3) - prices["included_days"].value
    overnight = prices["overnight_admission"].value + further_days * prices["bed_day"].value
    mean = prices["zero_night_admission"].value / 3 + overnight * 2 / 3
    assert mean == pytest.approx(13_700 / 5.68 * index, rel=0.05)


def test_no_parameter_equals_the_headline() -> None:
    """Nothing in the evidence is an effect of -14 % on admissions."""
    effects = [value for path, value in EVIDENCE.items() if path.endswith("_effect") and value.unit == "log ratio"]
    assert effects
    assert all(value.value != pytest.approx(np.log(1 - 0.14), abs=0.005) for value in effects)
    care_plan = load_programme("complex_care_hub").values["programme.complex_care_hub.acute_episodes"]
    assert care_plan.low < 0.0 < care_plan.high, "its sign is not certain"


def test_readme_names_every_topic() -> None:
    text = (SHIPPED_FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"`{topic}`" in text for topic in TOPICS)
    assert Path(SHIPPED_FOLDER / "schema.json").exists()

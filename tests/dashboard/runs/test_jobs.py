"""Jobs: each question is computed once, in turn, and survives failures of the server."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.runs import Jobs, Phase, Question
from dashboard.runs.states import JobError
from dashboard.text.lens_names import shown_lenses
from simulator.errors import (
    IncomparableRunsError,
    PlaceError,
    ResultsError,
    ScenarioError,
    StoreError,
    UnknownNameError,
)
from simulator.scenario.scenario import Scenario, load_scenario, scenario_from_text
from simulator.store import open_store
from tests.helpers.small_runs import small_frome
from tests.helpers.synthetic_results import run_of

HAMLET = """\
name: hamlet
title: Hamlet
residents: 2000
age:
  shares: {0-15: 18 %, 16-64: 60 %, 65-84: 19 %, 85+: 3 %}
  source: A made-up place for tests
  reference: https://www.example.org/
  grade: C
deprivation:
  shares: {"1": 20 %, "2": 30 %, "3": 25 %, "4": 15 %, "5": 10 %}
  source: A made-up place for tests
  reference: https://www.example.org/
  grade: C
"""


def plan(share: int = 60, name: str = "plan") -> Scenario:
    text = f"""\
name: {name}
title: Plan {share}
question: What if {share} % are automated?
calendar: {{starts: 2026-04-01, weeks: 13}}
automate:
  - {{service: gp_practice, task: appointment_booking, share: {share} %, ramp_weeks: 0}}
reinvest: {{share: 85 %, programmes: {{health_connectors: 100 %}}}}
"""
    return scenario_from_text(text, Path(f"{name}.yaml"))


def question(share: int = 60, pairs: int = 2) -> Question:
    return Question((load_scenario("baseline"), plan(share)), "hamlet", pairs)


def open_jobs(folder: Path, lease: float = 10.0) -> Jobs:
    (folder / "places").mkdir(parents=True, exist_ok=True)
    (folder / "places" / "hamlet.yaml").write_text(HAMLET, encoding="utf-8")
    return Jobs(folder, workers=1, lease=lease)


@pytest.fixture
def jobs(tmp_path) -> Iterator[Jobs]:
    with open_jobs(tmp_path / "desk") as desk:
        yield desk


@pytest.fixture
def made_up(monkeypatch):
    """Runs are made up: it does not matter here what is in them."""
    monkeypatch.setattr("simulator.running.ensemble.simulate", run_of)


def until_over(jobs: Jobs, key: str, patience: float = 120.0) -> Phase:
    end = time.monotonic() + patience
    while not (state := jobs.state(key)).over:
        assert time.monotonic() < end, state
        time.sleep(0.05)
    return state.phase


def released(jobs: Jobs, key: str) -> float:
    ledger = jobs.result(key).arms[1].ledger
    return float(ledger.loc[ledger["account"] == "automated", "pence"].sum())


def test_a_question_is_answered_and_its_answer_is_that_of_the_verbs(jobs, messages):
    from simulator.api import compare, run_comparable

    asked = question()
    key = jobs.submit(asked, "anna")
    assert jobs.state(key).phase is Phase.QUEUED
    with messages.raised(ResultsError, KEY=key):
        jobs.result(key)
    jobs.start()
    assert until_over(jobs, key) is Phase.FINISHED
    state = jobs.state(key, "anna")
    assert (state.done, state.total, state.mine, state.seconds_left) == (4, 4, True, None)
    base, other = run_comparable(asked.specs(jobs.place), range(2), 1)
    assert jobs.result(key).comparison().summary().equals(compare(other, base).summary())


@pytest.mark.thorough
def test_twenty_people_get_their_own_right_answer_and_nothing_is_computed_twice(jobs):
    shares = [60] * 11 + [30, 31, 32] * 3
    keys: dict[int, str] = {}

    def press_run(person: int) -> None:
        keys[person] = jobs.submit(question(shares[person], pairs=1), f"person {person}")

    jobs.start()
    people = [threading.Thread(target=press_run, args=(person,)) for person in range(20)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(set(keys.values())) == 4
    assert all(until_over(jobs, key) is Phase.FINISHED for key in keys.values())
    automated = {share: released(jobs, keys[person]) for person, share in enumerate(shares)}
    assert [automated[share] for share in sorted(automated)] == sorted(automated.values())
    assert len(set(automated.values())) == 4
    for person, share in enumerate(shares):
        assert jobs.result(keys[person]).arms[1].record["scenario_title"] == f"Plan {share}"
        assert jobs.state(keys[person], f"person {person}").mine
    assert len(open_store(jobs.folder / "runs").runs()) == 5  # the baseline's, and those of four plans


def test_a_full_run_goes_on_from_a_quick_one(jobs, made_up):
    jobs.start()
    quick = jobs.submit(question(pairs=2))
    assert until_over(jobs, quick) is Phase.FINISHED
    full = jobs.submit(question(pairs=3))
    assert full != quick
    assert until_over(jobs, full) is Phase.FINISHED
    assert len(open_store(jobs.folder / "runs").runs()) == 2 * 3
    assert jobs.result(full).comparison().seeds == (0, 1, 2)


def test_the_same_question_has_the_same_key_and_another_has_another(jobs, monkeypatch):
    key = jobs.key(question())
    assert jobs.key(Question.from_text(question().as_text())) == key
    written = question().specs(jobs.place)
    for lens in ("evidence", "evidence_causal_0.5", *shown_lenses()):
        read = replace(question(), lens=lens)
        assert read.key(read.read(written)) == jobs.key(read)
    others = [question(61), question(pairs=4), Question((plan(), load_scenario("baseline")), "hamlet", 2)]
    others += [Question(question().scenarios, "frome", 2), Question(question().scenarios, "hamlet", 2, years=1)]
    others.append(Question(question().scenarios, "hamlet", 2, lens="evidence_causal_0.5"))
    assert len({key, *(jobs.key(other) for other in others)}) == 7
    monkeypatch.setattr("dashboard.runs.question.model_version", lambda: "0.0.1+0123abcd")
    assert jobs.key(question()) != key


def test_short_questions_go_first_and_positions_are_reported(jobs, messages):
    long, longer, short = (jobs.submit(question(share, pairs)) for share, pairs in ((50, 20), (51, 20), (52, 2)))
    assert [jobs.state(key).ahead for key in (long, longer, short)] == [1, 2, 0]
    messages.check(jobs.state(longer).in_words())
    jobs._table.claim("somebody", 10.0)
    assert jobs._table.progress(short, "somebody", 2, (2, 8.0))
    assert jobs.state(short).seconds_left == pytest.approx(8.0)
    assert jobs.state(long).seconds_left == pytest.approx(8.0 + 40 * 4.0)
    assert jobs.state(longer).seconds_left == pytest.approx(8.0 + 80 * 4.0)


def test_only_those_who_asked_may_cancel_and_others_keep_their_run(jobs, messages, made_up):
    key = jobs.submit(question(), "anna")
    jobs.submit(question(), "ben")
    with messages.raised(JobError):
        jobs.cancel(key, "carol")
    assert not jobs.cancel(key, "anna")
    assert jobs.state(key, "ben").phase is Phase.QUEUED
    assert not jobs.state(key, "anna").mine
    assert jobs.cancel(key, "ben")
    assert jobs.state(key).phase is Phase.CANCELLED
    jobs.start()
    assert jobs.submit(question(), "anna") == key
    assert until_over(jobs, key) is Phase.FINISHED


def test_a_job_that_is_cancelled_while_it_runs_stops_and_keeps_what_was_done(jobs, made_up):
    key = jobs.submit(question(pairs=400), "anna")
    jobs.start()
    while jobs.state(key).done < 4:
        time.sleep(0.01)
    assert jobs.cancel(key, "anna")
    other = jobs.submit(question(55))
    assert until_over(jobs, other) is Phase.FINISHED
    assert jobs.state(key).phase is Phase.CANCELLED
    assert 4 <= len(open_store(jobs.folder / "runs").runs()) < 800


def test_a_job_of_a_dead_server_is_resumed_by_the_next(tmp_path, made_up):
    with open_jobs(tmp_path) as first:
        key = first.submit(question(pairs=3), "anna")
        assert first._table.claim("a server that died", 10.0) is not None
        from simulator.api import run_comparable
        from simulator.store import storing_executor

        with storing_executor(open_store(tmp_path / "runs"), 1) as workers:
            run_comparable(question().specs(first.place), range(2), workers)
    with open_jobs(tmp_path, lease=0.0) as second:
        assert second.state(key, "anna").mine
        second.start()
        assert until_over(second, key) is Phase.FINISHED
        assert len(open_store(tmp_path / "runs").runs()) == 2 * 3
        assert second.result(key).comparison().seeds == (0, 1, 2)


def test_a_server_that_is_closed_gives_its_job_back(tmp_path, made_up):
    with open_jobs(tmp_path) as first:
        key = first.submit(question(pairs=400))
        first.start()
        while first.state(key).done < 4:
            time.sleep(0.01)
    with open_jobs(tmp_path) as second:
        assert second.state(key).phase is Phase.QUEUED
        assert second.state(key).done >= 4
        assert second.state(key).seconds_left > 0.0


@pytest.mark.thorough
def test_a_long_job_makes_way_for_a_short_one_and_goes_on(jobs, monkeypatch):
    monkeypatch.setattr("dashboard.runs.jobs.QUICK_PAIRS", 1)
    long = jobs.submit(question(pairs=5))
    jobs.start()
    while jobs.state(long).phase is not Phase.RUNNING:
        time.sleep(0.01)
    short = jobs.submit(question(55, pairs=1))
    assert until_over(jobs, short) is Phase.FINISHED
    assert not jobs.state(long).over
    assert until_over(jobs, long) is Phase.FINISHED


def test_a_job_that_fails_says_file_line_and_field_and_can_be_asked_again(jobs, messages, made_up):
    key = jobs.submit(question())
    place = jobs.folder / "places" / "hamlet.yaml"
    place.write_text(HAMLET.replace("2000", "many"), encoding="utf-8")
    jobs.start()
    assert until_over(jobs, key) is Phase.FAILED
    (fault,) = jobs.state(key).faults
    assert (fault.file, fault.line, fault.field) == ("hamlet.yaml", 3, "residents")
    messages.check(fault.message)
    place.write_text(HAMLET, encoding="utf-8")
    assert jobs.submit(question()) == key
    assert until_over(jobs, key) is Phase.FINISHED


def test_a_place_that_changed_since_the_question_was_asked_is_not_answered_for(jobs, messages):
    key = jobs.submit(question())
    (jobs.folder / "places" / "hamlet.yaml").write_text(HAMLET.replace("2000", "2001"), encoding="utf-8")
    jobs.start()
    assert until_over(jobs, key) is Phase.FAILED
    messages.check(jobs.state(key).faults[0].message)


def test_runs_that_fail_fail_their_job_with_the_cause(jobs, monkeypatch, messages):
    def fail(*_: object) -> None:
        raise ArithmeticError("the hamlet is bewitched")

    monkeypatch.setattr("simulator.running.ensemble.simulate", fail)
    key = jobs.submit(question())
    jobs.start()
    assert until_over(jobs, key) is Phase.FAILED
    message = jobs.state(key).faults[0].message
    messages.check(message)


def test_a_damaged_answer_is_reported_and_recomputed(jobs, messages):
    jobs.start()
    key = jobs.submit(question())
    assert until_over(jobs, key) is Phase.FINISHED
    cells = jobs.folder / "answers" / key / "1" / "cells.parquet"
    cells.write_bytes(b"spoilt")
    with messages.raised(ResultsError, KEY=key):
        jobs.result(key)
    assert jobs.state(key).phase is Phase.FAILED
    assert jobs.submit(question()) == key
    assert until_over(jobs, key) is Phase.FINISHED
    assert released(jobs, key) > 0.0


def test_the_place_of_the_server_can_be_used_in_questions(tmp_path):
    with Jobs(tmp_path, workers=1, places=(small_frome().model_copy(update={"name": "my_town"}),)) as desk:
        key = desk.submit(Question((load_scenario("baseline"), plan()), "my_town", 1))
        assert desk.question(key).specs(desk.place)[0].place.residents == 2000
        assert desk.place("frome").residents != 2000


def test_an_impossible_question_is_refused_on_submission(jobs, messages):
    baseline = load_scenario("baseline")
    with messages.raised(UnknownNameError):
        jobs.submit(Question((baseline, plan()), "atlantis"))
    with messages.raised(UnknownNameError):
        jobs.submit(Question((baseline, plan()), "hamlet", lens="rosy"))
    with messages.raised(ScenarioError):
        jobs.submit(question(99))
    with messages.raised(IncomparableRunsError):
        jobs.submit(Question((load_scenario("frome"), plan()), "hamlet"))
    (jobs.folder / "places" / "hamlet.yaml").write_text("name: hamlet\n", encoding="utf-8")
    with messages.raised(PlaceError):
        jobs.submit(question())
    with messages.raised(JobError):
        jobs.state("abc")
    assert jobs.states() == []


BEFORE = """
CREATE TABLE jobs ("key" VARCHAR NOT NULL, question TEXT NOT NULL, title TEXT NOT NULL, names TEXT NOT NULL,
    place VARCHAR NOT NULL, lens VARCHAR NOT NULL, pairs INTEGER NOT NULL, urgent BOOLEAN NOT NULL,
    model_version VARCHAR NOT NULL, phase VARCHAR NOT NULL, asked FLOAT NOT NULL, total INTEGER NOT NULL,
    done INTEGER NOT NULL, run_size FLOAT NOT NULL, made INTEGER NOT NULL, seconds FLOAT NOT NULL, worker VARCHAR,
    beat FLOAT NOT NULL, faults TEXT NOT NULL, PRIMARY KEY ("key"));
CREATE INDEX ix_jobs_names ON jobs (names);
CREATE INDEX ix_jobs_phase ON jobs (phase);
CREATE TABLE askers ("key" VARCHAR NOT NULL, owner VARCHAR NOT NULL, asked FLOAT NOT NULL, withdrawn BOOLEAN NOT NULL,
    PRIMARY KEY ("key", owner));
"""
"""The tables as the version before made them."""


def test_jobs_of_the_version_before_are_listed_and_one_that_waits_says_what_to_do(tmp_path, messages):
    asked = question().as_text()
    with closing(sqlite3.connect(tmp_path / "jobs.sqlite")) as before, before:
        before.executescript(BEFORE)
        for key, phase in (("a", "finished"), ("b", "queued")):
            row = (key, asked, "Plan", "baseline,plan", "hamlet", "evidence", 2, True, "0.0.1+0123abcd", phase, 1.0)
            before.execute(f"insert into jobs values ({'?, ' * 18}?)", (*row, 4, 0, 26000.0, 0, 0.0, None, 0.0, "[]"))
            before.execute("insert into askers values (?, 'anna', 1.0, false)", (key,))
    with open_jobs(tmp_path) as jobs:
        assert [state.key for state in jobs.states("anna") if state.mine] == ["a", "b"]
        assert jobs.state("a").phase is Phase.FINISHED
        assert jobs.state("a").model_version == "0.0.1+0123abcd"
        jobs.start()
        assert until_over(jobs, "b") is Phase.FAILED
        (fault,) = jobs.state("b").faults
        messages.check(fault.message)


def test_jobs_that_cannot_be_read_are_named_with_what_to_do(tmp_path, messages):
    (tmp_path / "jobs.sqlite").write_bytes(b"a letter, long enough to be taken for a database" * 30)
    with messages.raised(StoreError):
        open_jobs(tmp_path)

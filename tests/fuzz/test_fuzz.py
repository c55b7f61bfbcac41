"""A few random cases of every kind with every run of the tests; `python -m tests.fuzz` tries many."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.server.serving import secure
from simulator.errors import Problem, ScenarioError
from tests.fuzz.__main__ import LONGEST_SECONDS, main, timed
from tests.fuzz.files import KINDS, _unclear, case, tried
from tests.fuzz.requests import Requests
from tests.fuzz.strategies import files
from tests.helpers.finished_runs import application

pytestmark = pytest.mark.thorough

FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def requests(tmp_path_factory) -> Requests:
    app = application(tmp_path_factory.mktemp("fuzz") / "finished", ())
    secure(app)
    return Requests(app)


@pytest.mark.parametrize("kind", KINDS)
def test_any_file_is_accepted_or_refused_with_file_line_and_field(folder: Path, kind: str) -> None:
    @FEW
    @given(files(kind))
    def check(text: str) -> None:
        wrong, seconds = timed(lambda: tried(kind, text, folder))
        assert wrong is None
        assert seconds < LONGEST_SECONDS

    check()


def test_any_request_is_answered_or_refused(requests: Requests) -> None:
    @settings(FEW, max_examples=60)
    @given(st.integers(0, 2**32))
    def check(seed: int) -> None:
        wrong, _ = timed(lambda: requests.tried(requests.case(Random(seed))))
        assert wrong is None

    check()
    passed_on = requests.answers[200] + requests.answers[204]
    assert passed_on > 0.15 * sum(requests.answers.values())


def test_the_same_seed_gives_the_same_case() -> None:
    assert [case(kind, Random(7)) for kind in KINDS] == [case(kind, Random(7)) for kind in KINDS]
    assert len({case("place", Random(seed)) for seed in range(20)}) > 15


def test_a_defect_is_noticed(folder: Path, monkeypatch, capsys) -> None:
    def crash(path: Path) -> None:
        raise ZeroDivisionError

    def silent(path: Path) -> None:
        raise ScenarioError([Problem("plan.yaml", None, "title", "wrong", "right")])

    assert "has no line" in str(_unclear(ScenarioError([Problem("plan.yaml", None, "title", "wrong", "right")])))
    for read, said in ((crash, "ZeroDivisionError"), (silent, "has no line")):
        monkeypatch.setitem(KINDS, "scenario", KINDS["scenario"]._replace(read=read))
        monkeypatch.setattr("sys.argv", ["fuzz", "--cases", "3", "--kind", "scenario", "--defects", "1"])
        assert main() == 1
        assert said in capsys.readouterr().out

"""The model version follows the rules and values of the rooms that determine a run, and nothing else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import simulator
from simulator.results.run_record import hash_of_rooms, model_version

PACKAGE = Path(simulator.__file__).parent


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the simulator's package, which each test leaves as it was."""
    folder = tmp_path_factory.mktemp("package") / "simulator"
    return Path(shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__")))


@contextmanager
def changed(path: Path, change: Callable[[bytes], bytes] = lambda text: text + b"\n# a remark\n") -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(change(before))
    try:
        yield
    finally:
        path.write_bytes(before)


def test_the_version_is_the_packages_and_the_hash_of_the_rooms():
    assert re.fullmatch(r"\d[\w.]*\+[0-9a-f]{8}", model_version())
    assert model_version().endswith(hash_of_rooms(PACKAGE))


@pytest.mark.parametrize(
    "name",
    [
        "rules/illness.py",
        "kernels/care.py",
        "events/households.py",
        "agents/staff.py",
        "evidence/loneliness.yaml",
        "programme_files/talking_cafes.yaml",
        "places/frome.yaml",
        "model/place_model.py",
    ],
)
def test_a_rule_a_loop_or_a_value_changes_the_version(package, name):
    with changed(package / name):
        assert hash_of_rooms(package) != hash_of_rooms(PACKAGE)
    assert hash_of_rooms(package) == hash_of_rooms(PACKAGE)


@pytest.mark.parametrize(
    "name",
    [
        "api.py",
        "errors.py",
        "comparison/headline.py",
        "comparison/outcomes.py",
        "description/describe.py",
        "experiments/attribution.py",
        "running/ensemble.py",
        "store/store.py",
        "lenses/as-claimed/lens.yaml",
        "evidence/README.md",
    ],
)
def test_code_that_only_requests_or_reads_runs_does_not_change_the_version(package, name):
    with changed(package / name):
        assert hash_of_rooms(package) == hash_of_rooms(PACKAGE)


def test_line_ends_do_not_count(package):
    with changed(package / "rules" / "illness.py", lambda text: text.replace(b"\n", b"\r\n")):
        assert hash_of_rooms(package) == hash_of_rooms(PACKAGE)

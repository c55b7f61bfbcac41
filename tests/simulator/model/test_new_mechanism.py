"""The recipe of CONTRIBUTING.md for a new mechanism, applied to a copy of the repository."""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
EDITS = Path(__file__).with_name("new_mechanism.yaml")
COPIED = ("simulator", "calibration", "dashboard", "tests", "docs", "scenarios", "pyproject.toml", "CHANGELOG.md")
MOST_FILES = 14
PAGE = "docs/model.md"
PYTEST = ("-m", "pytest", "-p", "no:cacheprovider", "-n", "0")
WRITE_PAGE_AND_TEST = """
import sys
from pathlib import Path
import pytest
import simulator
Path("docs/model.md").write_text(simulator.describe("model"), encoding="utf-8")
print(simulator.__file__)
raise SystemExit(pytest.main(sys.argv[1:]))
"""
DESCRIBED = (
    "tests/simulator/description/test_description.py::test_the_page_names_every_phase_trait_measure_and_evidence_value",
    "tests/simulator/description/test_description.py::test_the_page_in_docs_is_current",
    "tests/simulator/evidence/test_evidence.py::test_every_parameter_of_the_model_has_evidence_and_nothing_else_has",
    "tests/simulator/evidence/test_evidence.py::test_files_satisfy_the_published_schema[illness.yaml]",
    "tests/simulator/rules/test_every_rule.py::test_a_rule_is_the_same_compiled_as_interpreted"
    "[simulator.rules.illness.protection_after_week]",
)
"""Tests of the tree that find the mechanism, once its page is written."""
OTHER_TRAITS = """
import hashlib
from simulator.population.columns import TRAITS
from tests.helpers.support import everything_spec, place_model, random_residents
model = place_model(everything_spec(weeks=8), random_residents(200, 11))
for _ in range(8):
    model.step()
columns = [model.columns[name].tobytes() for name in TRAITS if name != "protected_weeks"]
print(hashlib.sha256(b"".join(columns)).hexdigest())
"""


def copy_of_the_tree(folder: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def apply_the_recipe(folder: Path) -> None:
    """Make every edit; an anchor that is not there exactly once fails."""
    for edit in yaml.safe_load(EDITS.read_text(encoding="utf-8")):
        path = folder / edit["file"]
        if "before" not in edit:
            assert not path.exists(), f"{edit['file']} is there already"
            path.write_text(edit["insert"], encoding="utf-8")
            continue
        text, anchor = path.read_text(encoding="utf-8"), edit["before"]
        assert text.count(anchor) == 1, f"{edit['file']} has {anchor!r} {text.count(anchor)} times; edit {EDITS.name}"
        path.write_text(text.replace(anchor, edit["insert"] + anchor), encoding="utf-8")


def python(folder: Path, *arguments: str) -> str:
    """The output of Python on a copy of the repository, whose compiled loops are cached next to it."""
    cache = {} if folder == ROOT else {"OFFSET_CACHE": str(folder.parent / "cache")}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **cache, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def touched(folder: Path) -> list[str]:
    """Files of the copy that the tree has not, or has otherwise."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(
        str(path)
        for path in files
        if not (ROOT / path).is_file() or not filecmp.cmp(folder / path, ROOT / path, shallow=False)
    )


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with the mechanism; its model page is that of before."""
    folder = tmp_path_factory.mktemp("copy") / "tree"
    folder.mkdir()
    copy_of_the_tree(folder)
    assert touched(folder) == []
    apply_the_recipe(folder)
    return folder


def test_adding_a_mechanism_changes_at_most_fourteen_files_as_contributing_says(changed: Path) -> None:
    files = sorted({*touched(changed), PAGE})
    assert len(files) <= MOST_FILES, files
    recipe = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## A new mechanism")[1].split("\n## ")[0]
    assert f"{len(files)} files" in recipe
    named = re.findall(r"^\d+\. `([^`]+)`", recipe, re.MULTILINE)
    shapes = [re.sub(r"<\w+>", r"[a-z_]+", name) for name in named]
    assert len(shapes) == len(files)
    assert [name for name in files if not any(re.fullmatch(shape, name) for shape in shapes)] == []


@pytest.mark.slow
def test_the_mechanism_is_described_and_its_values_are_read_by_name(changed: Path) -> None:
    asked = (*PYTEST[2:], *DESCRIBED, "--doctest-modules", "simulator/rules/illness.py")
    said = python(changed, "-c", WRITE_PAGE_AND_TEST, *asked)
    assert said.startswith(str(changed))
    assert PAGE in touched(changed)
    assert "rules/illness.py" in said
    assert all(name.split("::")[0].removeprefix("tests/") in said for name in DESCRIBED)


@pytest.mark.slow
def test_the_mechanism_gives_the_same_results_for_agents_and_columns(changed: Path) -> None:
    """By its own test: state that changes, the same bits on both executions, the outcome computed."""
    assert "1 passed" in python(changed, *PYTEST, "tests/simulator/model/test_vaccination.py")


@pytest.mark.slow
def test_a_mechanism_with_its_own_random_stream_changes_nothing_else(changed: Path) -> None:
    assert python(changed, "-c", OTHER_TRAITS) == python(ROOT, "-c", OTHER_TRAITS)


@pytest.mark.slow
def test_the_parity_tests_cover_a_new_mechanism_without_edits(changed: Path) -> None:
    said = python(changed, *PYTEST, "-v", "tests/simulator/model/test_parity.py")
    for week in ("52", "55"):
        assert f"test_a_phase_is_the_same_for_agents_and_columns[be_vaccinated-{week}] PASSED" in said
    assert "test_a_phase_writes_its_own_columns_and_no_others[be_vaccinated] PASSED" in said


def test_an_edit_of_a_missing_place_in_a_file_fails(tmp_path: Path) -> None:
    copy_of_the_tree(tmp_path)
    (tmp_path / "simulator/foundations/random_numbers.py").write_text("", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"random_numbers\.py has 'WILLINGNESS: Final' 0 times"):
        apply_the_recipe(tmp_path)

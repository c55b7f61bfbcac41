"""Fast start: no unneeded imports, evidence parsed once, workers prepared in parallel."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest
from typer.testing import CliRunner

from dashboard.command_line import app
from simulator.evidence import Evidence, load_evidence, loading
from simulator.foundations import cache as caching
from simulator.foundations import input_files
from simulator.places.loading import SHIPPED_FOLDER
from simulator.results.run_record import ROOMS_OF_A_RUN
from tests.helpers.place_files import GOOD, write

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[3]


def in_a_process(code: str) -> str:
    """The last line printed by a separate script."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()[-1]


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """A folder for the cache between starts, with the shipped evidence not read yet."""
    monkeypatch.setenv("OFFSET_CACHE", str(tmp_path))
    read = loading._shipped.__wrapped__
    return tmp_path, read


@pytest.fixture
def parsing(monkeypatch):
    """Folders parsed: the evidence itself is parsed once for all tests, since that takes half a second."""
    shipped, folders = load_evidence(), []
    monkeypatch.setattr(loading, "_load", lambda folder, shown: folders.append(folder) or shipped)
    return folders


def test_evidence_is_parsed_once_and_then_the_same_to_the_last_bit(empty_cache, monkeypatch):
    folder, read = empty_cache
    parsed = read()
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setattr(loading, "_load", None)
    kept = read()
    assert kept == parsed
    assert [repr(value) for value in kept.values()] == [repr(value) for value in parsed.values()]
    assert list(kept) == list(parsed)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[:-100],
        lambda text: text.replace("0.", "1."),
        lambda text: json.dumps([json.loads(text)[0], []]),
        lambda text: '["00000000", {}]',
        lambda text: "[0, [{}]]",
    ],
)
def test_changed_text_is_parsed_again(parsing, empty_cache, spoil):
    folder, read = empty_cache
    parsed = read()
    (file,) = folder.iterdir()
    whole = file.read_text(encoding="utf-8")
    file.write_text(spoil(whole), encoding="utf-8")
    assert read() == parsed
    assert len(parsing) == 2
    assert file.read_text(encoding="utf-8") == whole
    assert read() == parsed
    assert len(parsing) == 2


def test_a_shipped_file_is_parsed_once_and_a_changed_copy_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("OFFSET_CACHE", str(tmp_path))
    parts = input_files._parts.__wrapped__
    text, name = (SHIPPED_FOLDER / "frome.yaml").read_text(encoding="utf-8"), "simulator/places/frome.yaml"
    parsed = parts(text, name)
    (file,) = tmp_path.iterdir()
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace("28000", "38000"), encoding="utf-8")
    assert parts(text, name) == parsed == input_files._parsed(text, name)
    assert file.read_text(encoding="utf-8") == whole
    monkeypatch.setattr(input_files, "_parsed", None)
    assert parts(text, name) == parsed
    assert list(parts(text, name)[1]) == list(parsed[1])


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path, monkeypatch, parsing):
    (tmp_path / "file").touch()
    monkeypatch.setenv("OFFSET_CACHE", str(tmp_path / "file"))
    caching.cache_text("name", "text")
    assert caching.cached_text("name") is None
    assert isinstance(loading._shipped.__wrapped__(), Evidence)
    assert len(parsing) == 1


def test_a_change_of_evidence_or_its_reader_changes_the_cache_name(tmp_path, monkeypatch):
    before = loading._sources_hash()
    copy = tmp_path / "evidence"
    copy.mkdir()
    for path in loading.SHIPPED_FOLDER.iterdir():
        if path.is_file():
            (copy / path.name).write_bytes(path.read_bytes())
    (tmp_path / "foundations").mkdir()
    for part in loading._READ_BY:
        for path in (ROOT / "simulator").glob(part):
            (tmp_path / path.relative_to(ROOT / "simulator")).write_bytes(path.read_bytes())
    monkeypatch.setattr(loading, "SHIPPED_FOLDER", copy)
    assert loading._sources_hash() == before
    for path in (copy / "care.yaml", tmp_path / "foundations" / "input_files.py"):
        path.write_bytes(path.read_bytes() + b"\n# a remark\n")
        assert loading._sources_hash() != before
        before = loading._sources_hash()


def test_workers_prepared_in_parallel_give_the_same_results(tmp_path):
    place = write(tmp_path, GOOD.replace("12000", "2000"))
    arguments = ["run", "baseline", "--place", str(place), "--years", "1", "--seeds", "2", "--json"]
    code = (
        "import multiprocessing, sys\nfrom dashboard.command_line import main\n"
        f"sys.argv = ['offset', *{[*arguments, '--workers', '2']!r}]\n"
        "try:\n    main()\nexcept SystemExit as leave:\n    assert not leave.code\n"
        "print(multiprocessing.get_start_method(allow_none=True))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    said, _, method = done.stdout.rstrip("\n").rpartition("\n")
    assert method == ("forkserver" if sys.platform == "linux" else "None")
    here = json.loads(CliRunner().invoke(app, [*arguments, "--workers", "1"]).stdout)
    assert json.loads(said)["levels"] == here["levels"]


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked from a server on Linux only")
def test_workers_are_those_of_the_running_package_and_not_of_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "simulator").mkdir()
    (tmp_path / "simulator" / "__init__.py").write_text("open('imported', 'w').close()")
    script = tmp_path / "elsewhere" / "script.py"
    script.parent.mkdir()
    script.write_text(
        "import os\nfrom simulator.running import processes\nif __name__ == '__main__':\n"
        "    before = dict(os.environ)\n    processes.import_ahead()\n    assert dict(os.environ) == before\n"
        "    with processes.context().Pool(1) as pool:\n"
        "        print(pool.apply(eval, ('__import__(\"simulator\").__file__',)))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60
    )
    assert Path(done.stdout.strip()) == ROOT / "simulator" / "__init__.py"
    assert not (tmp_path / "imported").exists()


@pytest.mark.skipif(not hasattr(numba.config, "CACHE_LOCATOR_CLASSES"), reason="this Numba finds code by path alone")
def test_a_copy_of_the_package_in_another_folder_compiles_nothing_anew(tmp_path):
    for folder in ("simulator", "scenarios"):
        left_out = shutil.ignore_patterns("__pycache__", "*.parquet")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=left_out)
    code = (
        "import sys\nsys.path.insert(0, sys.argv[1])\nfrom simulator.rules import chance\n"
        "from simulator.model.simulation import compile_ahead, is_compiled_ahead\n"
        "from simulator.kernels.passes import pass_ask\nfrom simulator.places import load_place\n"
        "from simulator.scenario.scenario import load_scenario\nfrom simulator.specification.spec import build_spec\n"
        "place = load_place('frome').model_copy(update={'residents': 2000})\n"
        "compile_ahead(build_spec(load_scenario('baseline'), place, weeks=1))\n"
        "print(chance.__file__, sum(pass_ask.stats.cache_hits.values()), sum(pass_ask.stats.cache_misses.values()))"
    )
    for folder in (ROOT, tmp_path):
        done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        source, *found = done.stdout.split()
        assert source == str(folder / "simulator" / "rules" / "chance.py")
    assert found == ["1", "0"]  # in the cache, and not compiled


@pytest.fixture(scope="module")
def afresh():
    """What a fresh process loads of the package for a run, and what it compiles."""
    code = (
        "import json, sys\n"
        "from simulator.model.simulation import compile_ahead, is_compiled_ahead, simulate\n"
        "from tests.helpers.small_runs import small_spec\n"
        "def compiled():\n"
        "    modules = [module for name, module in sys.modules.items() if name.startswith('simulator.')]\n"
        "    things = [(name, thing) for module in modules for name, thing in vars(module).items()]\n"
        "    return {(name, str(one)) for name, thing in things for one in getattr(thing, 'nopython_signatures', ())}\n"
        "compile_ahead(small_spec())\n"
        "assert is_compiled_ahead()\n"
        "ahead = compiled()\n"
        "assert len(ahead) > 20\n"
        "for scenario in ('relational_offset', 'covid_surge'):\n"
        "    simulate(small_spec(scenario, 15), 1, 0)\n"
        "rooms = sorted({name.split('.')[1] for name in sys.modules if name.startswith('simulator.')})\n"
        "print(json.dumps({'rooms': rooms, 'compiled later': sorted(name for name, _ in compiled() - ahead)}))"
    )
    return json.loads(in_a_process(code))


def test_what_is_compiled_ahead_is_all_that_a_run_needs(afresh):
    assert afresh["compiled later"] == []


def test_a_run_loads_nothing_of_the_package_from_rooms_that_do_not_determine_it(afresh):
    assert set(afresh["rooms"]) - {"errors"} == set(ROOMS_OF_A_RUN)

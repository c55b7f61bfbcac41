"""Rules of the rooms: permitted imports, packages by room, and evidence read by name."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import simulator
from simulator.evidence.parameters import TOPICS

ROOT = Path(__file__).parents[1]
SIMULATOR = ROOT / "simulator"
SOURCES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SIMULATOR.rglob("*.py"))}
PUBLIC = [
    "Attribution",
    "Comparison",
    "Evaluation",
    "Results",
    "Scenario",
    "SimulatorError",
    "attribute",
    "compare",
    "describe",
    "evaluate",
    "load",
    "load_place",
    "nation",
    "read_results",
    "run",
    "size",
    "value",
]
MESA_ROOMS = {"agents", "model", "residents"}


def room(path: Path) -> str:
    """First part of a module's name below `simulator`."""
    return path.relative_to(SIMULATOR).parts[0].removesuffix(".py")


@cache
def imported(tree: ast.AST) -> tuple[str, ...]:
    """Full names of imported modules, wherever in the file they are imported."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    named = [
        [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""] for node in nodes
    ]
    return tuple(name for names in named for name in names)


def rooms_naming(package: str) -> set[str]:
    return {
        room(path)
        for path, tree in SOURCES.items()
        if any(name == package or name.startswith(f"{package}.") for name in imported(tree))
    }


def test_import_contracts_hold(monkeypatch, capsys):
    from importlinter import cli  # two seconds, for this test alone

    monkeypatch.chdir(ROOT)
    status = cli.lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert status == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_contracts_name_every_room_that_exists():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [contract["layers"] for contract in contracts if contract.get("containers") == ["simulator"]]
    named = {name.strip() for layer in layers for name in layer.split("|")}
    assert named == {room(path) for path in SOURCES} - {"__init__"}


@pytest.mark.parametrize(
    ("package", "rooms"),
    [
        ("mesa", MESA_ROOMS),
        ("numba", {"foundations"}),
        ("plotly", set()),
        ("dash", set()),
        ("typer", set()),
        ("multiprocessing", {"running"}),
        ("distributed", {"running"}),
    ],
)
def test_a_package_is_imported_only_in_its_rooms(package, rooms):
    assert rooms_naming(package) <= rooms


def test_sqlite_is_used_in_one_place():
    files = [path for package in ("simulator", "calibration", "dashboard") for path in (ROOT / package).rglob("*.py")]
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    found = [path for path, text in texts.items() if "sqlite3" in text and "sqlite3" in imported(ast.parse(text))]
    assert found == [SIMULATOR / "store" / "database.py"]


def test_rules_know_only_mathematics_each_other_and_the_decorator():
    allowed = {
        "__future__",
        "collections.abc",
        "math",
        "typing",
        "simulator.foundations.categories",
        "simulator.foundations.compiling",
    }
    found = {
        name
        for path, tree in SOURCES.items()
        if room(path) == "rules"
        for name in imported(tree)
        if not name.startswith("simulator.rules")
    }
    assert found <= allowed


def test_the_public_list_is_explicit_and_complete():
    assert simulator.__all__ == PUBLIC
    assert all(getattr(simulator, name) is not None for name in PUBLIC)
    assert set(PUBLIC) <= set(dir(simulator))


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'simulator' has no attribute 'simulate_everything'"):
        simulator.simulate_everything  # noqa: B018


def test_no_rule_or_phase_takes_a_dictionary_of_parameters():
    dictionaries = [
        f"{path.name}:{argument.lineno} {argument.arg}"
        for path, tree in SOURCES.items()
        if room(path) in {"rules", "kernels", "events", *MESA_ROOMS}
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for argument in [*node.args.args, *node.args.kwonlyargs]
        if argument.annotation is not None and re.match(r"(dict|Mapping)\b", ast.unparse(argument.annotation))
    ]
    assert dictionaries == []


def test_no_fast_mathematics_and_no_global_statement():
    loose = [
        f"{path.name}:{node.lineno}"
        for path, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Global) or (isinstance(node, ast.keyword) and node.arg in {"fastmath", "parallel"})
    ]
    assert loose == []


def test_module_level_collections_are_constants():
    mutable = [
        f"{path.name}:{node.lineno} {ast.unparse(target)}"
        for path, tree in SOURCES.items()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.List | ast.Dict | ast.Set)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if not re.fullmatch(r"_?[A-Z][A-Z0-9_]*|__all__", ast.unparse(target))
    ]
    assert mutable == []


def test_every_evidence_value_is_read_by_its_name():
    read = {
        node.attr
        for path, tree in SOURCES.items()
        if room(path) != "evidence"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    }
    words = {word for tree in SOURCES.values() for word in strings(tree)}
    unread = [f"{topic}.{name}" for topic, kind in TOPICS.items() for name in kind._fields if name not in read | words]
    assert unread == []


def strings(tree: ast.AST) -> Iterator[str]:
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_every_rule_has_a_doctest_and_a_docstring():
    bare = [
        f"{path.name} {node.name}"
        for path, tree in SOURCES.items()
        if room(path) == "rules"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and ">>>" not in (ast.get_docstring(node) or "")
    ]
    assert bare == []


def test_every_module_has_a_docstring():
    silent = [path.name for path, tree in SOURCES.items() if not ast.get_docstring(tree)]
    assert silent == []

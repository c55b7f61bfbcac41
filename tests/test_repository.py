"""Rules for the whole repository: no stray addresses, dead links, overlong files or tests without checks."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from simulator.errors import FileError
from simulator.foundations.input_files import read_yaml

ROOT = Path(__file__).parents[1]
LONGEST = 450
_TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".cff", ".json", ".c", ".sh", ".css", ""}
# Split up, so that this file does not hold what it looks for.
_ADDRESSES = re.compile("py" r"pi\.org|pyt" r"honhosted|npm" r"js\.org|deb\.deb" r"ian|/(?:ro" r"ot|wo" r"rk|tm" r"p)/")
_PROMISES = re.compile("TO" r"DO|FIX" r"ME|XX" r"X\b|NotImplemented" r"Error|simplified for " r"now")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def tracked_files() -> list[Path]:
    """Files of the repository; every file but hidden and built ones where there is no git."""
    asked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode == 0:
        return [path for name in asked.stdout.splitlines() if (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not any(p.startswith(".") for p in path.parts)]


FILES = tracked_files()
PYTHON_FILES = [path for path in FILES if path.suffix == ".py"]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in FILES:
        if path.suffix in _TEXT:
            text = path.read_text(encoding="utf-8")
            found += [f"{path.name}: {line.strip()}" for line in text.splitlines() if pattern.search(line)]
    return found


def test_no_address_of_a_registry_and_no_path_of_a_machine():
    assert lines_with(_ADDRESSES) == []


def test_no_text_announces_future_work():
    assert lines_with(_PROMISES) == []


def test_no_python_file_is_too_long():
    long = {path.name: count for path in PYTHON_FILES if (count := len(path.read_text("utf-8").splitlines())) > LONGEST}
    assert long == {}


def test_text_files_are_utf_8_and_end_with_a_line_feed():
    ragged = [path.name for path in FILES if path.suffix in _TEXT and path.stat().st_size and not ends_well(path)]
    assert ragged == []


def ends_well(path: Path) -> bool:
    content = path.read_bytes()
    return content.endswith(b"\n") and b"\r" not in content


@pytest.mark.parametrize("page", [path for path in FILES if path.suffix == ".md"], ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page: Path):
    text = page.read_text(encoding="utf-8")
    local = [target for target in _LINK.findall(text) if "://" not in target and not target.startswith("mailto:")]
    dead = [target for target in local if not leads_somewhere(page, target)]
    assert dead == []


def leads_somewhere(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.exists():
        return False
    if not anchor:
        return True
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return anchor in {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_citation_is_complete_and_agrees_with_the_project():
    citation = read_yaml(ROOT / "CITATION.cff", FileError).data
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "abstract", "date-released"} <= set(citation)
    assert all("name" in author or {"family-names", "given-names"} <= set(author) for author in citation["authors"])
    assert (citation["version"], citation["license"]) == (project()["version"], project()["license"])


def test_the_changelog_has_a_heading_for_this_version_and_its_date():
    citation = read_yaml(ROOT / "CITATION.cff", FileError).data
    heading = f"## [{project()['version']}] - {citation['date-released']}"
    assert heading in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()


def test_every_dependency_has_one_exact_version_wherever_it_is_installed():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9.-]+==[\w.]+(; .+)?", pin)] == []
    pinned = {pin.split("==")[0] for pin in pins}
    extras = project()["optional-dependencies"]
    wanted = [*project()["dependencies"], *(need for needs in extras.values() for need in needs)]
    names = {re.split(r"[\[<>=~]", need)[0].replace(".", "-").replace("_", "-").lower() for need in wanted}
    assert names - pinned == {project()["name"]}


def test_the_install_with_hashes_has_the_same_versions_and_no_address():
    text = (ROOT / "requirements.hashed.txt").read_text(encoding="utf-8")
    constrained = set(re.findall(r"(?m)^([a-z0-9.-]+==[\w.]+)", (ROOT / "constraints.txt").read_text(encoding="utf-8")))
    blocks = re.split(r"\n(?=[a-z])", text.rstrip())
    pins = {block.split(" ")[0].removesuffix(";") for block in blocks}
    known = {pin.split("==")[0] for pin in constrained}
    assert {pin for pin in pins if pin.split("==")[0] in known} <= constrained  # others: Python that is not tested
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)
    assert not re.search(r"https?:|file:|--index|--find", text)
    wanted = [*project()["dependencies"], *project()["optional-dependencies"]["cluster"]]
    names = {re.split(r"[\[<>=~]", need)[0].replace(".", "-").replace("_", "-").lower() for need in wanted}
    assert names <= {pin.split("==")[0] for pin in pins}


def test_every_dependency_has_a_range():
    bare = [need for need in project()["dependencies"] if ">=" not in need]
    assert bare == []


def test_every_test_checks_something():
    idle = []
    for path in FILES:
        if path.suffix == ".py" and path.name.startswith("test_"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test") and not checks(node):
                    idle.append(f"{path.name}:{node.lineno} {node.name}")
    assert idle == []


def checks(function: ast.FunctionDef) -> bool:
    """Whether a test asserts, expects an error, calls a checking function, or uses the fixture for messages."""
    return any(argument.arg == "messages" for argument in function.args.args) or any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Attribute) and node.attr in {"raises", "warns", "raised", "warned"})
        or (isinstance(node, ast.Call) and re.match(r"assert|check|expect|refused", call_name(node)) is not None)
        for node in ast.walk(function)
    )


def call_name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


_VAGUE = re.compile(
    r"no clear (?:difference|effect)|\bnot clear\b|chance alone could explain|"
    r"\bclearly (?:better|worse|fewer|more|less|different|sav|pay|gain|los)|"
    r"distinguish (?:it|the mean difference) from zero",
    re.IGNORECASE,
)
_READ = ("README.md", "docs", "scenarios", "dashboard", "simulator", "calibration")


def test_differences_are_called_by_their_verdict():
    """Nothing that users see calls a difference clear: `simulator.comparison.verdict` says better, worse, too small."""
    shown = [
        path for path in FILES if path.relative_to(ROOT).parts[0] in _READ and path.suffix in _TEXT | {".html", ".js"}
    ]
    found = [
        f"{path.relative_to(ROOT)}: {said[0]}"
        for path in shown
        if not path.name.endswith(".min.js")
        for said in _VAGUE.finditer(" ".join(path.read_text("utf-8").split()))
    ]
    assert found == []

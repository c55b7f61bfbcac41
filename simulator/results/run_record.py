"""The run record: everything needed to identify and reproduce a run."""

from __future__ import annotations

import datetime
import hashlib
import platform
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from simulator.evidence import load_evidence
from simulator.specification.spec import Spec

PACKAGE: Final = "relational-offset"
LIBRARIES: Final = ("numpy", "numba", "mesa", "pandas")
ROOMS_OF_A_RUN: Final = (
    "foundations",
    "rules",
    "evidence",
    "places",
    "programme_files",
    "scenario",
    "lenses",
    "specification",
    "population",
    "results",
    "kernels",
    "events",
    "agents",
    "residents",
    "model",
)
"""Packages of `simulator` that determine what a run does, in order of import. Others only request runs or read their
results, so that editing them does not change the model version."""


@lru_cache(maxsize=1)
def model_version() -> str:
    """Version of the package and eight hexadecimal digits of everything that determines what a run does."""
    return f"{package_version()}+{hash_of_rooms(Path(__file__).parents[1])}"


def hash_of_rooms(folder: Path) -> str:
    """Eight hexadecimal digits of the code and values of `ROOMS_OF_A_RUN` in the folder of a `simulator`.

    Lens files are not part of the model: they name the model that they were fitted to.
    """
    digest = hashlib.sha256()
    for room in ROOMS_OF_A_RUN:
        for path in sorted((folder / room).rglob("*"), key=lambda file: file.relative_to(folder).as_posix()):
            if path.suffix == ".py" or (path.suffix == ".yaml" and room != "lenses"):
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:8]


@lru_cache(maxsize=1)
def library_versions() -> Mapping[str, str]:
    """Versions of Python and of the libraries that affect results; read once, as imported."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in LIBRARIES}}


@lru_cache(maxsize=1)
def package_version() -> str:
    """Version of the installed package; ``0`` if it runs from a folder without being installed."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return "0"


def run_record(spec: Spec, seeds: Sequence[int], parameters: str) -> dict[str, Any]:
    """The record of a run, ready for JSON. ``parameters`` is ``drawn`` (one draw per pair of seeds) or ``central``.

    ``evidence_hash`` is that of the evidence as run, ``base_evidence_hash`` that before the scenario's changes.
    """
    scenario, place = spec.scenario, spec.place
    return {
        "model_version": model_version(),
        "spec_hash": spec.hash,
        "scenario": scenario.name,
        "scenario_title": scenario.title,
        "scenario_hash": scenario.hash,
        "question": scenario.question.strip(),
        "changes": [
            {"path": path, "value": _plain(change.value), "reason": change.reason}
            for path, change in scenario.changes.items()
        ],
        "programmes": [
            {"name": plan.name, "title": plan.title, "grade": plan.grade, "hash": plan.hash}
            for plan in spec.programmes
            if plan.name in scenario.named_programmes
        ],
        "automates": [task.path for task in scenario.automate],
        "place": place.name,
        "place_title": place.title,
        "place_hash": place.hash,
        "composite": place.composite,
        "residents": place.residents,
        "evidence_hash": spec.evidence.hash,
        "base_evidence_hash": load_evidence().hash,
        "lens": spec.applied_lens.lens,
        "lens_title": spec.applied_lens.said,
        "lens_hash": spec.applied_lens.hash,
        "lens_faults": list(spec.applied_lens.faults),
        "lens_believed": spec.applied_lens.believed,
        "lens_fitted_to": spec.applied_lens.fitted_to,
        "price_year": int(spec.rates(None).prices.price_year),
        "parameters": parameters,
        "seeds": [int(seed) for seed in seeds],
        "starts": spec.starts.isoformat(),
        "weeks": spec.weeks,
        "versions": dict(library_versions()),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def _plain(value: Any) -> Any:
    """A number, or the numbers of a table's categories as a dictionary."""
    return value if isinstance(value, int | float) else dict(value)

"""A run record that somebody brings: is it of this model, can it be made again here, did it give the same numbers?"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from dashboard.runs.library import Library
from dashboard.text.lens_names import LensSettings, applied_lens_by_key, frome_shares
from dashboard.text.tables import Cells
from simulator.api import lenses, load
from simulator.errors import ResultsError, SimulatorError
from simulator.evidence import load_evidence
from simulator.experiments.lens_comparisons import CAUSAL_SHARES
from simulator.lenses import ELICITED, EVIDENCE
from simulator.places import Place, load_place
from simulator.results.folder import read_record
from simulator.results.run_record import library_versions, model_version
from simulator.specification.spec import Spec, build_spec

LARGEST: Final = 400_000
"""Bytes of a record; one of a thousand seeds has some 20,000."""
NEEDED: Final = ("model_version", "spec_hash", "scenario", "scenario_hash", "place", "place_hash", "starts", "weeks")
_NOT_HERE: Final = "not here"


class VerificationResult(NamedTuple):
    """What came of it: a finding, and each part beside what is here."""

    finding: str
    same: bool
    cells: Cells


def read_uploaded(content: bytes) -> dict[str, Any]:
    """A run record from the bytes of a file. Raises ResultsError if it is none."""
    right = "Choose the record.json of a folder of results, or one that was downloaded"
    if len(content) > LARGEST:
        raise ResultsError(f"This file is larger than {LARGEST // 1000} kB and no run record. {right}.")
    try:
        record = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise ResultsError(f"This file is no JSON: {error}. {right}.") from error
    missing = [name for name in NEEDED if not isinstance(record, dict) or name not in record]
    if missing:
        raise ResultsError(f"This file is no run record: it has no {', '.join(missing)}. {right}.")
    return dict(record)


def verify(record: Mapping[str, Any], library: Library, places: tuple[Place, ...] = ()) -> VerificationResult:
    """Each part of a run record beside what this program has; ``places`` are known besides the shipped ones."""
    rows = list(_parts(record, places))
    differing = [name for name, told, here in rows if here not in (told, _NOT_HERE)]
    absent = [name for name, _, here in rows if here == _NOT_HERE]
    spec = _spec(record, places)
    if differing:
        finding = f"It cannot be made again here as it was: what differs is {', '.join(differing)}"
    elif absent:
        finding = f"Nothing differs, but {' and '.join(absent)} cannot be checked: no file of that name is here"
    elif spec is None or spec.hash != record["spec_hash"]:
        finding = "Its parts are those that are here, but not its specification: lens or calendar were set otherwise"
        differing = ["specification"]
    else:
        finding = f"It is a run of this model: the same specification, {spec.hash}, can be run here. "
        finding += _kept(record, library)
    body = [[name, told, here, _verdict(told, here)] for name, told, here in rows]
    body += [[f"library {name}", told, here, _verdict(told, here)] for name, told, here in _libraries(record)]
    heads = ["Part", "In the record", "Here", ""]
    same = not differing and not absent
    return VerificationResult(finding, same, Cells("The record beside what is here", heads, body, 1))


def _parts(record: Mapping[str, Any], places: tuple[Place, ...]) -> Iterator[tuple[str, str, str]]:
    yield "model", str(record["model_version"]), model_version()
    told = record.get("base_evidence_hash")
    if told is not None:
        yield "evidence", str(told), load_evidence().hash
    yield "scenario", str(record["scenario_hash"]), _scenario_hash(str(record["scenario"]))
    yield "place", str(record["place_hash"]), _place_hash(str(record["place"]), places)
    if "lens_hash" in record:
        yield "lens", str(record["lens_hash"]), _lens_hash(record, places)


def _scenario_hash(name: str) -> str:
    try:
        return load(name).hash
    except SimulatorError:
        return _NOT_HERE


def _place(name: str, places: tuple[Place, ...]) -> Place | None:
    for place in places:
        if place.name == name:
            return place
    try:
        return load_place(name)
    except SimulatorError:
        return None


def _place_hash(name: str, places: tuple[Place, ...]) -> str:
    found = _place(name, places)
    return _NOT_HERE if found is None else found.hash


def _lens_hash(record: Mapping[str, Any], places: tuple[Place, ...]) -> str:
    """The hash of the reading that the record names, at whichever dials give it; else at its usual ones."""
    lens = str(record.get("lens", EVIDENCE))
    if lens not in lenses():
        return _NOT_HERE
    spec = _spec(record, places)
    return applied_lens_by_key(lens).hash if spec is None else spec.applied_lens.hash


def _spec(record: Mapping[str, Any], places: tuple[Place, ...]) -> Spec | None:
    """The record's specification made again, at the dials that give its hash if any do; None if a part is not here."""
    place, lens = _place(str(record["place"]), places), str(record.get("lens", EVIDENCE))
    try:
        scenario = load(str(record["scenario"]))
        starts, weeks = datetime.date.fromisoformat(str(record["starts"])), int(record["weeks"])
        if place is None or lens not in lenses():
            return None
        plain = build_spec(scenario, place, weeks=weeks, starts=starts)
    except (SimulatorError, ValueError):
        return None
    specs = [plain if key == EVIDENCE else plain.read_through(applied_lens_by_key(key)) for key in _keys(lens)]
    return next((spec for spec in specs if spec.hash == record["spec_hash"]), specs[0])


def _keys(lens: str) -> list[str]:
    shares = [share for share in frome_shares(lens) if share != ELICITED]
    dials = [None, *shares, *([ELICITED] if shares else [])]
    return [LensSettings(lens, frome, causal).key for causal in reversed(CAUSAL_SHARES) for frome in dials]


def _kept(record: Mapping[str, Any], library: Library) -> str:
    """Whether runs of the same specification are kept here, and whether they gave the same tables."""
    rows = library.rows()
    mine = rows[(rows["place"] == record["place"]) & (rows["scenario_hash"] == record["scenario_hash"])]
    for _, row in mine.iterrows():
        calendar = f"{row['starts']}-{row['weeks']}"
        folder = library.find(str(row["scenario"]), str(row["place"]), str(row["lens"]), calendar)
        kept = {} if folder is None else read_record(folder)
        if kept.get("spec_hash") == record["spec_hash"] and kept.get("seeds") == record.get("seeds"):
            if kept.get("files") == record.get("files"):
                return "The same runs are kept here, and their tables are the same to the byte."
            return "The same runs are kept here, but their tables differ: compare the versions of libraries below."
    return "Runs of it with the same seeds are not kept here; the command in the table above makes them."


def _libraries(record: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    told = record.get("versions") or {}
    return [(name, str(told.get(name, "not said")), version) for name, version in library_versions().items()]


def _verdict(told: str, here: str) -> str:
    return "same" if told == here else "cannot be checked" if here == _NOT_HERE else "differs"

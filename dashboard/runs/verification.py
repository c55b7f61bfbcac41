"""Verification of an uploaded run record: model version, reproducibility here, and equality of results."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, NamedTuple

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from dashboard.runs.library import Library
from dashboard.runs.question import shipped_scenario
from dashboard.text.lens_names import LensSettings, applied_lens_by_key, frome_shares
from dashboard.text.tables import Cells
from simulator.api import lenses
from simulator.districts import load_place, place_names
from simulator.errors import ResultsError, SimulatorError, UnknownNameError
from simulator.evidence import load_evidence
from simulator.experiments.lens_comparisons import CAUSAL_SHARES
from simulator.lenses import ELICITED, EVIDENCE
from simulator.places import Place
from simulator.results.folder import read_record
from simulator.results.run_record import library_versions, model_version
from simulator.scenario.parts import LONGEST_CALENDAR
from simulator.specification.spec import Spec, build_spec


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("a character that cannot be shown")
    return text


LARGEST: Final = 400_000
"""Maximum size of a record in bytes; one of a thousand seeds has about 20,000."""
_Text = Annotated[str, AfterValidator(_printable), Field(max_length=200)]


class Recorded(BaseModel):
    """What is read of a run record, with types; there may be more."""

    model_version: _Text
    spec_hash: _Text
    scenario: _Text
    scenario_hash: _Text
    place: _Text
    place_hash: _Text
    starts: datetime.date
    weeks: Annotated[int, Field(ge=1, le=LONGEST_CALENDAR.length, strict=True)]
    base_evidence_hash: _Text = ""
    lens: _Text = EVIDENCE
    lens_hash: _Text = ""
    versions: Annotated[dict[_Text, _Text], Field(max_length=100)] | None = None


_NOT_HERE: Final = "not here"


class VerificationResult(NamedTuple):
    """A finding, and a table of each part in the record and here."""

    finding: str
    same: bool
    cells: Cells


def read_uploaded(content: bytes) -> dict[str, Any]:
    """A run record from the bytes of a file. Raises ResultsError if it is not valid."""
    right = "Choose the record.json of a folder of results, or a downloaded one"
    if len(content) > LARGEST:
        raise ResultsError(f"This file is larger than {LARGEST // 1000} kB, so it is not a run record. {right}.")
    try:
        record = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ResultsError(f"This file is not valid JSON: {error}. {right}.") from error
    if not isinstance(record, dict):
        raise ResultsError(f"This file is not a run record: it has no fields. {right}.")
    try:
        Recorded.model_validate(record)
    except ValidationError as error:
        found = {str(fault["loc"][0]): fault["type"] for fault in error.errors(include_url=False)}
        missing = [name for name, kind in found.items() if kind == "missing"]
        wrong = f"it lacks {', '.join(missing)}" if missing else f"{', '.join(found)} cannot be read"
        raise ResultsError(f"This file is not a run record: {wrong}. {right}.") from error
    return record


def verify(record: Mapping[str, Any], library: Library, places: tuple[Place, ...] = ()) -> VerificationResult:
    """Each part of a run record compared with this program; ``places`` are known in addition to the shipped ones."""
    rows = list(_parts(record, places))
    differing = [name for name, recorded, here in rows if here not in (recorded, _NOT_HERE)]
    absent = [name for name, _, here in rows if here == _NOT_HERE]
    spec = _spec(record, places)
    if differing:
        finding = f"It cannot be reproduced here, since these parts differ: {', '.join(differing)}"
    elif absent:
        finding = f"Nothing differs, but {' and '.join(absent)} cannot be checked: there is no file of that name here"
    elif spec is None or spec.hash != record["spec_hash"]:
        finding = "All parts are the same, but the specification differs: the lens or the calendar had other settings"
        differing = ["specification"]
    else:
        finding = f"It is a run of this model version: the same specification, {spec.hash}, can be run here. "
        finding += _kept(record, library)
    body = [[name, recorded, here, _verdict(recorded, here)] for name, recorded, here in rows]
    body += [[f"library {name}", there, here, _verdict(there, here)] for name, there, here in _libraries(record)]
    heads = ["Part", "In the record", "Here", ""]
    same = not differing and not absent
    return VerificationResult(finding, same, Cells("The record compared with this program", heads, body, 1))


def _parts(record: Mapping[str, Any], places: tuple[Place, ...]) -> Iterator[tuple[str, str, str]]:
    yield "model", str(record["model_version"]), model_version()
    recorded = record.get("base_evidence_hash")
    if recorded is not None:
        yield "evidence", str(recorded), load_evidence().hash
    yield "scenario", str(record["scenario_hash"]), _scenario_hash(str(record["scenario"]))
    yield "place", str(record["place_hash"]), _place_hash(str(record["place"]), places)
    if "lens_hash" in record:
        yield "lens", str(record["lens_hash"]), _lens_hash(record, places)


def _scenario_hash(name: str) -> str:
    try:
        return shipped_scenario(name).hash
    except UnknownNameError:
        return _NOT_HERE


def _place(name: str, places: tuple[Place, ...]) -> Place | None:
    for place in places:
        if place.name == name:
            return place
    return load_place(name) if name in place_names() else None


def _place_hash(name: str, places: tuple[Place, ...]) -> str:
    found = _place(name, places)
    return _NOT_HERE if found is None else found.hash


def _lens_hash(record: Mapping[str, Any], places: tuple[Place, ...]) -> str:
    """The hash of the record's lens, with whichever settings give it; otherwise with its usual settings."""
    lens = str(record.get("lens", EVIDENCE))
    if lens not in lenses():
        return _NOT_HERE
    spec = _spec(record, places)
    return applied_lens_by_key(lens).hash if spec is None else spec.applied_lens.hash


def _spec(record: Mapping[str, Any], places: tuple[Place, ...]) -> Spec | None:
    """The record's specification, with the lens settings that give its hash if any do; None if a part is missing."""
    place, lens = _place(str(record["place"]), places), str(record.get("lens", EVIDENCE))
    try:
        scenario = shipped_scenario(str(record["scenario"]))
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
    """Whether runs of the same specification are stored here, and whether their tables are the same."""
    rows = library.rows()
    mine = rows[(rows["place"] == record["place"]) & (rows["scenario_hash"] == record["scenario_hash"])]
    for _, row in mine.iterrows():
        calendar = f"{row['starts']}-{row['weeks']}"
        folder = library.find(str(row["scenario"]), str(row["place"]), str(row["lens"]), calendar)
        kept = {} if folder is None else read_record(folder)
        if kept.get("spec_hash") == record["spec_hash"] and kept.get("seeds") == record.get("seeds"):
            if kept.get("files") == record.get("files"):
                return "The same runs are stored here, and their tables are identical."
            return "The same runs are stored here, but their tables differ: compare the versions of libraries below."
    return "Runs with the same seeds are not stored here; the command in the table above produces them."


def _libraries(record: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    recorded = record.get("versions") or {}
    return [(name, str(recorded.get(name, "not recorded")), version) for name, version in library_versions().items()]


def _verdict(recorded: str, here: str) -> str:
    return "same" if recorded == here else "cannot be checked" if here == _NOT_HERE else "differs"

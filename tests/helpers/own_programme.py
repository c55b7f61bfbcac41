"""A user's own programme file, and residents who take part in nothing yet."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from simulator.model.place_model import PlaceModel
from simulator.population.columns import AWAY_GROUP, Residents
from simulator.rules.programmes import NOT_ENROLLED
from simulator.specification.spec import Spec
from tests.helpers.support import place_model, random_residents, small_spec

AS_WRITTEN: dict[str, Any] = {
    "unit_cost": 1000,
    "lag": 1,
    "caseload": 500,
    "offer_rate": 0.9,
    "engagement": 1.0,
    "duration": 500,
}
SIZE = 300


def own_spec(folder: Path, weeks: int = 26, **fields: Any) -> Spec:
    """A spec whose only open programme is the user's own, with these fields added or replaced."""
    words = {
        "name": "own",
        "title": "Own",
        "description": "Test",
        "source": "Made up for a test",
        "grade": "assumption",
    }
    given = {**words, **AS_WRITTEN, "for": "[{}]", **fields}
    path = folder / "own.yaml"
    path.write_text("".join(f"{key}: {value}\n" for key, value in given.items() if value is not None), encoding="utf-8")
    funding = [{"programme": "own", "kind": "new_money", "payer": "nhs", "units": 1}]
    return small_spec(weeks=weeks, residents=SIZE, programmes=[str(path)], funding=funding)


@lru_cache(maxsize=1)
def crowd() -> Residents:
    residents = random_residents(SIZE, 6)
    residents.programme_status = NOT_ENROLLED
    residents.enrolled = residents.care_plan = residents.volunteer = 0
    residents.away &= 255 - AWAY_GROUP
    return residents


def lived(spec: Spec, weeks: int = 26, **options: Any) -> PlaceModel:
    model = place_model(spec, crowd(), **options)
    while model.elapsed < weeks:
        model.step()
    return model

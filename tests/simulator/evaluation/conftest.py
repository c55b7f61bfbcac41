"""Studies here are of a hub for people with admissions, in whom the means of a before-after study regress most."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.programme_files import as_delivered, loading

HUB = "complex_care_hub"
AFTER_ADMISSIONS = [
    {"age": {"from": 16}, "admissions": {"at_least": 2, "months": 12}},
    {"age": {"from": 16}, "admissions": {"at_least": 1, "months": 12}, "conditions": {"at_least": 2}},
]


@pytest.fixture(scope="module", autouse=True)
def _hub_for_people_with_admissions() -> Iterator[None]:
    shipped = loading._shipped
    hub = as_delivered(shipped(HUB), {"for": AFTER_ADMISSIONS})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "_shipped", lambda name: hub if name == HUB else shipped(name))
        yield

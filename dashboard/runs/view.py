"""The view that a link restores: scenarios, base, place, lens, basis and smallest differences that matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlencode

from dashboard.text.lens_names import KEY, shown_lenses
from simulator.comparison.outcomes import BASES, Basis
from simulator.comparison.smallest_differences import DEFAULTS, Matters, matters_parts, read_matters
from simulator.errors import UnknownNameError
from simulator.results.run_record import model_version

MOST_SCENARIOS: Final = 4
"""Maximum number of scenarios shown side by side."""
FIRST_SCENARIO: Final = "relational_offset"
STUDIED_PROGRAMME: Final = "complex_care_hub"
"""Programme of the simulated studies in the worked example."""
BASELINE: Final = "baseline"
FIRST_PLACE: Final = "frome"
NAME: Final = re.compile(r"[A-Za-z0-9_]{1,80}(-[0-9a-f]{8})?")
"""A shipped name, or the name of a user's own scenario with eight digits of its hash."""
_VERSION: Final = re.compile(r"[0-9A-Za-z.+]{1,40}")
_OPTION: Final = re.compile(r"[A-Za-z0-9_.,:+ -]{1,80}")
_FIELDS: Final = ("scenarios", "base", "place", "lens", "per", "model", "matters")


@dataclass(frozen=True)
class View:
    """One view of the results. ``options`` are choices of a single page, such as its outcome."""

    scenarios: tuple[str, ...] = (FIRST_SCENARIO,)
    base: str = BASELINE
    place: str = FIRST_PLACE
    lens: str = field(default_factory=lambda: shown_lenses()[0])  # with its settings (`dashboard.text.lens_names`)
    per: Basis = "year"
    model: str | None = None  # model version of a pinned link
    matters: Matters = field(default_factory=lambda: DEFAULTS)  # smallest differences that the user set
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def scenario(self) -> str:
        """The scenario of a page that shows only one."""
        return self.scenarios[0]

    @property
    def pinned(self) -> bool:
        """Whether the link is pinned to another model version, whose results it shows."""
        return self.model is not None and self.model != model_version()

    def changed(self, **fields: Any) -> View:
        """The view with some fields changed."""
        return replace(self, **fields)

    def query(self) -> str:
        """The view as the query of a link.

        >>> View(("frome", "volunteers_only"), lens="evidence", per="1,000", options={"outcome": "bed_days"}).query()
        '?scenarios=frome,volunteers_only&base=baseline&place=frome&lens=evidence&per=1,000&outcome=bed_days'
        >>> View(lens="evidence", matters={"admissions": 2.0}).query().partition("per=")[2]
        'year&matters=admissions%3D2'
        """
        parts = {"scenarios": ",".join(self.scenarios), "base": self.base, "place": self.place, "lens": self.lens}
        matters = matters_parts(self.matters)
        parts |= {"per": self.per} | ({"matters": ",".join(matters)} if matters else {})
        parts |= ({"model": self.model} if self.model else {}) | dict(sorted(self.options.items()))
        return f"?{urlencode(parts, safe=',')}"

    @classmethod
    def of_query(cls, query: str | None, place: str = FIRST_PLACE) -> Self:
        """The view of a link's query. Missing or invalid parts take default values, so that no link fails.

        ``place`` is the default place.

        >>> View.of_query("?scenarios=frome,../etc&per=decade").scenarios
        ('frome',)
        """
        found = dict(parse_qsl((query or "").lstrip("?")))
        usual = cls(place=place)
        names = tuple(dict.fromkeys(name for name in found.get("scenarios", "").split(",") if NAME.fullmatch(name)))
        basis = next((basis for basis in BASES if basis == found.get("per")), usual.per)
        version = found.get("model", "").replace(" ", "+")
        return cls(
            scenarios=names[:MOST_SCENARIOS] or usual.scenarios,
            base=_name(found, "base", usual.base),
            place=_name(found, "place", usual.place),
            lens=_lens(found, usual.lens),
            per=basis,
            model=version if _VERSION.fullmatch(version) else None,
            matters=_matters(found.get("matters", "")),
            options={
                key: value
                for key, value in found.items()
                if key not in _FIELDS and key.isidentifier() and _OPTION.fullmatch(value)
            },
        )


def _name(found: Mapping[str, str], key: str, usual: str) -> str:
    given = found.get(key, "")
    return given if NAME.fullmatch(given) else usual


def _matters(given: str) -> Matters:
    try:
        return read_matters(part for part in given.split(",") if part)
    except (ValueError, UnknownNameError):
        return DEFAULTS


def _lens(found: Mapping[str, str], usual: str) -> str:
    given = found.get("lens", "")
    return given if KEY.fullmatch(given) else usual

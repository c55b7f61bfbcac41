"""Lens keys, as used in links, folders and jobs: the name of a lens with its settings.

``as-claimed`` is the lens with its usual settings, ``as-claimed_frome_0.5`` attributes half of Frome's gap to its
programme, ``evidence_causal_0`` is the evidence as written with no observational association treated as causal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from dashboard.text.labels import label
from simulator.api import lenses
from simulator.errors import UnknownNameError
from simulator.experiments.lens_comparisons import default_lenses
from simulator.lenses import ELICITED, EVIDENCE, AppliedLens, apply_lens, load_lens

KEY: Final = re.compile(
    r"(?P<lens>[a-z][a-z0-9-]{0,40})(?:_frome_(?P<frome>elicited|[01](?:\.\d{1,4})?))?"
    r"(?:_causal_(?P<causal>[01](?:\.\d{1,4})?))?"
)
_ALL: Final = "1"
_SHARES: Final = {"none": "0", "half": "0.5", "all": _ALL}
_CONDITIONS: Final = {
    "trial-evidence": "if trials are right",
    "as-claimed": "if Frome's claim is right",
    EVIDENCE: "on the evidence as written",
}
_FROME: Final = re.compile(r"(\S+) of Frome's gap taken as caused by its programme")
_ELICITED: Final = "spread evenly from none to all"
_CAUSAL: Final = re.compile(r"(\S+) of each observed association taken as causal")


class LensSettings(NamedTuple):
    """A lens by name, the share of Frome's gap (None: the usual one), and the causal share of associations."""

    lens: str
    frome: str | None = None
    causal: float = 1.0

    @property
    def key(self) -> str:
        """The lens and its settings in one name.

        >>> LensSettings("as-claimed", "0.5", 0.0).key, LensSettings("evidence").key
        ('as-claimed_frome_0.5_causal_0', 'evidence')
        """
        frome = "" if self.frome is None else f"_frome_{self.frome}"
        return f"{self.lens}{frome}{'' if self.causal == 1.0 else f'_causal_{self.causal:g}'}"

    @property
    def options(self) -> list[str]:
        """The command-line options for this lens.

        >>> LensSettings("as-claimed", "0.5", 0.0).options
        ['--lens', 'as-claimed', '--frome', '0.5', '--causal', '0']
        """
        frome = [] if self.frome is None else ["--frome", self.frome]
        return ["--lens", self.lens, *frome, *([] if self.causal == 1.0 else ["--causal", f"{self.causal:g}"])]


def settings_of_key(key: str) -> LensSettings:
    """The lens and settings of a key. Raises UnknownNameError if it is not a valid key.

    >>> settings_of_key("as-claimed_frome_0.5_causal_0")
    LensSettings(lens='as-claimed', frome='0.5', causal=0.0)
    """
    found = KEY.fullmatch(key)
    if found is None:
        raise UnknownNameError("lens", key, lenses())
    return LensSettings(found["lens"], found["frome"], float(found["causal"] or 1.0))


def lens_settings_in(record: Mapping[str, Any]) -> LensSettings:
    """The lens and settings of a run record, parsed from its lens title (`simulator.lenses.AppliedLens`).

    >>> title = "As claimed, half of Frome's gap taken as caused by its programme"
    >>> lens_settings_in({"lens": "as-claimed", "lens_title": title})
    LensSettings(lens='as-claimed', frome='0.5', causal=1.0)
    """
    said = str(record.get("lens_title", ""))
    frome, causal = _FROME.search(said), _CAUSAL.search(said)
    share = ELICITED if _ELICITED in said else frome and _SHARES.get(frome[1], frome[1])
    return LensSettings(
        lens_name(record),
        None if share in (None, _ALL) else str(share),
        float(_SHARES.get(causal[1], causal[1])) if causal else 1.0,
    )


def lens_name(record: Mapping[str, Any]) -> str:
    """The name of the lens of a run record, without its settings."""
    return str(record.get("lens", EVIDENCE))


def lens_title(record: Mapping[str, Any]) -> str:
    """A short title of the lens of a run record, with the settings that differ from the usual ones."""
    return key_title(lens_settings_in(record).key)


def lens_class(title: str) -> str:
    """The class by which style sheets give a lens its colour.

    >>> lens_class("As claimed, 0.5 of Frome's gap")
    'as-claimed'
    """
    return title.partition(",")[0].lower().replace(" ", "-")


def applied_lens_by_key(key: str) -> AppliedLens:
    """A shipped lens by its key, with its settings applied; folders are not accepted.

    Raises UnknownNameError for a lens that is not shipped, and for a share of Frome's gap that it was not fitted to.
    """
    lens, frome, causal = settings_of_key(key)
    if lens not in lenses():
        raise UnknownNameError("lens", lens, lenses())
    share: float | str | None = frome if frome in (None, ELICITED) else float(str(frome))
    return apply_lens(lens, share, causal)


def shown_lenses() -> tuple[str, ...]:
    """The lenses that every page shows side by side: both fitted ones if shipped, otherwise the evidence."""
    return default_lenses()


def lens_titles() -> dict[str, str]:
    """Titles of all lenses, by name."""
    return {name: _title(name) for name in lenses()}


def key_title(key: str) -> str:
    """A short title of a key.

    >>> key_title("evidence_causal_0.5")
    'Evidence as written, 0.5 causal'
    """
    lens, frome, causal = settings_of_key(key)
    said = [_title(lens)]
    if frome is not None:
        said.append("any share of Frome's gap" if frome == ELICITED else f"{frome} of Frome's gap")
    return ", ".join([*said, *([] if causal == 1.0 else [f"{causal:g} causal"])])


def condition(key: str) -> str:
    """What must be true for the findings of a lens to hold, within a sentence.

    >>> condition("trial-evidence"), condition("as-claimed_frome_0.5")
    ('if trials are right', "if Frome's claim is right (0.5 of Frome's gap)")
    """
    title, _, settings = key_title(key).partition(", ")
    said = _CONDITIONS.get(settings_of_key(key).lens, f"through the lens {title}")
    return f"{said} ({settings})" if settings else said


def frome_shares(lens: str) -> dict[str, str]:
    """Shares of Frome's gap that a lens offers, the usual one first, with their labels; empty if it offers none."""
    if lens == EVIDENCE or lens not in lenses():
        return {}
    shares = sorted(load_lens(lens).file.frome, reverse=True)
    words = {f"{share:g}": "All of it" if share == 1.0 else f"{100 * share:.0f} % of it" for share in shares}
    return {**words, ELICITED: "any share, all equally likely"} if words else {}


def _title(lens: str) -> str:
    said = label(lens)
    return said if said != lens or lens not in lenses() else load_lens(lens).file.title

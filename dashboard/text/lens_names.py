"""Lenses as links, folders and jobs name them: a lens, and how its dials are turned.

``as-claimed`` is the lens as it is usually read, ``as-claimed_frome_0.5`` half of Frome's gap taken as caused,
``evidence_causal_0`` the evidence as written with none of what was only observed taken as causal.
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
_FROME: Final = re.compile(r"(\S+) of Frome's gap taken as caused by its programme")
_ELICITED: Final = "spread evenly from none to all"
_CAUSAL: Final = re.compile(r"(\S+) of each observed association taken as causal")


class LensSettings(NamedTuple):
    """A lens by name, the share of Frome's gap as said (None: as usual), and the causal share of what was observed."""

    lens: str
    frome: str | None = None
    causal: float = 1.0

    @property
    def key(self) -> str:
        """The lens and its dials in one name.

        >>> LensSettings("as-claimed", "0.5", 0.0).key, LensSettings("evidence").key
        ('as-claimed_frome_0.5_causal_0', 'evidence')
        """
        frome = "" if self.frome is None else f"_frome_{self.frome}"
        return f"{self.lens}{frome}{'' if self.causal == 1.0 else f'_causal_{self.causal:g}'}"

    @property
    def options(self) -> list[str]:
        """The options of a command that say the same.

        >>> LensSettings("as-claimed", "0.5", 0.0).options
        ['--lens', 'as-claimed', '--frome', '0.5', '--causal', '0']
        """
        frome = [] if self.frome is None else ["--frome", self.frome]
        return ["--lens", self.lens, *frome, *([] if self.causal == 1.0 else ["--causal", f"{self.causal:g}"])]


def settings_of_key(key: str) -> LensSettings:
    """What a key says. Raises UnknownNameError for what is no key.

    >>> settings_of_key("as-claimed_frome_0.5_causal_0")
    LensSettings(lens='as-claimed', frome='0.5', causal=0.0)
    """
    found = KEY.fullmatch(key)
    if found is None:
        raise UnknownNameError("lens", key, lenses())
    return LensSettings(found["lens"], found["frome"], float(found["causal"] or 1.0))


def lens_settings_in(record: Mapping[str, Any]) -> LensSettings:
    """The lens and dials of a run record, read from what its reading says of itself (`simulator.lenses.Reading.said`).

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
    """The lens of a run record by name, its dials aside."""
    return str(record.get("lens", EVIDENCE))


def lens_title(record: Mapping[str, Any]) -> str:
    """The lens of a run record in a few words, with the dials that are not as usual."""
    return key_title(lens_settings_in(record).key)


def applied_lens_by_key(key: str) -> AppliedLens:
    """The reading of a shipped lens by its key, with its dials turned; no folder is opened for it.

    Raises UnknownNameError for a lens that is not shipped, and for a share of Frome's gap that it was not fitted to.
    """
    lens, frome, causal = settings_of_key(key)
    if lens not in lenses():
        raise UnknownNameError("lens", lens, lenses())
    share: float | str | None = frome if frome in (None, ELICITED) else float(str(frome))
    return apply_lens(lens, share, causal)


def shown_lenses() -> tuple[str, ...]:
    """The lenses that every page shows side by side: the two fitted ones once both are shipped, else the evidence."""
    return default_lenses()


def lens_titles() -> dict[str, str]:
    """Every lens by name, with the words a reader sees."""
    return {name: _title(name) for name in lenses()}


def key_title(key: str) -> str:
    """A key in a few words.

    >>> key_title("evidence_causal_0.5")
    'Evidence as written, 0.5 causal'
    """
    lens, frome, causal = settings_of_key(key)
    said = [_title(lens)]
    if frome is not None:
        said.append("any share of Frome's gap" if frome == ELICITED else f"{frome} of Frome's gap")
    return ", ".join([*said, *([] if causal == 1.0 else [f"{causal:g} causal"])])


def frome_shares(lens: str) -> dict[str, str]:
    """Shares of Frome's gap that a lens can be turned to, the usual first, with their words; empty without a dial."""
    if lens == EVIDENCE or lens not in lenses():
        return {}
    shares = sorted(load_lens(lens).file.frome, reverse=True)
    words = {f"{share:g}": "All of it" if share == 1.0 else f"{100 * share:.0f} % of it" for share in shares}
    return {**words, ELICITED: "any share, as likely"} if words else {}


def _title(lens: str) -> str:
    said = label(lens)
    return said if said != lens or lens not in lenses() else load_lens(lens).file.title

"""Tables that take long to make, kept for whoever asks again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

import pandas as pd

MOST: Final = 256
"""Tables kept of one comparison; a server lives long, and each reader may judge by other smallest differences."""

Remembered = dict[Hashable, pd.DataFrame]


def remembered(kept: Remembered, key: Hashable, make: Callable[[], pd.DataFrame], most: int = MOST) -> pd.DataFrame:
    """A copy of the table of this key, made if it is not among the ``most`` last ones made. Threads may share ``kept``.

    >>> kept: Remembered = {}
    >>> for key in "abca":
    ...     table = remembered(kept, key, lambda: pd.DataFrame({"x": [1]}), most=2)
    >>> list(kept)
    ['c', 'a']
    >>> table["x"] = 2
    >>> int(remembered(kept, "a", pd.DataFrame)["x"].iloc[0])
    1
    """
    found = kept.get(key)
    if found is None:
        found = kept[key] = make()
        for oldest in list(kept)[:-most]:
            kept.pop(oldest, None)
    return found.copy()

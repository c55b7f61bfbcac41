"""The census at a quarter's end: trusted adults, friends across the income median, trust. Whole numbers by cell.

Counted once a quarter and not weekly, since ties change slowly; read by `simulator.wider` and by the outcomes of the
same names. It looks at columns alone, so both executions share it, and no order of residents can matter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.columns import Residents, records_of
from simulator.kernels.census import census

Counts = NDArray[np.int64]


def take_census(residents: Residents, trusted_strength: float, counts: Counts) -> None:
    """Add the census to ``counts``, shape (cells, measures). ``trusted_strength`` is a tie strength in [0, 1].

    A trusted adult is the other end of a tie to a professional, to a volunteer or in a group, of at least that
    strength, who is grown up and neither of the household nor kin. Friends count where both ends live in the place,
    since nobody else's income is known.
    """
    census(records_of(residents), np.float32(trusted_strength), counts)

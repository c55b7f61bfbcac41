"""The order in which worker processes are given files of tests."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadFileScheduling


class FromBothEnds(LoadFileScheduling):
    """Files in their order for every other worker, and from the end for the rest, so that a worker mostly has the
    tests of a room, which share fixtures and imports.
    """

    def _assign_work_unit(self, node: Any) -> None:
        if self.nodes.index(node) % 2:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)

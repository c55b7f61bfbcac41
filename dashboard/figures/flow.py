"""A flow of money as plain numbers and words: stages from left to right, all on one scale of pounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

_WIDTHS: Final = (0.28, 0.27, 0.45)
"""Shares of the width of three stages; the last has most to say, and where there are fewer it is kept."""


class Block(NamedTuple):
    """A part of a stage, as high as its pounds."""

    label: str
    pounds: float  # a year
    amount: str  # the pounds, rounded
    more: str  # hours, workers and people; may be empty
    colour: str

    @property
    def words(self) -> str:
        """The amount, and what it is."""
        return f"{self.amount}, {self.more}" if self.more else self.amount


class Stage(NamedTuple):
    """A column of blocks."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Flow:
    """Stages, each of which follows from the one before."""

    stages: tuple[Stage, ...]

    def widths(self, room: float) -> list[float]:
        """The width of each stage, which together fill ``room``."""
        shares = _WIDTHS[-len(self.stages) :]
        return [room * share / sum(shares) for share in shares]

    def scale(self, room: float, gap: float, least: float) -> float:
        """The largest scale, in length for each pound, at which every stage fits into ``room``.

        Blocks are ``gap`` apart, and each takes at least the height ``least`` of the words beside it.
        """
        return min((_scale(stage, room, gap, least) for stage in self.stages if stage.blocks), default=0.0)

    def spoken(self) -> str:
        """Every number as text."""
        return "; then ".join(
            f"{stage.heading}: {'; '.join(f'{block.label}, {block.words}' for block in stage.blocks)}"
            for stage in self.stages
        )


def _scale(stage: Stage, room: float, gap: float, least: float) -> float:
    pounds = sorted(block.pounds for block in stage.blocks)
    for small in range(len(pounds)):  # so many blocks are lower than their words
        left = room - gap * (len(pounds) - 1) - small * least
        scale = left / sum(pounds[small:])
        if pounds[small] * scale >= least:
            return scale
    return least / pounds[-1]

"""The most expensive phases of the simulator, meet and feel, compared with the same loop written by hand in C."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.native import load_library
from simulator.foundations.categories import ADULT_BAND, AGE_BANDS, MEETING_BLOCK, NO_TIE, SLOW_STEP
from simulator.foundations.compiling import compiled
from simulator.kernels.health import feel
from simulator.kernels.meet import meet
from simulator.kernels.passes import BLOCK
from simulator.model.place_model import PlaceModel
from simulator.population.columns import RESIDENT, Residents

_SOURCE: Final = Path(__file__).with_name("hot_phases.c")
_FEEL_WORDS: Final = 5
"""Row of the week's random numbers that phase feel reads."""
_OF_MOOD: Final = ("mood_keep_in_step", "mood_change_in_step", "unmet_keep_in_step", "outlook_keep_in_step")
_OF_SCORE: Final = ("support_effect", "outlook_effect", "illness_effect", "giver_effect", "threshold", "margin")
_C_TYPES: Final = {
    "uint8": "uint8_t",
    "uint16": "uint16_t",
    "uint32": "uint32_t",
    "int32": "int32_t",
    "float32": "float",
    "float64": "double",
}


class Constants(ctypes.Structure):
    """`struct constants` of hot_phases.c."""

    _fields_ = (
        ("keep_in_step", ctypes.c_double * 128),
        ("gain_in_step", ctypes.c_double * 128),
        ("support_weight", ctypes.c_double * 8),
        ("need", ctypes.c_double * len(AGE_BANDS)),
        ("trust_support", ctypes.c_double),
        ("trust_keep_in_step", ctypes.c_double),
        ("forgotten", ctypes.c_double),
        ("half", ctypes.c_double),
        *((name, ctypes.c_double) for name in (*_OF_MOOD, *_OF_SCORE, "centre", "spread")),
        ("no_tie", ctypes.c_uint8),
        ("adult_band", ctypes.c_uint8),
    )


@compiled
def meet_and_feel(r, w, x, now):  # type: ignore[no-untyped-def]
    """Both phases over all residents, block by block as the simulator runs them."""
    x, now = x[0], now[0]
    for start in range(0, r.shape[0], BLOCK):
        rows = np.arange(start, min(r.shape[0], start + BLOCK), dtype=np.uint32)
        meet(r, w, x, now, rows)
        feel(r, w, x, now, rows)


def resident_struct() -> str:
    """The record of a resident as a C struct; natural alignment gives both the same layout."""
    lines = []
    for name in RESIDENT.names or ():
        base, shape = RESIDENT[name].base, RESIDENT[name].shape
        size = "".join(f"[{length}]" for length in shape)
        lines.append(f"    {_C_TYPES[base.name]} {name}{size};")
    used = max(field[1] + field[0].itemsize for field in (RESIDENT.fields or {}).values())
    lines.append(f"    uint8_t unused[{RESIDENT.itemsize - used}];")
    layout = "\n".join(lines)
    check = f'_Static_assert(sizeof(struct resident) == {RESIDENT.itemsize}, "layout");'
    return f"#include <stdint.h>\nstruct resident {{\n{layout}\n}};\n{check}\n"


def constants_of(model: PlaceModel) -> Constants:
    """The rates and tables that the two phases read."""
    tables, rates = model.tables, model.rates
    lonely = rates.loneliness
    constants = Constants()
    for name in ("keep_in_step", "gain_in_step", "support_weight"):
        getattr(constants, name)[:] = getattr(tables, name).tolist()
    constants.need[:] = lonely.need.tolist()
    constants.trust_support, constants.trust_keep_in_step = rates.contacts.trust_support, tables.trust_keep_in_step
    constants.forgotten, constants.half = rates.ties.forgotten_strength, rates.ties.support_half
    for names, source in ((_OF_MOOD, tables), (_OF_SCORE, lonely)):
        for name in names:
            setattr(constants, name, getattr(source, name))
    constants.centre, constants.spread = model.now.score_centre, model.now.score_spread
    constants.no_tie, constants.adult_band = NO_TIE, ADULT_BAND
    return constants


def run_compiled(model: PlaceModel, residents: Residents, random_words: np.ndarray[Any, np.dtype[np.uint32]]) -> float:
    """Run meet and feel once for each row of ``random_words`` (weeks, N) in compiled columns; processor seconds.

    The model is in a week with which a step of four weeks ends.
    """
    seconds = 0.0
    for week_words in random_words:
        model.workspace.random_words[_FEEL_WORDS] = week_words
        started = time.process_time()
        meet_and_feel(residents, model.workspace, model.packed, model.packed_now)
        seconds += time.process_time() - started
    return seconds


def run_native(model: PlaceModel, residents: Residents, random_words: np.ndarray[Any, np.dtype[np.uint32]]) -> float:
    """The same in C; processor seconds. Raises FileNotFoundError without a C compiler."""
    source = resident_struct() + _SOURCE.read_text(encoding="utf-8")
    library = load_library(source, "-fno-tree-vectorize")  # this loop is more than twice as slow when GCC vectorises it
    constants = constants_of(model)
    first = ctypes.c_uint8(model.now.week % MEETING_BLOCK + 1 - SLOW_STEP)
    pointer, size = residents.ctypes.data_as(ctypes.c_void_p), ctypes.c_uint32(len(residents))
    seconds = 0.0
    for week_words in random_words:
        week = np.ctypeslib.as_ctypes(week_words)
        started = time.process_time()
        library.meet_and_feel(pointer, size, week, first, ctypes.byref(constants))
        seconds += time.process_time() - started
    return seconds

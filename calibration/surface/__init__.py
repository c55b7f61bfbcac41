"""Response surface: what any plan of a small design space does, estimated from stored runs without running it.

    points   the plans that were run: `calibration.surface.points.Point`, and whether emulators were fitted to them
    pairs    outcomes of every pair of runs, baseline and scenario, a year
    scales   scales of the emulators, by place, lens, outcome and seed (-1: of the mean of all pairs)
    freed    what automation is expected to free (`calibration.surface.points.Freed`)
    check    by place, lens and outcome: how far estimates miss plans that no emulator was fitted to

``offset surface`` makes the tables again (`calibration.surface.making`).
"""

from calibration.surface.points import Point
from calibration.surface.reading import FOLDER, Surface, load_surface

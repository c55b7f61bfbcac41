"""Try many cases: ``python -m tests.fuzz --cases 100000 --seed 0``; exit code 1 if one is a defect."""

from __future__ import annotations

import argparse
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.fuzz.files import KINDS, case, tried
from tests.fuzz.requests import Requests

LONGEST_SECONDS = 2.0
REQUESTS = "request"
SHARE_OF_REQUESTS = 0.25


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000, help="number of cases (2000)")
    parser.add_argument("--seed", type=int, default=0, help="of the first case; each case has a seed of its own (0)")
    parser.add_argument("--kind", choices=[*KINDS, REQUESTS], action="append", help="only cases of this kind")
    parser.add_argument("--defects", type=int, default=20, help="stop after so many defects (20)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found, made, slowest = _try(given, Path(folder))
    print("; ".join(f"{count} {kind}" for kind, count in sorted(made.items())))  # noqa: T201
    print(f"{sum(made.values())} cases, {found} defects; the slowest took {slowest[0]:.2f} s: {slowest[1]}")  # noqa: T201
    return int(found > 0)


def _try(given: argparse.Namespace, folder: Path) -> tuple[int, Counter[str], tuple[float, str]]:
    kinds = given.kind or [*KINDS, REQUESTS]
    made: Counter[str] = Counter()
    slowest, found = (0.0, ""), 0
    requests = _requests(folder) if REQUESTS in kinds else None
    weights = [KINDS[kind].weight if kind in KINDS else 50 for kind in kinds]
    for seed in range(given.seed, given.seed + given.cases):
        random = Random(seed)
        kind = random.choices(kinds, weights)[0]
        made[kind] += 1
        if kind == REQUESTS and requests is not None:
            request = requests.case(random)
            wrong, seconds = timed(lambda one=request: requests.tried(one))
            shown = repr(request)
        else:
            text = case(kind, random)
            wrong, seconds = timed(lambda one=(kind, text): tried(*one, folder))
            shown = text
        slowest = max(slowest, (seconds, f"{kind}, seed {seed}"))
        if wrong is not None:
            found += 1
            print(f"{kind}, seed {seed}: {wrong}\n{shown[:600]}\n")  # noqa: T201
            if found >= given.defects:
                break
    if requests is not None:
        print("answers:", dict(sorted(requests.answers.items())))  # noqa: T201
    return found, made, slowest


def timed(act: Callable[[], str | None]) -> tuple[str | None, float]:
    """What is wrong, if anything, and the seconds of processor time that the case took."""
    began = time.process_time()
    try:
        wrong = act()
    except Exception:  # noqa: BLE001 - whatever it is, it is a defect
        wrong = traceback.format_exc(limit=-4)
    seconds = time.process_time() - began
    if wrong is None and seconds > LONGEST_SECONDS:
        wrong = f"it took {seconds:.1f} s of processor time"
    return wrong, seconds


def _requests(folder: Path) -> Requests:
    from dashboard.application.app import create_app
    from dashboard.application.parts.settings import Settings
    from dashboard.server.serving import secure

    app = create_app(Settings(folder / "finished", prepare=False))
    secure(app)
    return Requests(app)


if __name__ == "__main__":
    raise SystemExit(main())

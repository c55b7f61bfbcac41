"""A question put to the dashboard's jobs, in a process that may be killed: ``python -m tests.kills.job``."""

from __future__ import annotations

import time
from pathlib import Path

from dashboard.runs import Jobs, Question
from simulator import load
from simulator.places import load_place
from tests.kills.commands import OUT, STORE


def main() -> None:
    """Ask, or ask again after a kill, and write the answer as soon as it is there."""
    place = load_place("town.yaml")
    with Jobs(Path(STORE), workers=2, places=(place,)) as jobs:
        jobs.start()
        key = jobs.submit(Question((load("baseline"), load("cautious")), place.name, 4, years=1))
        while not jobs.state(key).over:
            time.sleep(0.05)
        table = jobs.result(key).comparison().summary()
    new = Path("new.csv")
    table.to_csv(new, index=False)
    Path(OUT).mkdir(exist_ok=True)
    new.replace(Path(OUT) / "summary.csv")


if __name__ == "__main__":
    main()

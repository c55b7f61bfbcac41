"""The command ``offset runs``: the contents of a store, and a check of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.command_line.options import Json
from dashboard.command_line.output import say, show_json, table_text, warn

if TYPE_CHECKING:
    import pandas as pd

DAMAGED = 1


def runs(
    store: Annotated[str, typer.Argument(help="Folder of the store, as in --store.")],
    check: Annotated[
        bool, typer.Option("--check", help="Read every file, set damaged ones aside, remove remains of killed runs.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the runs in a store."""
    from simulator.results.run_record import model_version
    from simulator.store import open_store

    opened = open_store(store, warn, new=False)
    found = opened.check() if check else None
    table = opened.runs()
    if as_json:
        show_json({"runs": table, **({} if found is None else {"check": found._asdict()})})
    else:
        say(_listed(table, store))
        others = table[table["model_version"] != model_version()]
        if len(others):
            say(f"\n{len(others)} of them come from another model version and are not used by model {model_version()}.")
        if found is not None:
            lost = f"{len(found.set_aside)} damaged and set aside, {len(found.swept)} incomplete and removed"
            say(f"\nRuns in the store: {found.whole} complete, {lost}.")
    if found is not None and found.set_aside:
        raise typer.Exit(DAMAGED)


def _listed(table: pd.DataFrame, store: str) -> str:
    """A row per scenario, place, length and model version, with its seeds."""
    from simulator.comparison.comparability import seeds_in_words

    by = ["scenario", "place", "residents", "weeks", "spec_hash", "model_version"]
    rows = []
    for key, group in table.groupby(by, sort=False):
        scenario, place, residents, weeks, spec_hash, version = (str(part) for part in key)
        seeds = seeds_in_words(sorted({int(seed) for seed in group["seed"]}))
        megabytes = f"{group['bytes'].sum() / 1e6:,.1f}"
        rows.append(
            [scenario, place, f"{int(residents):,}", weeks, spec_hash, version, str(len(group)), seeds, megabytes]
        )
    heads = ["Scenario", "Place", "Residents", "Weeks", "Hash", "Model", "Runs", "Seeds", "MB"]
    return table_text(f"{len(table)} runs in {store}", heads, rows, (0, 1, 4, 5, 7))

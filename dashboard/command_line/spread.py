"""The command ``offset spread``: when each place of a county starts a practice, and the effects."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dashboard.command_line.lens import Causal, Frome, OneLens, one_applied_lens, show_lens_used
from dashboard.command_line.options import Json, Quiet, Seeds, Workers, Years, seeds_of
from dashboard.command_line.output import note, plain, say, show_json, table_text
from dashboard.command_line.saving import keep, refuse_unwritable
from dashboard.command_line.work import leave_if_runs_failed, progress_bar

if TYPE_CHECKING:
    import pandas as pd

    from simulator.counties.spread_runs import CountySpread
    from simulator.results.results import Results

Scenarios = Annotated[list[str], typer.Argument(help="Scenarios with 'spread:', such as candles and rollout.")]
_DIFFERENCE: Final = ("Difference", "80 % range")


def spread(
    scenarios: Scenarios,
    county: Annotated[str | None, typer.Option(help="A shipped county or a county file; or the scenario's.")] = None,
    baseline: Annotated[str, typer.Option(help="Scenario to compare each with.")] = "baseline",
    seeds: Seeds = "10",
    years: Years = None,
    scale: Annotated[float, typer.Option(min=0.001, max=100.0, help="Residents, as a multiple of the county's.")] = 1.0,
    workers: Workers = None,
    lens: OneLens = None,
    frome: Frome = None,
    causal: Causal = None,
    plan_only: Annotated[bool, typer.Option("--plan-only", help="Only print when each place starts.")] = False,
    incomplete: Annotated[bool, typer.Option("--incomplete", help="Compare even if some runs failed.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for tidy tables and run records.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Spread a practice over a county, print when each place starts, and compare all places with a baseline."""
    from simulator.api import load
    from simulator.counties import scaled
    from simulator.counties.spread_runs import comparable_spreads, county_of, groups_of, overtaking_by_fidelity
    from simulator.foundations.categories import WEEKS_PER_YEAR

    applied_lens = one_applied_lens(lens, frome, causal)
    chosen = [load(name) for name in scenarios]
    places = scaled(county_of(chosen, county), scale)
    spreads = comparable_spreads(chosen, places, None if years is None else years * WEEKS_PER_YEAR)
    tables: dict[str, Any] = {
        "adoption": _stacked([one.adoption() for one in spreads]),
        "reach": _stacked([one.reach() for one in spreads]),
    }
    overtaking = overtaking_by_fidelity(spreads)
    if overtaking is not None:
        tables["overtaking"] = overtaking
    groups = [
        group._replace(specs=tuple(spec.read_through(applied_lens) for spec in group.specs))
        for group in groups_of(places, load(baseline), spreads)
    ]
    if not as_json:
        _show_plan(spreads, tables)
    if plan_only:
        if as_json:
            show_json(tables)
        return
    refuse_unwritable(out)
    from simulator.counties.spread_runs import compare_modes, effects, sums, write_county
    from simulator.running.ensemble import run_groups

    with progress_bar(quiet) as progress:
        runs = run_groups(groups, seeds_of(seeds), workers=workers, progress=progress)
    in_all = sums(places, runs)
    tables["effects"] = effects(runs, in_all, incomplete=incomplete)
    found = compare_modes(spreads, in_all, incomplete=incomplete)
    if found is not None:
        tables["winners"] = found
    if out is not None:
        out = keep(lambda folder: write_county(folder, places, runs, tables), out)
    if as_json:
        show_json({**tables, "record": in_all[0].record})
    else:
        _show_effects(tables, in_all)
        show_lens_used(in_all[0].record)
        note(f"Written to {out}." if out else None, quiet=quiet)
    leave_if_runs_failed(in_all)


def _stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(tables, ignore_index=True)


def _show_plan(spreads: Sequence[CountySpread], tables: dict[str, Any]) -> None:
    """Print when each place starts, and the reach of the practice by quarter."""
    for one in spreads:
        table = one.adoption()
        shares = table[["fidelity_at_start", "mean_fidelity"]].to_numpy(float).tolist()
        rows = [
            [place, _whole(week), _whole(hand_overs), *(_percent(share) for share in fidelities)]
            for place, week, hand_overs, fidelities in zip(
                table["place"].tolist(), table["week"].tolist(), table["hand_overs"].tolist(), shares, strict=True
            )
        ]
        heads = ["Place", "First week", "Hand-overs", "Fidelity at start", "Mean fidelity"]
        say(f"{table_text(f'{one.scenario.title}: start in each place', heads, rows)}\n")
    reach = tables["reach"]
    names = [one.scenario.name for one in spreads]
    rows = []
    for quarter, table in reach.groupby("quarter"):
        found = table.set_index("scenario")
        cells = [
            text
            for name in names
            for text in (
                str(found["places"][name]),
                _percent(found["reach"][name]),
                _percent(found["faithful_reach"][name]),
                f"{found['faithful_years'][name]:.2f}",
            )
        ]
        rows.append([str(quarter), *cells])
    heads = ["Quarter"]
    for one in spreads:
        heads += [f"{one.scenario.title}: places", "residents", "weighted by fidelity", "full-fidelity years each"]
    say(f"{table_text('Reach at the end of each quarter', heads, rows)}\n")
    if "overtaking" in tables:
        _show_overtaking(tables["overtaking"])


def _show_overtaking(table: pd.DataFrame) -> None:
    wide = table.pivot(index="kept_by_manual", columns="learners_at_once", values="year")
    rows = [
        [_percent(float(str(kept))), *(f"year {_whole(year)}" if _whole(year) else "not yet" for year in row)]
        for kept, row in zip(wide.index, wide.to_numpy().tolist(), strict=True)
    ]
    heads = ["Fidelity kept by a manual", *(f"{teams} learning at once" for teams in wide.columns)]
    say(f"{table_text('When candles permanently overtake the roll-out, by full-fidelity years', heads, rows)}\n")


def _show_effects(tables: dict[str, Any], in_all: Sequence[Results]) -> None:
    """Print differences from the baseline by year and by place, and whether candles or roll-out are ahead."""
    from dashboard.text.labels import measured

    record = in_all[0].record
    titles = {arm.record["scenario"]: arm.record["scenario_title"] for arm in in_all}
    shown = tables["effects"]
    county = shown[shown["place"] == record["place"]]
    rows = [
        [
            titles[row["scenario"]],
            str(row["year"]),
            row["label"],
            plain(measured(row["baseline_value"], math.nan, row["unit"])),
            *_difference(row, row["unit"]),
            f"{row['fewer_in']} of {row['runs']}",
            row["unit"],
        ]
        for _, row in county.iterrows()
    ]
    title = f"Differences from {record['scenario_title']} in {record['place_title']}, by year"
    heads = ["Scenario", "Year", "Outcome", "Baseline", *_DIFFERENCE, "Fewer in", "Unit"]
    say(f"{table_text(title, heads, rows, (0, 2))}\n")
    places = shown[(shown["place"] != record["place"]) & (shown["measure"] == "emergency_admissions")]
    sums = places.groupby(["scenario", "place"], sort=False)["difference"].sum().unstack("scenario")
    cells = [
        [str(place), *(f"{number:+,.1f}" if round(number, 1) else "0" for number in numbers)]
        for place, numbers in zip(sums.index, sums.to_numpy(float).tolist(), strict=True)
    ]
    title = "Emergency admissions over all years, by place, on average over the runs"
    say(f"{table_text(title, ['Place', *(titles[name] for name in sums.columns)], cells)}\n")
    if "winners" in tables:
        units = dict(zip(shown["measure"], shown["unit"].str.removesuffix(" a year"), strict=True))
        _show_winners(tables["winners"], units)


def _show_winners(table: pd.DataFrame, units: Mapping[str, str]) -> None:
    names = {"candles": "candles", "rollout": "roll-out", "equal": "equal"}
    rows = [
        [
            str(row["year"]),
            row["label"],
            *_difference(row, units[row["measure"]]),
            names[row["ahead"]],
            f"{row['candles_ahead_in']} of {row['runs']}",
            units[row["measure"]],
        ]
        for _, row in table.iterrows()
    ]
    heads = ["Year", "Outcome", *_DIFFERENCE, "Ahead on average", "Candles ahead in", "Unit"]
    say(table_text("Candles less roll-out, from the start to the end of each year", heads, rows, (1,)))


def _difference(row: pd.Series[Any], unit: str) -> list[str]:
    """A difference rounded to its Monte Carlo error, and its range, which is empty for one run."""
    from dashboard.text.labels import signed

    error = row["monte_carlo_error"]
    difference, low, high = (plain(signed(row[name], error, unit)) for name in ("difference", "low", "high"))
    return [difference, f"{low} to {high}" if row["runs"] > 1 else ""]


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %"


def _whole(number: Any) -> str:
    """A whole number as text; empty where it is missing."""
    import pandas as pd

    return "" if pd.isna(number) else str(int(number))

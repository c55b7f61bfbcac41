"""Place files written from a table, with their source."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from dashboard.command_line import app
from simulator.errors import PlaceError, UnknownNameError
from simulator.places import load_place, place_from_table
from simulator.places.writing import Provenance, import_places
from tests.simulator.places.test_places_table import GOOD, rows_of, table

# Four of England's local authorities: ONS small-area population estimates, mid-2020, by fifth of the English Indices of
# Deprivation 2019 (MHCLG). Crown copyright, Open Government Licence v3.0.
AREAS = Path(__file__).parent / "four_areas.csv"
ONS = "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates"


def test_a_file_makes_the_place_that_the_table_makes(tmp_path: Path) -> None:
    done = import_places(AREAS, tmp_path / "places")
    assert [file.name for file in done.written] == [
        "city_of_london.yaml",
        "isles_of_scilly.yaml",
        "mendip.yaml",
        "rutland.yaml",
    ]
    for area in ("City of London", "Isles of Scilly", "Mendip"):
        read = load_place(tmp_path / "places" / f"{area.lower().replace(' ', '_')}.yaml")
        made = place_from_table(AREAS, area)
        assert read.model_copy(update={"sources": ()}) == made.model_copy(update={"sources": ()})


def test_the_source_is_written_into_the_file(tmp_path: Path, messages) -> None:
    import_places(AREAS, tmp_path, ["Mendip"], Provenance("ONS mid-2020 by IMD 2019", ONS))
    sources = {source.margin: source for source in load_place(tmp_path / "mendip.yaml").sources}
    assert sources["age_by_deprivation"].source == "ONS mid-2020 by IMD 2019"
    assert sources["age_by_deprivation"].reference == ONS
    assert sources["age_by_deprivation"].grade == "A"
    import_places(AREAS, tmp_path, ["Rutland"])
    unsaid = {source.margin: source for source in load_place(tmp_path / "rutland.yaml").sources}["age_by_deprivation"]
    assert unsaid.grade == "assumption"
    messages.check(unsaid.note)


def test_an_area_too_small_for_a_place_is_left_out_by_name(tmp_path: Path, messages) -> None:
    done = import_places(table(tmp_path, [*GOOD, "Hamlet,1,0-4,30", "Hamlet,1,25-44,60"]), tmp_path / "places")
    assert [file.stem for file in done.written] == ["ashby", "bristol_city_of"]
    (error,) = done.left_out
    messages.check(error)


def test_merged_fifths_are_noted_in_the_file(tmp_path: Path, messages) -> None:
    rows = [*rows_of("Ashby", 3, (1, 2)), "Ashby,5,45-64,20"]
    import_places(table(tmp_path, rows), tmp_path / "places")
    sources = {source.margin: source for source in load_place(tmp_path / "places" / "ashby.yaml").sources}
    messages.check(sources["age_by_deprivation"].note)


def test_impossible_tables_are_refused_and_nothing_is_written(tmp_path: Path, messages) -> None:
    out = tmp_path / "places"
    with messages.raised(UnknownNameError):
        import_places(AREAS, out, ["Mendipp"])
    with messages.raised(PlaceError):
        import_places(AREAS, out, (), Provenance(reference=ONS))
    with messages.raised(PlaceError):
        import_places(AREAS, out, (), Provenance("Our own count of 2026", ONS, "Z"))
    with messages.raised(PlaceError):
        import_places(AREAS, out, (), Provenance("Our own count of 2026", None, "B"))
    with messages.raised(PlaceError):
        import_places(table(tmp_path, ["Ashby,1,0-4,many"]), out)
    comparable = table(tmp_path, [*rows_of("Ashby", 1, (1, 2)), *rows_of("ashby!", 1, (1, 2))])
    with messages.raised(PlaceError):
        import_places(comparable, out)
    assert not out.exists()
    import_places(AREAS, out, ["Rutland"])
    with messages.raised(PlaceError):
        import_places(AREAS, out, ["Rutland", "Mendip"])
    assert not (out / "mendip.yaml").exists()


def test_the_command_imports_places_and_lists_those_left_out(tmp_path: Path, messages) -> None:
    path = table(tmp_path, [*GOOD, "Hamlet,1,0-4,30", "Hamlet,1,25-44,60"])
    done = CliRunner().invoke(app, ["place", "import", str(path), "--out", str(tmp_path / "new")])
    assert done.exit_code == 0, done.output
    messages.check(done.stdout)
    messages.check(done.stderr)
    one = CliRunner().invoke(app, ["place", "import", str(AREAS), "--out", str(tmp_path / "one"), "--area", "Rutland"])
    messages.check(one.stdout)
    bad = CliRunner().invoke(app, ["place", "import", str(AREAS), "--out", str(tmp_path / "two"), "--area", "Rutlad"])
    assert bad.exit_code == 1
    messages.check(bad.stderr)
    faulty = table(tmp_path, ["Ashby,1,0-4,many"])
    bad = CliRunner().invoke(app, ["place", "import", str(faulty), "--out", str(tmp_path / "three")])
    assert bad.exit_code == 1
    messages.check(bad.stderr)

"""Places from a published table of areas."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.errors import PlaceError
from simulator.places import load_place, place_from_table

HEADER = "area,deprivation_quintile,age_band,residents"
BANDS = ("0-4", "5-9", "10-14", "15-19", "20-24", "25-44", "45-64", "65-84", "85-89", "90+")


def rows_of(area: str, scale: int, fifths: tuple[int, ...] = (1, 2, 3, 4, 5)) -> list[str]:
    """Rows as published: some residents of every band in each fifth."""
    counts = (50, 60, 60, 60, 60, 250, 260, 160, 15, 8)
    return [
        f'"{area}",{fifth},{band},{count * scale}'
        for fifth in fifths
        for band, count in zip(BANDS, counts, strict=True)
    ]


def table(folder: Path, rows: list[str], header: str = HEADER) -> Path:
    path = folder / "areas.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def message(path: Path, area: str = "Ashby", residents: int | None = None) -> str:
    with pytest.raises(PlaceError) as caught:
        place_from_table(path, area, residents)
    return str(caught.value)


GOOD = [*rows_of("Ashby", 1), *rows_of("Bristol, City of", 4, (1, 3))]


def test_an_area_of_a_table_is_a_place(tmp_path: Path) -> None:
    path = table(tmp_path, GOOD)
    place = place_from_table(path, "Bristol, City of")
    assert place.name == "bristol_city_of"
    assert place.title == "Bristol, City of"
    assert place.residents == 2 * 4 * 983
    assert place.deprivation == pytest.approx((0.5, 0.0, 0.5, 0.0, 0.0))
    assert place.age[0] == pytest.approx(50 / 983)
    sources = {source.margin: source.source for source in place.sources}
    assert sources["age_by_deprivation"] == "areas.csv, rows of area Bristol, City of"


def test_a_band_across_two_of_the_models_is_shared_out(tmp_path: Path) -> None:
    place = place_from_table(table(tmp_path, GOOD), "Ashby")
    assert place.age[1] == pytest.approx((60 + 60 + 60 / 5) / 983)


def test_name_colon_area_loads_it_too(tmp_path: Path) -> None:
    path = table(tmp_path, GOOD)
    assert load_place(f"{path}:Ashby") == place_from_table(path, "Ashby")


def test_a_place_may_be_scaled(tmp_path: Path) -> None:
    path = table(tmp_path, GOOD)
    place = place_from_table(path, "Ashby", residents=28_000)
    assert place.residents == 28_000
    assert place.age == place_from_table(path, "Ashby").age


def test_columns_may_come_in_any_order_with_others_between(tmp_path: Path) -> None:
    plain = place_from_table(table(tmp_path, rows_of("Ashby", 1)), "Ashby")
    turned = [",".join(reversed(row.split(","))) + ",note" for row in rows_of("Ashby", 1)]
    path = table(tmp_path, turned, "residents,age_band,deprivation_quintile,area,remark")
    assert place_from_table(path, "Ashby") == plain


def test_rows_with_no_residents_may_be_left_out(tmp_path: Path) -> None:
    rows = [row for row in rows_of("Ashby", 2) if ",5," not in row and ",4,90+" not in row]
    place = place_from_table(table(tmp_path, [*rows, *rows_of("Bury", 3)]), "Ashby")
    assert place.deprivation[4] == 0.0
    assert place.age_by_deprivation[3][-1] < place.age_by_deprivation[2][-1]


def test_a_fifth_too_small_after_scaling_is_counted_with_the_next_and_told(tmp_path: Path) -> None:
    rows = [*rows_of("Ashby", 10, (2, 3)), *(f"Ashby,1,{band},9" for band in BANDS)]
    place = place_from_table(table(tmp_path, rows), "Ashby", residents=2000)
    assert place.deprivation[0] == 0.0
    assert sum(place.deprivation) == pytest.approx(1.0)
    notes = {source.margin: source.note for source in place.sources}
    assert notes["age_by_deprivation"] == "The 9 residents of fifth 1 are counted in fifth 2"


def test_an_unknown_area_gets_a_suggestion(tmp_path: Path) -> None:
    told = message(table(tmp_path, GOOD), "Ashbey")
    assert told.endswith("areas.csv, area: there is no area 'Ashbey'. Did you mean 'Ashby'?")


def test_an_area_unlike_any_of_many_is_told_how_many_there_are(tmp_path: Path) -> None:
    many = [row for number in range(20) for row in rows_of(f"Town {number:02}", 1)]
    told = message(table(tmp_path, many), "Zzz")
    assert "The table has 20 areas, from 'Town 00' to 'Town 19'." in told
    assert "give one that has" in message(table(tmp_path, []), "Zzz")


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (
            "area,deprivation_quintil,age_band,residents",
            "1 problem in this table:\n  areas.csv, line 1, deprivation_quintile: "
            "the column 'deprivation_quintile' is needed, and there is none. "
            "Rename the column 'deprivation_quintil', which looks like it, to 'deprivation_quintile'.",
        ),
        (
            "area,deprivation_quintile,age_band,x",
            "line 1, residents: the column 'residents' is needed, and there is none. "
            "The columns are area, deprivation_quintile, age_band, x; name one of them residents.",
        ),
        ("", "Begin the table with area,deprivation_quintile,age_band,residents."),
    ],
)
def test_a_missing_column_is_told(tmp_path: Path, header: str, told: str) -> None:
    rows = GOOD if header else []
    path = table(tmp_path, rows, header)
    if not header:
        path.write_text("", encoding="utf-8")
    assert told in message(path)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Ashby,1,0-4,-5", "line 2, residents: -5 residents cannot be. Write a number of 0 or more."),
        ("Ashby,1,0-4,nan", "line 2, residents: nan residents cannot be"),
        ("Ashby,1,0-4,some", "line 2, residents: 'some' is not a number"),
        ("Ashby,6,0-4,5", "line 2, deprivation_quintile: there is no deprivation quintile '6'. Write 1 to 5."),
        ("Ashby,1,young,5", "line 2, age_band: 'young' is not an age band. Write an age band as '16-24' or '85+'."),
        ("Ashby,1,5-9,5", "line 3, age_band: fifth 1, age 5-9 was counted in line 2 already"),
        ("Ashby,1", "line 2: the row has fewer fields than the header"),
    ],
)
def test_a_faulty_row_is_told_by_its_line(tmp_path: Path, row: str, told: str) -> None:
    assert told in message(table(tmp_path, [row, *rows_of("Ashby", 1)[1:]]))


def test_every_faulty_row_is_told_at_once(tmp_path: Path) -> None:
    rows = rows_of("Ashby", 1)
    rows[0], rows[7] = "Ashby,1,0-4,-1", "Ashby,1,65-84,-2"
    told = message(table(tmp_path, rows))
    assert told.startswith("2 problems in this table:")
    assert "line 2" in told
    assert "line 9" in told


def test_age_bands_must_cover_every_age(tmp_path: Path) -> None:
    told = message(table(tmp_path, [row for row in rows_of("Ashby", 3) if ",20-24," not in row]))
    assert "age_band: ages 20 to 24 are in no band" in told


def test_an_area_too_small_to_simulate_is_told(tmp_path: Path) -> None:
    path = table(tmp_path, rows_of("Ashby", 1, (3,)))
    assert "line 2, residents: 983 residents in 'Ashby' are too few" in message(path)
    assert "1500 residents in 'Ashby' are too few" in message(path, residents=1500)


def test_a_table_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert "the table cannot be opened (No such file or directory)" in message(tmp_path / "areas.csv")
    path = tmp_path / "areas.csv"
    path.write_bytes(HEADER.encode() + b"\nAshby,1,0-4,\xff\xfe\n")
    assert "the text is not UTF-8. Save the table with encoding UTF-8." in message(path)
    path.write_text(HEADER + '\n"Ashby' + "x" * 200_000 + '",1,0-4,5\n', encoding="utf-8")
    assert "the row cannot be read (field larger than field limit (131072))" in message(path)

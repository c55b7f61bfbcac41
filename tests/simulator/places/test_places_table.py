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


def refused(messages, path: Path, area: str = "Ashby", residents: int | None = None, at: str | None = None) -> None:
    with messages.raised(PlaceError, at):
        place_from_table(path, area, residents)


GOOD = [*rows_of("Ashby", 1), *rows_of("Bristol, City of", 4, (1, 3))]


def test_an_area_of_a_table_is_a_place(tmp_path: Path, messages) -> None:
    path = table(tmp_path, GOOD)
    place = place_from_table(path, "Bristol, City of")
    assert place.name == "bristol_city_of"
    assert place.title == "Bristol, City of"
    assert place.residents == 2 * 4 * 983
    assert place.deprivation == pytest.approx((0.5, 0.0, 0.5, 0.0, 0.0))
    assert place.age[0] == pytest.approx(50 / 983)
    sources = {source.margin: source.source for source in place.sources}
    messages.check(sources["age_by_deprivation"])


def test_a_band_across_two_of_the_models_is_shared_out(tmp_path: Path) -> None:
    place = place_from_table(table(tmp_path, GOOD), "Ashby")
    assert place.age[1] == pytest.approx((60 + 60 + 60 / 5) / 983)


def test_an_area_can_be_loaded_as_table_colon_area(tmp_path: Path) -> None:
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


def test_a_fifth_too_small_after_scaling_is_merged_with_the_next_and_reported(tmp_path: Path, messages) -> None:
    rows = [*rows_of("Ashby", 10, (2, 3)), *(f"Ashby,1,{band},9" for band in BANDS)]
    place = place_from_table(table(tmp_path, rows), "Ashby", residents=2000)
    assert place.deprivation[0] == 0.0
    assert sum(place.deprivation) == pytest.approx(1.0)
    notes = {source.margin: source.note for source in place.sources}
    messages.check(notes["age_by_deprivation"])


def test_an_unknown_area_gets_a_suggestion(tmp_path: Path, messages) -> None:
    refused(messages, table(tmp_path, GOOD), "Ashbey")


def test_an_unknown_area_without_a_close_match_reports_the_number_of_areas(tmp_path: Path, messages) -> None:
    many = [row for number in range(20) for row in rows_of(f"Town {number:02}", 1)]
    refused(messages, table(tmp_path, many), "Zzz")
    refused(messages, table(tmp_path, []), "Zzz")


@pytest.mark.parametrize(
    ("header", "at"),
    [
        ("area,deprivation_quintil,age_band,residents", "1 deprivation_quintile"),
        ("area,deprivation_quintile,age_band,x", "1 residents"),
        ("", "1 area; 1 deprivation_quintile; 1 age_band; 1 residents"),
    ],
)
def test_a_missing_column_is_reported(tmp_path: Path, header: str, at: str, messages) -> None:
    rows = GOOD if header else []
    path = table(tmp_path, rows, header)
    if not header:
        path.write_text("", encoding="utf-8")
    refused(messages, path, at=at)


@pytest.mark.parametrize(
    ("row", "at"),
    [
        ("Ashby,1,0-4,-5", "2 residents"),
        ("Ashby,1,0-4,nan", "2 residents"),
        ("Ashby,1,0-4,some", "2 residents"),
        ("Ashby,6,0-4,5", "2 deprivation_quintile"),
        ("Ashby,1,young,5", "2 age_band"),
        ("Ashby,1,5-9,5", "3 age_band"),
        ("Ashby,1", "2"),
    ],
)
def test_an_invalid_row_is_reported_by_its_line(tmp_path: Path, row: str, at: str, messages) -> None:
    refused(messages, table(tmp_path, [row, *rows_of("Ashby", 1)[1:]]), at=at)


def test_every_invalid_row_is_reported_at_once(tmp_path: Path, messages) -> None:
    rows = rows_of("Ashby", 1)
    rows[0], rows[7] = "Ashby,1,0-4,-1", "Ashby,1,65-84,-2"
    refused(messages, table(tmp_path, rows), at="2 residents; 9 residents")


def test_age_bands_must_cover_every_age(tmp_path: Path, messages) -> None:
    refused(messages, table(tmp_path, [row for row in rows_of("Ashby", 3) if ",20-24," not in row]))


def test_an_area_too_small_to_simulate_is_reported(tmp_path: Path, messages) -> None:
    path = table(tmp_path, rows_of("Ashby", 1, (3,)))
    refused(messages, path)
    refused(messages, path, residents=1500)


def test_a_table_that_cannot_be_read_is_reported(tmp_path: Path, messages) -> None:
    refused(messages, tmp_path / "areas.csv")
    path = tmp_path / "areas.csv"
    path.write_bytes(HEADER.encode() + b"\nAshby,1,0-4,\xff\xfe\n")
    refused(messages, path)
    path.write_text(HEADER + '\n"Ashby' + "x" * 200_000 + '",1,0-4,5\n', encoding="utf-8")

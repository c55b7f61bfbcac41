"""Shipped places, place files, and their problems."""

from __future__ import annotations

import itertools
import json
import math
import pickle
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulator.foundations.categories import AGE_BANDS
from simulator.foundations.input_files import InvalidValue, json_schema, read_yaml
from simulator.places import bands, england, load_place, place_names, read_place
from simulator.places.bands import check_tiling, even_years, mean_by_model_band, model_bands, single_years
from simulator.places.loading import SHIPPED_FOLDER
from simulator.places.margins import PlaceFile
from simulator.places.national import NATIONAL_FILE
from tests.helpers.place_files import GOOD, write

SHIPPED = ("deprived_coastal_town", "frome", "rural_district", "somerset", "young_city_borough")


def test_shipped_places_are_listed_and_load() -> None:
    assert place_names() == SHIPPED
    for name in place_names():
        place = load_place(name)
        assert place.name == name
        assert len(place.hash) == 8
        for shares in (place.age, place.sex, place.deprivation, place.household_sizes):
            assert math.isclose(sum(shares), 1.0)


def test_frome_has_its_published_margins() -> None:
    frome = load_place("frome")
    assert frome.residents == 28_000
    assert frome.comparator == "somerset"
    assert frome.age[0] == pytest.approx(1659 / 26203)
    assert frome.age[2] == pytest.approx(2805 / 26203)  # 16-24 is a band of both, so nothing is shared out
    assert frome.sex[0] == pytest.approx(13464 / 26203)
    assert frome.deprivation[0] == pytest.approx(0.05)


def test_composites_are_labelled_as_such() -> None:
    composites = {name for name in place_names() if load_place(name).composite}
    assert composites == {"deprived_coastal_town", "young_city_borough", "rural_district"}
    assert all("composite" in load_place(name).title.lower() for name in composites)


def test_every_margin_of_a_place_has_a_source_and_a_grade() -> None:
    for name in place_names():
        for source in load_place(name).sources:
            assert len(source.source) >= 10
            assert source.grade in ("A", "B", "C", "assumption")
            assert source.reference or source.grade == "assumption"


def test_places_keep_the_published_schema() -> None:
    shipped = json.loads((SHIPPED_FOLDER / "schema.json").read_text(encoding="utf-8"))
    assert shipped == json_schema(PlaceFile), "write its schema to simulator/places/schema.json anew"
    for name in place_names():
        path = SHIPPED_FOLDER / f"{name}.yaml"
        assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=schema.json\n")
        jsonschema.validate(read_yaml(path).data, shipped)


def test_the_example_of_the_readme_is_a_place(tmp_path: Path) -> None:
    readme = (SHIPPED_FOLDER / "README.md").read_text(encoding="utf-8")
    example = readme.split("```yaml\n")[1].split("```")[0]
    place = read_place(write(tmp_path, example))
    assert place.residents == 12_000
    assert place.age[-1] == pytest.approx(0.03)


def test_missing_fields_of_a_place_file_come_from_england(tmp_path: Path) -> None:
    place = load_place(write(tmp_path, GOOD))
    assert place.sex == england().sex
    assert place.living_alone == england().living_alone
    assert place.age_by_deprivation == england().age_by_deprivation
    assert sum(place.age[:2]) == pytest.approx(0.18)
    assert sum(place.age[2:6]) == pytest.approx(0.60)


def test_places_are_frozen_hashable_and_travel_between_processes(tmp_path: Path) -> None:
    place = load_place("frome")
    with pytest.raises(ValidationError):
        place.residents = 5
    copy = pickle.loads(pickle.dumps(place))
    assert copy == place
    assert hash(copy) == hash(place)
    other = place.model_copy(update={"residents": 5000})
    assert other.hash != place.hash
    assert other != place


def test_neighbourhoods_have_about_1500_residents_and_every_inhabited_fifth_has_one() -> None:
    frome = load_place("frome")
    assert frome.neighbourhoods == (1, 4, 7, 5, 2)
    small = frome.model_copy(update={"residents": 2000})
    assert small.neighbourhoods == (1, 1, 1, 1, 1)


# Bands --------------------------------------------------------------------------------------------------------------


def test_the_national_file_counts_all_of_england() -> None:
    assert sum(england().years) == pytest.approx(56_550_138)
    assert sum(map(sum, england().age_by_deprivation)) == pytest.approx(56_550_138)
    assert read_yaml(NATIONAL_FILE).data["ages"]["grade"] == "A"


def test_a_published_band_is_shared_out_by_national_weights() -> None:
    weights = even_years({"0-74": 75.0, "75-84": 30.0, "85+": 15.0})
    shared = model_bands(single_years({"0-74": 800.0, "75+": 90.0}, weights))
    assert shared[-2:] == pytest.approx((60.0, 30.0))
    assert sum(shared) == pytest.approx(890.0)


def test_shares_by_band_become_means_over_the_models_bands() -> None:
    weights = [1.0] * 100
    means = mean_by_model_band({"16-29": 0.1, "30+": 0.3}, weights)
    assert means[:3] == pytest.approx((0.0, 0.0, 0.1))
    assert means[AGE_BANDS.index("25-34")] == pytest.approx(0.2)
    assert means[-1] == pytest.approx(0.3)


@given(st.lists(st.integers(1, 99), unique=True, max_size=12))
def test_bands_that_tile_keep_every_resident(starts: list[int]) -> None:
    edges = [0, *sorted(starts)]
    names = [f"{a}-{b - 1}" for a, b in itertools.pairwise(edges)] + [f"{edges[-1]}+"]
    check_tiling(names, 0)
    counts = {name: float(position + 1) for position, name in enumerate(names)}
    assert sum(model_bands(single_years(counts, england().years))) == pytest.approx(sum(counts.values()))


@pytest.mark.parametrize(
    "given_bands",
    [
        ["0-4", "6+"],
        ["0-5", "5+"],
        ["0-50"],
        ["1+"],
        ["0-4", "five+"],
        ["0-4", "9-5"],
    ],
)
def test_bands_that_do_not_cover_every_age_once_are_refused(given_bands: list[str], messages) -> None:
    with pytest.raises(InvalidValue) as caught:
        check_tiling(given_bands, 0)
    messages.check(caught.value.wrong)


def test_an_adult_table_may_not_begin_before_its_first_age(messages) -> None:
    with messages.raised(InvalidValue):
        check_tiling(["10-20", "21+"], 16)


def test_numbers_fall_with_age_at_the_rate_of_the_two_oldest_bands() -> None:
    rate = bands.decline_per_year({"85-89": 60.0, "90+": 40.0}, "85-89", "90+")
    assert math.exp(-5.0 * rate) == pytest.approx(0.4)

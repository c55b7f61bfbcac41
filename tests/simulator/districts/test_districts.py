"""The districts of England as places: published counts, by name, wherever a place is chosen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from simulator import load_place as public_load_place
from simulator.api import load, specify_comparable
from simulator.districts import (
    district,
    district_kinds,
    district_titles,
    hexagons,
    load_place,
    named_district,
    place_names,
    place_residents,
    place_titles,
)
from simulator.districts.loading import FOLDER
from simulator.errors import PlaceError, UnknownNameError
from simulator.nations.loading import SHIPPED_FOLDER
from simulator.places import place_names as other_places
from simulator.results.run_record import ROOMS_OF_A_RUN


def counts() -> pd.DataFrame:
    return pd.read_parquet(FOLDER / "residents.parquet")


def test_districts_add_up_to_the_composites_of_england_in_every_band_and_fifth():
    nation = YAML(typ="safe").load((SHIPPED_FOLDER / "england.yaml").read_text(encoding="utf-8"))
    composite_of = {member: one["name"] for one in nation["areas"] for member in one["members"]}
    assert sorted(composite_of) == sorted(district_titles().values())
    keys = ["area", "deprivation_quintile", "age_band"]
    added = counts().assign(area=lambda rows: rows["area"].map(composite_of)).groupby(keys)["residents"].sum()
    published = pd.read_csv(SHIPPED_FOLDER / "england.csv").set_index(keys)["residents"]
    assert added.to_dict() == published.to_dict()
    assert int(added.sum()) == 56_550_138


def test_every_district_is_a_place_of_its_residents_with_a_source_and_a_licence():
    for name, title in district_titles().items():
        place = district(name, min(2000, place_residents(name)))
        assert (place.name, place.title, place.composite) == (name, title, False)
        (source,) = (one for one in place.sources if one.margin == "age_by_deprivation")
        assert "Open Government Licence v3.0" in source.source
    assert sum(place_residents(name) for name in district_titles()) == 56_550_138


def test_the_ages_and_fifths_of_a_district_are_those_of_its_counts():
    mendip = load_place("mendip")
    rows = counts().query("area == 'Mendip'")
    assert mendip.residents == rows["residents"].sum() == 116_288
    by_fifth = rows.groupby("deprivation_quintile")["residents"].sum().reindex(range(1, 6), fill_value=0)
    np.testing.assert_allclose(mendip.deprivation, by_fifth / by_fifth.sum(), rtol=1e-12)


def test_the_kind_of_a_district_is_its_shares_of_deprived_and_of_older_residents():
    rows = counts().query("area == 'Blackpool'")
    residents, first_age = rows["residents"], rows["age_band"].str.extract(r"(\d+)", expand=False).astype(int)
    expected = [
        residents[part].sum() / residents.sum() for part in (rows["deprivation_quintile"] <= 2, first_age >= 65)
    ]
    kinds = district_kinds()
    assert kinds.loc["blackpool", ["deprived", "older"]].tolist() == pytest.approx(expected)
    assert expected[0] > 0.7  # fifth 1 is the most deprived
    assert set(kinds.index) == set(district_titles())


@pytest.mark.parametrize("written", ["st_helens", "St. Helens", "ST HELENS"])
def test_a_district_is_found_by_name_and_by_title(written):
    assert load_place(written).name == "st_helens"
    assert public_load_place(written) is load_place("st_helens")


def test_districts_are_places_among_the_others():
    assert set(place_names()) == set(other_places()) | set(district_titles()) == set(place_titles())
    assert not set(other_places()) & set(district_titles())
    assert load_place("frome").title == place_titles()["frome"] == "Frome, Somerset"
    assert named_district("frome") is None
    assert named_district(None) is None


def test_an_unknown_place_is_told_with_the_nearest_district():
    with pytest.raises(UnknownNameError, match=r"there is no place 'mendp'\. Did you mean 'mendip'?"):
        load_place("mendp")
    with pytest.raises(UnknownNameError, match="there is no district 'frome'"):
        district("frome")
    with pytest.raises(PlaceError, match="1999 residents in 'Mendip' are too few"):
        district("mendip", 1999)


def test_a_scenario_may_name_a_district():
    scenario = load("relational_offset").model_copy(update={"place": "mendip"})
    assert {spec.place.name for spec in specify_comparable([scenario]).specs} == {"mendip"}


def test_every_district_has_a_tile_of_its_own_beside_another():
    tiles = hexagons()
    assert set(tiles) == set(district_titles())
    assert len(set(tiles.values())) == 326
    there = {(q, r) for q, r in tiles.values()}
    alone = [name for name, (q, r) in tiles.items() if not there & set(beside(q, r))]
    assert alone == ["isle_of_wight", "isles_of_scilly"]


def beside(q: int, r: int) -> list[tuple[int, int]]:
    """The six neighbours of a tile; odd rows lie half a tile further east."""
    shift = r % 2
    across = [(q - 1, r), (q + 1, r)]
    return across + [(q - 1 + shift + east, r + north) for east in (0, 1) for north in (-1, 1)]


def test_districts_do_not_determine_a_run():
    """No room of a run may import them (`lint-imports`), so the model version is the same with and without them."""
    assert "districts" not in ROOMS_OF_A_RUN

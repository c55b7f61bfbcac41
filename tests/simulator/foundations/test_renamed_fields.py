"""Fields by the names that they had in the version before."""

from __future__ import annotations

import pytest

from calibration.studies.study import PublishedStudy
from calibration.targets.targets import TargetFile
from simulator.counties import load_county
from simulator.counties.county import CountyFile
from simulator.errors import CountyError
from simulator.foundations.input_files import field_names, read_yaml_text, with_present_names
from simulator.lenses.schema import LensFile
from simulator.programme_files.schema import ProgrammeFile
from tests.helpers.spread_files import SMALL


@pytest.mark.parametrize(
    ("model", "path", "old", "new"),
    [
        (TargetFile, ("targets", "any"), {"reckoned", "together"}, {"statistic", "error_group"}),
        (PublishedStudy, (), {"who", "found", "differs"}, {"population", "result", "differences"}),
        (CountyFile, ("places", 0), {"like", "beside"}, {"based_on", "neighbours"}),
        (LensFile, ("gates", "any"), {"says", "follows"}, {"finding", "consequence"}),
        (LensFile, ("parameters", "any"), {"acts", "trial", "learned"}, {"applies_as", "evidence", "informed"}),
        (ProgrammeFile, (), {"what"}, {"description"}),
    ],
)
def test_the_former_names_are_no_fields_and_lead_to_fields(model, path, old, new):
    assert new <= set(field_names(model, path))
    assert not old & set(field_names(model, path))


def test_a_county_with_former_names_is_read_and_each_is_reported_with_its_line(tmp_path, messages):
    path = tmp_path / "my_county.yaml"
    path.write_text(SMALL.replace("based_on", "like", 1).replace("neighbours", "beside", 1), encoding="utf-8")
    present = tmp_path / "present" / "my_county.yaml"
    present.parent.mkdir()
    present.write_text(SMALL, encoding="utf-8")
    with pytest.warns(FutureWarning) as reported:
        county = load_county(path)
    assert county == load_county(present)
    for warning in reported:
        messages.check(warning.message)


def test_a_problem_in_a_field_with_a_former_name_has_its_line(tmp_path):
    """Each field on a line of its own: that of the entry would be another."""
    block = "  - name: levels\n    title: Levels\n    based_on: somerset\n    residents: 3000\n    beside: [nowhere]"
    (row,) = [row for row in SMALL.splitlines() if "neighbours: [town]" in row]
    path = tmp_path / "my_county.yaml"
    path.write_text(SMALL.replace(row, block), encoding="utf-8")
    with pytest.warns(FutureWarning), pytest.raises(CountyError) as refused:
        load_county(path)
    line = path.read_text(encoding="utf-8").splitlines().index("    beside: [nowhere]") + 1
    assert [(problem.line, problem.field) for problem in refused.value.problems] == [(line, "places[1].neighbours[0]")]


def test_a_field_under_both_names_is_refused_under_the_former(tmp_path):
    path = tmp_path / "my_county.yaml"
    path.write_text(SMALL.replace("based_on: frome", "based_on: frome, like: frome", 1), encoding="utf-8")
    with pytest.raises(CountyError) as refused:
        load_county(path)
    assert [problem.field for problem in refused.value.problems] == ["places[0].like"]


def test_a_file_with_present_names_stays_as_it_is():
    document = read_yaml_text(SMALL, "my_county.yaml")
    assert with_present_names(document, CountyFile) == document

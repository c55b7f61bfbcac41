"""The command that reproduces a comparison is accepted by `offset compare`, with the same lens settings."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from typer.main import get_command

from dashboard.command_line import app
from dashboard.exports.reproduce import command, commands, needed
from dashboard.text.lens_names import lens_settings_in
from simulator.comparison.comparison import compare
from simulator.lenses import AS_WRITTEN, AppliedLens
from tests.helpers.synthetic_results import lively, record, results

PAIR = (
    record("relational_offset", range(12), place="frome", weeks=260),
    record("baseline", range(12), place="frome", weeks=260),
)


@pytest.mark.parametrize(
    ("applied_lens", "frome", "causal"),
    [
        (AS_WRITTEN, None, 1.0),
        (AppliedLens(causal=0.25), None, 0.25),
        (AppliedLens("as-claimed", "As claimed", "1"), None, 1.0),
        (AppliedLens("as-claimed", "As claimed", "0", 0.0), "0", 0.0),
        (AppliedLens("as-claimed", "As claimed", "0.3", 0.5), "0.3", 0.5),
        (AppliedLens("as-claimed", "As claimed", "elicited"), "elicited", 1.0),
    ],
    ids=lambda value: getattr(value, "said", value),
)
def test_lens_settings_are_read_from_the_record(applied_lens, frome, causal):
    found = lens_settings_in({"lens": applied_lens.lens, "lens_title": applied_lens.said})
    assert found == (applied_lens.lens, frome, causal)


def test_a_command_is_understood_by_offset_compare():
    said = {"lens": "as-claimed", "lens_title": AppliedLens("as-claimed", "As claimed", "0.3", 0.5).said}
    line = command(*({**arm, **said} for arm in PAIR))
    assert line == (
        "offset compare relational_offset baseline --place frome --seeds 12 --years 5 --lens as-claimed --frome 0.3 "
        "--causal 0.5"
    )
    _, name, *words = shlex.split(line)
    taken = get_command(app).commands[name].make_context(name, words).params
    assert (taken["scenario"], taken["baseline"], taken["place"]) == ("relational_offset", "baseline", "frome")
    assert (taken["seeds"], taken["years"], taken["frome"], taken["causal"]) == ("12", 5, "0.3", 0.5)


def test_a_range_of_seeds_and_a_part_of_a_year():
    later = ({**arm, "seeds": [100, 101, 102], "weeks": 26} for arm in PAIR)
    assert command(*later) == "offset compare relational_offset baseline --place frome --seeds 100-102 --lens evidence"


def test_both_shipped_lenses_as_they_are_take_one_command():
    arms = [results(name, lively(2, effect, quarters=2), weeks=26, place="frome") for name, effect in ARMS]
    found = []
    for lens, applied_lens in (("as-claimed", "As claimed"), ("trial-evidence", "On trial evidence")):
        read = [replace(arm, record={**arm.record, "lens": lens, "lens_title": applied_lens}) for arm in arms]
        found.append(compare(*read))
    assert commands(found) == ("offset compare relational_offset baseline --place frome --seeds 2 --lens both",)
    assert len(commands(found[:1])) == 1
    assert commands(found[:1])[0].endswith("--lens as-claimed")
    assert needed(found)[0].startswith("The numbers are the same with model 1.0+abcdef01")
    gap = [replace(arm, record={**arm.record, "seeds": [0, 1, 5]}) for arm in arms]
    assert "Only seeds 0-1, 5 were run" in " ".join(needed([replace(found[0], scenario=gap[0], baseline=gap[1])]))


ARMS = (("relational_offset", 0.1), ("baseline", 0.0))

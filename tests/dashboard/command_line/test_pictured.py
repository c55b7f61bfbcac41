"""Subjects of ``offset describe`` that can be drawn: what is in docs is current, and what is drawn can be read."""

from __future__ import annotations

import json
from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.command_line import app
from dashboard.figures.loneliness import loneliness_figure
from dashboard.figures.relational_work import HEIGHT, WIDTH, chain_picture
from simulator.description.describe import every_value
from simulator.description.loneliness import load_figures
from simulator.description.relational_work import BOXES, chain_table
from tests.helpers.place_files import GOOD, write

DOCS = Path(__file__).parents[3] / "docs"
SVG = "{http://www.w3.org/2000/svg}"


class Rectangle(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > 0.0 and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.0


def offset(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def rectangles(root: ElementTree.Element, radius: str) -> list[Rectangle]:
    found = []
    for one in root.iter(f"{SVG}rect"):
        if one.get("rx") == radius:
            x, y, width, height = (float(one.get(name, "nan")) for name in ("x", "y", "width", "height"))
            found.append(Rectangle(x, y, x + width, y + height))
    return found


@pytest.fixture(scope="module")
def picture() -> ElementTree.Element:
    return ElementTree.fromstring(chain_picture(chain_table(every_value()), BOXES))


def test_the_picture_in_docs_is_current(tmp_path):
    drawn = tmp_path / "relational_work.svg"
    done = offset("describe", "relational_work", "--out", drawn, "--quiet")
    assert done.exit_code == 0
    kept = (DOCS / "pictures" / "relational_work.svg").read_text(encoding="utf-8")
    assert kept == drawn.read_text(encoding="utf-8"), (
        "draw it again: offset describe relational_work --out docs/pictures/relational_work.svg"
    )


def test_the_picture_of_loneliness_in_docs_has_every_published_figure():
    """What was simulated takes minutes, and is not run again."""
    drawn = ElementTree.fromstring((DOCS / "pictures" / "loneliness.svg").read_text(encoding="utf-8"))
    said = {"".join(one.itertext()).strip() for one in drawn.iter(f"{SVG}text")}
    published = [one for one in load_figures().figures.values() if one.value is not None]
    numbers = {f"{one.value:g} ({one.low:g} to {one.high:g}) {one.unit}".strip() for one in published}
    assert {one.label for one in published} | numbers <= said, (
        "draw it again: offset describe loneliness --out docs/pictures/loneliness.svg"
    )
    assert f"of {len(published)} figures are in range" in (DOCS / "relational_work.md").read_text(encoding="utf-8")


def test_the_table_and_the_example_in_docs_are_current():
    table, _, example = offset("describe", "relational_work").stdout.strip().partition("\n\n")
    page = (DOCS / "relational_work.md").read_text(encoding="utf-8")
    assert table in page, "replace the table in docs/relational_work.md by that of: offset describe relational_work"
    assert example in page, "replace the example in docs/relational_work.md by that of: offset describe relational_work"
    assert (len(table.splitlines()), len(example.splitlines())) == (2 + len(chain_table(every_value())), 4)


def test_every_box_and_every_arrow_with_its_number_and_grade_is_in_the_picture(picture):
    texts = [" ".join(" ".join(span.text for span in one).split()) for one in picture.iter(f"{SVG}text") if len(one)]
    assert [title for title in BOXES.values() if title not in texts] == []
    for row in chain_table(every_value()).to_dict("records"):
        grade = "guess" if row["grade"] == "assumption" else row["grade"]
        assert f"{row['says']} · {grade}" in texts
    assert "grade" in " ".join(one.text or "" for one in picture.iter(f"{SVG}text"))


def test_no_text_on_an_arrow_covers_another_or_a_box_or_leaves_the_picture(picture):
    pills, boxes = rectangles(picture, "9"), rectangles(picture, "5")
    assert (len(pills), len(boxes)) == (len(chain_table(every_value())), len(BOXES))
    assert not any(one.overlaps(other) for one, other in combinations(pills, 2))
    assert not any(pill.overlaps(box) for pill, box in product(pills, boxes))
    assert all(one.left >= 0.0 and one.right <= WIDTH and one.bottom <= HEIGHT for one in pills + boxes)


def test_the_chain_is_drawn_as_svg_only(tmp_path, messages):
    done = offset("describe", "relational_work", "--out", tmp_path / "chain.png")
    assert done.exit_code == 2
    messages.check(" ".join(done.stderr.replace("│", " ").split()).partition("Invalid value")[2].rstrip(" ─╯╰"))
    assert not (tmp_path / "chain.png").exists()


def test_the_chain_as_json_has_a_row_for_each_arrow():
    rows = json.loads(offset("describe", "relational_work", "--json").stdout)
    assert {"start", "end", "says", "grade", "standing", "path"} <= set(rows[0])
    assert len(rows) == len(chain_table(every_value()))


@pytest.mark.thorough
def test_loneliness_is_printed_beside_published_figures(tmp_path):
    place = write(tmp_path, GOOD.replace("12000", "2000"))
    asked = ("describe", "loneliness", "--place", place, "--years", 1, "--seeds", 2, "--workers", 1, "--quiet")
    rows = json.loads(offset(*asked, "--json").stdout)
    by_name = {row["figure"]: row for row in rows}
    assert by_name["lonely"]["value"] == 8.0
    assert by_name["no_longer"]["value"] is None
    assert by_name["no_longer"]["in_range"] is None
    text = offset(*asked).stdout
    assert text.startswith("Loneliness in the baseline, My Town, 2 runs at central evidence")
    inside = sum(row["in_range"] is True for row in rows)
    published = sum(row["value"] is not None for row in rows)
    assert f"{inside} of {published} figures are in range." in text.splitlines()
    assert all(f"- {row['label']}: {row['source']}" in text for row in rows)
    figure = loneliness_figure(pd.DataFrame(rows))
    (marks,) = figure.data
    assert len(marks.x) == published
    assert sum(abs(x) <= 1.0 for x in marks.x) == pytest.approx(inside, abs=1)

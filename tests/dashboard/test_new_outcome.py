"""A new outcome of existing counts is one entry, shown only where it is declared."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, get_args

import openpyxl
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.application.page_list import PAGES
from dashboard.application.parts import waiting
from dashboard.command_line.comparing import Shown, show_found
from dashboard.exports import content_of, write_take_aways
from dashboard.exports.several_scenarios import content_of_several
from dashboard.report.report import report
from dashboard.runs.view import View
from simulator.comparison.comparison import compare
from simulator.comparison.outcomes import OUTCOMES, Outcome, Where
from simulator.counties.county_results import effects_by_year
from simulator.experiments.attribution import Attribution, SeedWorth
from simulator.experiments.lens_comparisons import LensComparisons, by_causal_share
from simulator.foundations.measures import NAMES
from simulator.nations.outcomes import outcomes_of_place
from tests.helpers.finished_runs import FROME, application, read_through, ship_lenses
from tests.helpers.synthetic_results import lively, results

pytestmark = pytest.mark.thorough

SOMEWHERE: Final = tuple(where for where in get_args(Where) if where != "sensitivity")  # asked once, at its import
LOST: Final = ("requests_turned_away", "failed_contacts")
TAKEN: Final = {"take-away", "take-away of several", "sheet Read me"}
_AT: Final = SOMEWHERE.index("groups")
GROUPED: Final = {
    f"sheet {name[:21]}, as shown" for name in (f"Age_band_mark{_AT}x_cont", f"Deprivation_mark{_AT}x_contacts")
}
SHOWN: Final[Mapping[Where, set[str]]] = {
    "tiles": {"report", "Answer", "Compare", "take-away", "take-away of several", "sheet Tiles, as shown"},
    "sentences": {"report", "Answer", "Methods", "command line", *TAKEN},
    "agreement": {"report", "Answer"},
    "first screen": {"first screen"},
    "command line": {"command line"},
    "compare": {"Compare"},
    "outcomes": {"report", "Answer", "take-away", "sheet Outcomes, as shown"},
    "access": {"report", "take-away", "sheet Access, as shown"},
    "chances": {"report", "take-away", "sheet Probability of harm", "sheet Chances, as shown"},
    "first chances": {"report", "Answer", *TAKEN},
    "warnings": {"report", "Answer"},
    "warnings by group": {"report", "Answer", *TAKEN},
    "groups": {"report", "Who and where", "take-away", "sheet By age", "sheet By deprivation", *GROUPED},
    "by group": {"command line by group", "sheet By year"},
    "several scenarios": {"take-away of several"},
    "lenses": {"report", "take-away", "sheet By causal share", "sheet Causal_as_claimed, as shown"},
    "certainty": {"Certainty"},  # and the report, where parameters are drawn
    "apart": {"report", "Money"},
    "worth": {"Money"},
    "hour": {"Follow the hour"},
    "attribution": {"attribution"},
    "county": {"county"},
    "nation": {"nation"},
}
EVERYWHERE: Final = {"sheet Outcomes"}
"""Tables of all outcomes."""


def mark(where: Where) -> str:
    return f"mark{SOMEWHERE.index(where)}x"


def declared_in(where: Where) -> Outcome:
    """Failed contacts, shown in one place under a separate name."""
    said = f"{mark(where)} contacts"
    return Outcome(f"{mark(where)}_contacts", "contacts", said.capitalize(), "less", LOST, noun=said, shown=(where,))


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """All that is shown of a scenario that loses contacts in every group, by where."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield shown(tmp_path_factory.mktemp("new"), monkeypatch)


def shown(tmp_path, monkeypatch):
    for where in SOMEWHERE:
        monkeypatch.setitem(OUTCOMES, declared_in(where).name, declared_in(where))
    ship_lenses(tmp_path / "lenses", monkeypatch, passed=True)
    said = {**FROME, "weeks": 104, "parameters": "central"}
    baseline, other = (
        results(name, lively(8, effect, quarters=8), **said)
        for name, effect in (("baseline", 0.0), ("relational_offset", 0.2))
    )
    scenario = replace(other, cells=other.cells.assign(**{name: 3 * other.cells[name] for name in LOST}))
    through = [[read_through(arm, lens) for arm in (scenario, baseline)] for lens in ("as-claimed", "trial-evidence")]
    claimed, trial = (compare(*arms) for arms in through)
    found = LensComparisons((claimed, trial), {"as-claimed": by_causal_share({0.0: claimed, 1.0: claimed})})
    made: dict[str, str] = {"report": report(claimed, None, found)}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        alone = LensComparisons((claimed,), {})
        show_found(alone, Shown(("age_band",), None, every=True, wider=False, as_json=False, quiet=True))
    with contextlib.redirect_stdout(io.StringIO()) as screen:
        show_found(alone, Shown((), None, every=False, wider=False, as_json=False, quiet=True))
    made["first screen"] = screen.getvalue()
    made["command line"], _, made["command line by group"] = printed.getvalue().partition("By group")
    content = content_of(found)
    made["take-away"] = repr((content.tiles, content.headlines, content.charts))
    beside = content_of_several({"as-claimed": [claimed, claimed]})
    made["take-away of several"] = repr((beside.tiles, beside.headlines, beside.charts))
    (path,) = write_take_aways(content, tmp_path / "taken", ["xlsx"])
    for sheet in openpyxl.load_workbook(path).worksheets:
        made[f"sheet {sheet.title}"] = repr(list(sheet.iter_rows(values_only=True)))
    app = application(tmp_path / "finished", (baseline, scenario))
    with app.server.app_context():
        for page in PAGES:
            made[page.TITLE] = json.dumps(waiting.or_page(page, View()), cls=PlotlyJSONEncoder)
    made["county"] = effects_by_year(scenario, baseline).to_csv()
    about = {"place": "frome", "title": "Frome", "residents": 28_000, "simulated": 28_000, "factor": 1.0}
    made["nation"] = outcomes_of_place(claimed, about).to_csv()
    made["attribution"] = split().by_seed().to_csv()
    return made


def split() -> Attribution:
    """One seed whose access loses a contact of each sort."""
    nothing = tuple([0] * len(NAMES))
    lost = tuple(int(name in LOST) for name in NAMES)
    seeds = {0: SeedWorth(nothing, {frozenset(): nothing, frozenset(("access",)): lost})}
    return Attribution("s", "b", "p", ("access",), 1.0, seeds, {})


def test_a_new_outcome_is_shown_where_it_is_declared_and_nowhere_else(texts):
    assert set(SHOWN) == set(SOMEWHERE)
    for where in SOMEWHERE:
        assert {name for name, text in texts.items() if mark(where) in text.lower()} - EVERYWHERE == SHOWN[where], where


def test_labels_of_a_new_outcome_come_from_its_entry(texts):
    rows = texts["sheet Outcomes"]
    assert all(f"'Mark{position}x contacts', 'contacts a year', 'less'" in rows for position in range(len(SOMEWHERE)))
    text = " ".join(texts["report"].split())
    assert re.search(f"chance of at least [0-9,]+ more {mark('first chances')} contacts", text)
    assert re.search(f"Probably [^.]*more {mark('warnings')} contacts", text)
    assert f"more {mark('warnings by group')} contacts in every age band" in text
    said = rf"It leads to about [0-9,]+ more {mark('sentences')} contacts a year \([^)]*\), which is worse"
    assert re.search(said, text)
    assert f"{mark('attribution')}_contacts,access,2.0" in texts["attribution"]


def test_the_command_offers_to_split_it():
    code = (
        "from simulator.comparison.outcomes import OUTCOMES, Outcome\n"
        "OUTCOMES['lost'] = Outcome('lost', 'contacts', 'Lost', 'less', ('failed_contacts',), shown=('attribution',))\n"
        "from dashboard.command_line import main\n"
        "import sys\nsys.argv = ['offset', 'attribute', '--help']\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "|unmet_needs|lost>" in re.sub(r"[│\s]|What to split\.", "", done.stdout)

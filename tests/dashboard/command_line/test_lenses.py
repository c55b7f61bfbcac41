"""``offset compare`` with lenses: named on every output, side by side, with Frome's share and causal shares."""

from __future__ import annotations

import json
import re
import time
import warnings

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.command_line.commands import INTERRUPTED, app
from dashboard.credibility.fitted_lens import warnings_of_lens
from dashboard.report.folder import read_lens_comparisons, write_comparison
from dashboard.report.report import report
from dashboard.text.labels import CAUSAL_MISSING
from simulator.comparison.comparison import compare
from simulator.errors import FitError, IncomparableRunsError, StoreWarning
from simulator.experiments.lens_comparisons import (
    LensComparisons,
    by_causal_share,
    causal_seeds,
    side_by_side,
    some_seeds,
)
from simulator.lenses import lens, load_lens
from simulator.places.loading import SHIPPED_FOLDER
from simulator.results.run_record import model_version
from simulator.running import ensemble
from tests.dashboard.report.test_report import Page
from tests.helpers.hand_lens import HUB, hand_lens
from tests.helpers.messages import headings
from tests.helpers.synthetic_results import lively, results, run_of

pytestmark = pytest.mark.thorough

OLD = "0.0.1+0123abcd"
READ = {"lens": "as-claimed", "lens_title": "As claimed", "lens_faults": []}
OTHER = {"lens": "trial-evidence", "lens_title": "On trial evidence", "lens_faults": ["Coverage was poor"]}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    text = (SHIPPED_FOLDER / "frome.yaml").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("place") / "hamlet.yaml"
    text = text.replace("name: frome", "name: hamlet").replace("residents: 28000", "residents: 2000")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found():
    pairs = [[results(name, lively(10, effect), weeks=260, **read) for name, effect in ARMS] for read in (READ, OTHER)]
    comparisons = tuple(compare(after, before) for before, after in pairs)
    alone = comparisons[0]
    seeds = causal_seeds(alone.seeds)
    part = compare(*(some_seeds(arm, seeds) for arm in (alone.scenario, alone.baseline)))
    return LensComparisons(comparisons, {"as-claimed": by_causal_share({0.5: part, 1.0: part})})


ARMS = (("baseline", 0.0), ("offset", 0.1))


@pytest.fixture
def made_up(monkeypatch):
    monkeypatch.setattr(ensemble, "simulate", run_of)


def offset(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_users_own_lens_with_its_frome_share(made_up, tmp_path, place, messages):
    folder = hand_lens(tmp_path / "by-hand", passed=False)
    how = ("--place", place, "--seeds", "2", "--years", "1", "--workers", "1", "--json", "--out", tmp_path / "out")
    done = offset("compare", "frome", "baseline", "--lens", folder, "--frome", "0", *how)
    assert done.exit_code == 0, done.output
    kept, _ = read_lens_comparisons(tmp_path / "out")
    assert kept.strengths(kept.comparisons[0])["path"].tolist() == [HUB]
    messages.check(headings((tmp_path / "out" / "report.html").read_text(encoding="utf-8")))
    content = json.loads(done.stdout)
    applied_lens = "By hand, none of Frome's gap taken as caused by its programme"
    assert (content["scenario"]["lens_title"], content["baseline"]["lens_title"]) == (applied_lens, applied_lens)
    assert content["scenario"]["lens_faults"] == ["Known truths were covered too seldom"]
    assert content["headline"].startswith("'What Frome did' in Frome, Somerset, compared with 'Services as they are',")
    assert content["causal"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("--frome", "0.5"),
        ("--frome", "most"),
        ("--causal", "1.5"),
        ("--lens", "claimed"),
        ("--lens", "as-claimed", "--frome", "0.3"),
    ],
)
def test_unusable_lenses_are_refused_before_anything_runs(words, messages):
    done = offset("compare", "frome", "--lens", "evidence", *words)
    assert done.exit_code in (1, 2)
    messages.check(" ".join(done.output.replace("│", " ").split()))


def test_lenses_stand_side_by_side_and_a_failed_one_has_no_range(found, messages):
    table = side_by_side(found.comparisons)
    assert table["lens"].tolist() == ["as-claimed", "trial-evidence"] * 5
    assert table["withheld"].tolist() == [False, True] * 5
    text = report(found.comparisons[0], None, found)
    messages.check(headings(text))
    assert 'href="through/trial-evidence/report.html"' in text
    assert Page(text).text.count("withheld: the lens failed a check") == 5 + 4 + 4  # in the table, in the tiles
    assert "not been calibrated" not in text


def test_a_folder_holds_every_lens_and_is_read_again(found, tmp_path):
    folder = write_comparison(found.comparisons[0], tmp_path / "out", None, found)
    again, _ = read_lens_comparisons(folder)
    assert [one.scenario.record["lens"] for one in again.comparisons] == ["as-claimed", "trial-evidence"]
    assert again.side_by_side().equals(found.side_by_side())
    assert again.causal["as-claimed"]["causal"].tolist() == found.causal["as-claimed"]["causal"].tolist()
    assert (folder / "through" / "trial-evidence" / "report.html").is_file()


def test_a_comparison_shows_both_shipped_lenses_by_default(made_up, tmp_path, place, monkeypatch):
    hand_lens(tmp_path / "shipped" / "as-claimed", model=OLD)
    hand_lens(tmp_path / "shipped" / "trial-evidence", frome=(), passed=False, model=model_version())
    monkeypatch.setattr("simulator.lenses.lens.SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr("simulator.experiments.lens_comparisons.FEWEST", 2)
    lens._shipped.cache_clear()
    how = ("--place", place, "--seeds", "4", "--years", "1", "--workers", "1", "--out", tmp_path / "out")
    done = offset("compare", "frome", "--all", *how)
    lens._shipped.cache_clear()
    assert done.exit_code == 0, done.output
    claimed = "As claimed, all of Frome's gap taken as caused by its programme"
    for said in (
        f"{claimed}: 'What Frome did' in Frome, Somerset",
        "Trial evidence: 'What Frome did' in Frome, Somerset",
        "through each lens",
        f"Implied effect sizes: {claimed}",
        f"{claimed}: with none, half and all of each association treated as causal (2 pairs of runs each)",
        "Lens trial-evidence, intervals withheld: Known truths were covered too seldom",
    ):
        assert said in done.output, said
    found, _ = read_lens_comparisons(tmp_path / "out")
    assert [one.scenario.record["lens"] for one in found.comparisons] == ["as-claimed", "trial-evidence"]
    assert sorted(found.causal["as-claimed"]["causal"].unique()) == [0.0, 0.5, 1.0]
    parameters = [one.scenario.parameters.set_index(["seed", "path"])["value"] for one in found.comparisons]
    assert [values[0, HUB] for values in parameters] == [-1.0, -1.0]
    assert (tmp_path / "out" / "through" / "trial-evidence" / "report.html").is_file()
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    said = f"This lens was fitted to model {OLD}; this is model {model_version()}. "
    assert done.stderr.count(f"Lens as-claimed: {said}") == 1
    assert "Lens trial-evidence: This lens was fitted" not in done.stderr
    assert report.count(f"caused by its programme: {said}") == 1
    assert report.count("fitted to model") == 1


@pytest.fixture
def two_lenses(monkeypatch, tmp_path, place):
    """The words of a comparison of four pairs through two lenses, which is enough for other causal shares."""
    hand_lens(tmp_path / "shipped" / "as-claimed")
    hand_lens(tmp_path / "shipped" / "trial-evidence", frome=())
    monkeypatch.setattr("simulator.lenses.lens.SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr("simulator.experiments.lens_comparisons.FEWEST", 2)
    lens._shipped.cache_clear()
    yield ("compare", "frome", "--place", place, "--seeds", "4", "--years", "1", "--workers", "1")
    lens._shipped.cache_clear()


def reports_of(folder):
    return [(part / "report.html").read_text(encoding="utf-8") for part in (folder, folder / "through/trial-evidence")]


def test_the_answer_is_written_and_printed_before_the_runs_at_other_causal_shares(
    monkeypatch, two_lenses, tmp_path, messages
):
    first = tmp_path / "out" / "through" / "trial-evidence" / "report.html"
    texts = []

    def simulate(spec, seed, parameter_draw):
        if spec.applied_lens.causal != 1.0:
            ends = time.monotonic() + 60.0
            while not first.is_file() and time.monotonic() < ends:
                time.sleep(0.01)
            texts.append(first.read_text(encoding="utf-8"))
        return run_of(spec, seed, parameter_draw)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    done = offset(*two_lenses, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert len(texts) == 2 * 2 * 2 * 2
    assert texts[0].count(CAUSAL_MISSING) == 1
    messages.check(done.stderr)
    whole, _ = read_lens_comparisons(tmp_path / "out")
    assert not whole.causal_missing
    lens_reports = reports_of(tmp_path / "out")
    assert not any(CAUSAL_MISSING in text for text in lens_reports)
    assert [text.count("with a separate parameter draw in every pair") for text in lens_reports] == [2, 1]
    assert offset("report", tmp_path / "out", "--out", tmp_path / "again.html").exit_code == 0
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == reports_of(tmp_path / "out")[0]


@pytest.fixture
def cut_short(made_up, monkeypatch):
    """Interrupted when the comparison is complete and runs at other causal shares have begun."""
    waits = ensemble.GroupRuns.results

    def results(self, progress=None):
        if self.groups[0].specs[0].applied_lens.causal != 1.0:
            raise KeyboardInterrupt
        return waits(self, progress)

    monkeypatch.setattr(ensemble.GroupRuns, "results", results)


def cut_and_left_out(two_lenses, words, out=None):
    """The command, interrupted, and without runs at other causal shares; both print the same."""
    places = (("--out", out / "cut"), ("--out", out / "left_out")) if out else ((), ())
    cut, left_out = offset(*two_lenses, *words, *places[0]), offset(*two_lenses, *words, "--no-causal", *places[1])
    assert cut.exit_code == INTERRUPTED
    assert cut.stderr.splitlines()[-1] == f"The comparison itself is complete. {CAUSAL_MISSING}"
    assert left_out.exit_code == 0
    assert _without_times(cut.stdout) == _without_times(left_out.stdout)
    return cut, left_out


def test_an_interrupt_after_the_answer_loses_nothing(cut_short, two_lenses, tmp_path):
    cut_and_left_out(two_lenses, (), tmp_path)
    assert [text.count(CAUSAL_MISSING) for text in reports_of(tmp_path / "cut")] == [2, 1]
    assert _files(tmp_path / "cut") == _files(tmp_path / "left_out")
    found, _ = read_lens_comparisons(tmp_path / "cut")
    assert (len(found.comparisons), found.causal, found.causal_missing) == (2, {}, True)


def test_an_interrupt_after_the_answer_leaves_whole_json(cut_short, two_lenses):
    cut, _ = cut_and_left_out(two_lenses, ("--json",))
    assert json.loads(cut.stdout)["causal"] == {}


def _without_times(text):
    return re.sub(r'"created": "[^"]*"', "", text)


def _files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_runs_at_other_causal_shares_can_be_left_out(monkeypatch, two_lenses, tmp_path):
    shares = []

    def simulate(spec, seed, parameter_draw):
        shares.append(spec.applied_lens.causal)
        return run_of(spec, seed, parameter_draw)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    done = offset(*two_lenses, "--no-causal", "--out", tmp_path / "out")
    assert (done.exit_code, set(shares)) == (0, {1.0})
    assert "Causal share" not in done.stdout
    assert not (tmp_path / "out" / "causal.csv").exists()
    one = offset(*two_lenses, "--causal", "0.5", "--out", tmp_path / "half")
    assert (one.exit_code, set(shares)) == (0, {1.0, 0.5})
    assert not any(CAUSAL_MISSING in text for text in reports_of(tmp_path / "half"))


def test_a_lens_of_another_model_says_so_where_it_is_described_and_is_used(tmp_path):
    folder = hand_lens(tmp_path / "by-hand", model=OLD)
    said = f"This lens was fitted to model {OLD}; this is model {model_version()}. "
    done = offset("calibrate", "--check", "--out", folder)
    assert done.exit_code == 0, done.output
    assert said in done.stdout
    assert warnings_of_lens(load_lens(folder))[0].startswith(said)
    now = hand_lens(tmp_path / "now", model=model_version())
    assert "fitted to model" not in offset("calibrate", "--check", "--out", now).stdout
    assert not any("fitted to model" in one for one in warnings_of_lens(load_lens(now)))


def test_what_a_fit_warns_of_is_one_line(tmp_path, monkeypatch):
    def fit_lens(*_, **__):
        warnings.warn("None of the runs is of this model.", StoreWarning, stacklevel=2)
        raise FitError("enough")

    monkeypatch.setattr("calibration.lens.lens_fit.fit_lens", fit_lens)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        done = offset("calibrate", "--out", tmp_path / "as-claimed")
    assert done.stderr.splitlines() == ["None of the runs is of this model.", "enough"]


def test_a_lens_without_the_frames_of_its_fit_says_so(tmp_path, messages):
    folder = hand_lens(tmp_path / "by-hand")
    done = offset("calibrate", "--check", "--out", folder)
    assert done.exit_code == 0, done.output
    messages.check(done.stderr)
    (folder / "diagnostics").mkdir()
    (folder / "diagnostics" / "pairs.parquet").write_text("torn", encoding="utf-8")
    messages.check(offset("calibrate", "--check", "--out", folder).stderr)


def test_coverage_and_compensating_parameters_are_shown(tmp_path):
    folder = hand_lens(tmp_path / "by-hand")
    (folder / "diagnostics").mkdir()
    coverage = pd.DataFrame({"truth": range(100), "quantile": [0.005 + 0.01 * k for k in range(100)], "frome": 1.0})
    coverage["effective_size"] = 500.0
    coverage.to_parquet(folder / "diagnostics" / "coverage.parquet")
    pairs = pd.DataFrame({"first": ["a", "a"], "second": ["b", "c"], "correlation": [-0.8, 0.2], "frome": 1.0})
    pairs.to_parquet(folder / "diagnostics" / "pairs.parquet")
    on_progress = [
        " ".join(line.split()) for line in offset("calibrate", "--check", "--out", folder).stdout.splitlines()
    ]
    assert "80% 80% 100" in on_progress
    assert "a b -0.80" in on_progress
    assert "a c +0.20" not in on_progress


@pytest.mark.parametrize(("words", "seeds"), [((), 16), (("--lens", "evidence"), 30), (("--seeds", "3"), 3)])
def test_several_lenses_have_fewer_pairs_each_by_default(words, seeds, monkeypatch):
    asked = []

    def note_what_is_asked(readings, comparable, how, **more):
        asked.append((len(readings), len(how.seeds)))
        raise IncomparableRunsError("enough")

    monkeypatch.setattr("dashboard.command_line.commands.compare_through", note_what_is_asked)
    offset("compare", "frome", *words)
    assert asked == [(1 if "evidence" in words else 2, seeds)]

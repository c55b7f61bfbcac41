"""Tidy results: shapes, labels, failures, and folders that are complete or absent."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simulator.errors import ResultsError
from simulator.evidence import load_evidence
from simulator.foundations.measures import INDEX, NAMES
from simulator.results.folder import RECORD
from simulator.results.results import Failure, parameter_draw_of, parameter_values, read_results
from simulator.results.tidy_tables import gather
from simulator.specification.spec import rates_from
from tests.helpers.synthetic_results import lively, record, results, run


@pytest.fixture
def two_runs():
    return results("baseline", {4: run({"bed_days": 9}), 5: run({"bed_days": 2})}, weeks=52)


def test_cells_have_one_row_for_each_seed_quarter_age_fifth_and_loneliness(two_runs):
    cells = two_runs.cells
    keys = ["seed", "quarter", "age_band", "deprivation", "lonely"]
    assert len(cells) == 2 * 4 * 90
    assert not cells.duplicated(keys).any()
    first = cells[(cells["seed"] == 4) & (cells["bed_days"] > 0)].iloc[0]
    assert [first[key] for key in keys] == [4, 1, "0-4", "1", False]
    assert (first["scenario"], first["place"], first["year"]) == ("baseline", "smallton", 1)


def test_a_cell_number_is_age_then_fifth_then_loneliness():
    frames = run()
    frames.cells[0, (6 * 5 + 2) * 2 + 1, INDEX["deaths"]] = 1
    cells = results("baseline", {0: frames}).cells
    dead = cells[cells["deaths"] == 1].iloc[0]
    assert (dead["age_band"], dead["deprivation"], dead["lonely"]) == ("65-74", "3", True)


def test_counts_are_the_cells_whatever_the_order_of_their_rows(two_runs):
    shuffled = replace(two_runs, cells=two_runs.cells.sample(frac=1.0, random_state=1))
    counts = shuffled.counts((5, 4))
    assert counts.shape == (2, 4, 9, 5, 2, len(NAMES))
    assert counts[:, 0, 0, 0, 0, INDEX["bed_days"]].tolist() == [2, 9]
    assert counts.sum() == two_runs.counts((4, 5)).sum()


def test_neighbouring_seeds_share_one_draw_of_the_parameters():
    drawn = results("baseline", {seed: run() for seed in range(4)})
    assert drawn.cells.groupby("seed")["parameter_draw"].first().tolist() == [0, 0, 1, 1]
    assert [parameter_draw_of(seed) for seed in (6, 7, 8)] == [3, 3, 4]


def test_every_table_records_the_actual_draw_of_a_run():
    luck = 2**62 + 7
    frames = lively(2, 0.1, quarters=1)
    held = {luck: 3, 4: 0}
    found = gather({luck: frames[0], 4: frames[1]}, record("baseline", list(held)), held.__getitem__)
    assert set(found.cells["parameter_draw"]) == {0, 3}
    for name in ("cells", "ledger", "programmes", "services", "volunteers", "parameters"):
        table = getattr(found, name)
        assert table["parameter_draw"].dtype == "Int64"
        assert table["parameter_draw"].tolist() == [held[seed] for seed in table["seed"]], name
    assert gather({}, record("baseline", [])).cells["parameter_draw"].dtype == "Int64"


def test_central_runs_have_no_parameter_draw():
    assert results("baseline", {0: run()}, parameters="central").cells["parameter_draw"].isna().all()


def test_quarters_and_years_of_the_money_count_from_one(two_runs):
    money = results("offset", lively(2, 0.1), weeks=260)
    assert (money.ledger["quarter"].min(), money.ledger["quarter"].max()) == (1, 20)
    assert money.programmes.groupby("quarter")["year"].first().loc[[4, 5]].tolist() == [1, 2]


def test_a_failed_run_is_a_row_with_its_cause():
    found = results("baseline", {0: run(), 1: Failure("LedgerError", "3 pence are left over")})
    assert found.failures.to_dict("records") == [
        {"scenario": "baseline", "seed": 1, "error": "LedgerError", "message": "3 pence are left over"}
    ]
    assert (found.seeds, found.finished) == ((0, 1), (0,))


def test_results_without_a_finished_run_still_have_every_column():
    lost = results("baseline", {0: Failure("OSError", "no")})
    whole = results("baseline", {0: run()})
    for name in ("cells", "ledger", "programmes", "parameters"):
        assert list(getattr(lost, name).columns) == list(getattr(whole, name).columns)
        assert len(getattr(lost, name)) == 0


def test_parameters_name_every_number_of_every_table():
    evidence = load_evidence()
    values = parameter_values(rates_from(evidence), evidence)
    assert values["prices.bed_day"] == evidence["prices.bed_day"].value
    assert values["care.overnight_days.75-84"] == evidence["care.overnight_days"].by_category()["75-84"]
    assert not any(np.isnan(value) for value in values.values())


def test_what_is_written_is_what_is_read(tmp_path):
    whole = results("offset", {**lively(2, 0.1), 2: Failure("OSError", "no")}, weeks=260)
    folder = whole.write(tmp_path / "out" / "run")
    again = read_results(folder)
    for name in ("cells", "ledger", "programmes", "parameters", "failures"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(whole, name), check_dtype=False)
    assert again.cells["age_band"].dtype == whole.cells["age_band"].dtype
    assert again.record == whole.record
    assert [path.name for path in folder.parent.iterdir()] == ["run"]


def test_results_replace_results_and_nothing_else(tmp_path, two_runs, messages):
    two_runs.write(tmp_path / "run")
    other = results("other", {0: run()})
    other.write(tmp_path / "run")
    assert read_results(tmp_path / "run").scenario == "other"
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "love.txt").write_text("dear", encoding="utf-8")
    with messages.raised(ResultsError):
        other.write(tmp_path / "letters")
    assert (tmp_path / "letters" / "love.txt").read_text(encoding="utf-8") == "dear"


def test_a_file_is_refused_as_folder_for_results(tmp_path, two_runs, messages):
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with messages.raised(ResultsError):
        two_runs.write(tmp_path / "taken")


def test_a_write_that_fails_leaves_what_was_there(tmp_path, two_runs, monkeypatch):
    two_runs.write(tmp_path / "run")

    def full_disk(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full_disk)
    with pytest.raises(OSError, match="No space left"):
        results("other", {0: run()}).write(tmp_path / "run")
    assert read_results(tmp_path / "run").scenario == "baseline"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_without_a_record_is_refused(tmp_path, messages):
    with messages.raised(ResultsError):
        read_results(tmp_path)


def test_a_damaged_table_is_refused(tmp_path, two_runs, messages):
    folder = two_runs.write(tmp_path / "run")
    with (folder / "ledger.parquet").open("ab") as stream:
        stream.write(b"x")
    with messages.raised(ResultsError):
        read_results(folder)


def test_a_missing_table_is_refused(tmp_path, two_runs, messages):
    folder = two_runs.write(tmp_path / "run")
    (folder / "cells.parquet").unlink()
    with messages.raised(ResultsError):
        read_results(folder)


def test_a_record_that_is_no_json_is_refused(tmp_path, two_runs, messages):
    folder = two_runs.write(tmp_path / "run")
    (folder / RECORD).write_text("{", encoding="utf-8")
    with messages.raised(ResultsError):
        read_results(folder)


def test_a_record_of_another_layout_is_refused(tmp_path, two_runs, messages):
    folder = two_runs.write(tmp_path / "run")
    content = {**json.loads((folder / RECORD).read_text(encoding="utf-8")), "layout": 99}
    (folder / RECORD).write_text(json.dumps(content), encoding="utf-8")
    with messages.raised(ResultsError):
        read_results(folder)

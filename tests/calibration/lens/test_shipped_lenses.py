"""Shipped lenses are valid for this model version, or warn that they were fitted to another."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.lens.diagnostics import diagnostics
from calibration.lens.simulated_targets import problem_of
from calibration.lens.warnings import another_model
from calibration.targets.folder import read_files
from simulator.lenses import load_lens
from simulator.lenses.lens import ORDER, SHIPPED
from simulator.results.run_record import model_version


@pytest.mark.slow
@pytest.mark.parametrize("name", ORDER)
def test_simulated_points_run_again_give_the_same_figures(name):
    files, lens = read_files(None), load_lens(name)
    record = lens.file.record
    problem = problem_of(
        files.of(name), files.targets, residents=record["residents"], full_size=record["residents_at_draws"]
    )
    runs = diagnostics(SHIPPED / name, ("runs",))["runs"]
    rows = runs.iloc[[0, len(runs) // 2, -1]]
    found = []
    for row in rows.index:
        at, small = rows.loc[[row]], rows.loc[row, "stage"] != "check"
        simulate = (problem if small else problem.at_draws).simulate
        found.append(simulate(at[list(problem.names)].to_numpy(), tuple(at["seed"])).values[0])
    again = pd.DataFrame(found, columns=problem.columns)
    before = rows[list(problem.columns)].reset_index(drop=True)
    targets = files.targets.targets
    lines = [column in targets and targets[column].statistic == "trend" for column in problem.columns]
    assert not all(lines)
    pd.testing.assert_frame_equal(again.loc[:, ~np.array(lines)], before.loc[:, ~np.array(lines)], check_exact=True)
    # The last bits of a fitted line are the linear-algebra library's.
    pd.testing.assert_frame_equal(again.loc[:, lines], before.loc[:, lines], rtol=1e-11, atol=0.0)
    holds = not tuple(another_model(name, lens.fitted_to, model_version()))
    assert holds, f"the figures of lens {name} are the same: 'offset bundle --confirm' says so of every result"


def test_a_lens_fitted_to_another_model_says_so_with_the_command_that_fits_it(messages):
    messages.check(" ".join(another_model("my-lens", "0.1.0+0123abcd", "0.2.0+4567abcd")))
    assert tuple(another_model("my-lens", "0+0123abcd", "0.1.0+0123abcd")) == ()
    assert tuple(another_model("evidence", "", "0.1.0+0123abcd")) == ()

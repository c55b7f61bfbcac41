"""Published figures on loneliness beside a simulated baseline: the file, the statistics, and a short run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator.description.loneliness import SHIPPED, Figure, People, Wave, load_figures, loneliness_table, statistic_of
from simulator.errors import FileError
from simulator.evaluation.scores import Survey, measurement_error
from simulator.evidence import load_evidence
from tests.helpers.small_runs import small_frome

N = 40_000


def waves(correlation: float, times: int = 2) -> list[Wave]:
    """People of 70 with normal scores that correlate by this much; in the state are those above 1.5."""
    rng = np.random.default_rng(1)
    lasting, passing = rng.normal(size=N), rng.normal(size=(times, N))
    people = np.arange(N)
    return [
        Wave(
            week=52 * at,
            score=(score := np.sqrt(correlation) * lasting + np.sqrt(1.0 - correlation) * passing[at]),
            lonely=score > 1.5,
            age=np.full(N, 70.0),
            conditions=(people % 4).astype(np.uint8),
            lives_alone=people % 2 == 1,
            berth=people,
            generation=np.zeros(N, np.int64),
        )
        for at in range(times)
    ]


def figure(statistic: str, **fields: object) -> Figure:
    return Figure.model_validate({"label": "A figure", "statistic": statistic, **fields})


def exact(statistic: str, window: list[Wave], **fields: object) -> float:
    """The statistic, seen without error."""
    return statistic_of(figure(statistic, seen_by="scale", years=1, **fields), window, Survey(0, 0.0))


def test_who_is_lonely_twice_follows_the_correlation() -> None:
    """Of a bivariate normal score with correlation 0.54, 3 % are in the top 9 % twice and 85 % never (tetrachoric)."""
    window = waves(0.54)
    assert exact("correlation", window) == pytest.approx(0.54, abs=0.01)
    assert exact("at_all", window, shares=[9]) == pytest.approx(3.0, abs=0.2)
    assert exact("at_none", window, shares=[9]) == pytest.approx(85.0, abs=0.2)
    assert exact("same", waves(0.5), shares=[9, 30]) == pytest.approx(60.0, abs=1.0)


def test_scores_that_never_change_and_scores_without_memory() -> None:
    same, fresh = waves(1.0, times=3), waves(0.0, times=3)
    assert exact("at_all", same, shares=[20], waves=3) == pytest.approx(20.0, abs=0.01)
    assert exact("no_longer", same, shares=[20]) == 0.0
    assert exact("at_all", fresh, shares=[20], waves=3) == pytest.approx(0.8, abs=0.2)
    assert exact("no_longer", fresh, shares=[20]) == pytest.approx(80.0, abs=1.5)


def test_error_of_measurement_lowers_the_correlation_by_the_reliability() -> None:
    seen = statistic_of(figure("correlation", seen_by="scale", years=1), waves(0.8), Survey(3, measurement_error(0.75)))
    assert seen == pytest.approx(0.6, abs=0.01)


def test_the_state_is_counted_as_it_is_and_among_those_asked_for() -> None:
    first, second = window = waves(0.5)
    left = figure("no_longer", years=1)
    expected = 100.0 * (1.0 - second.lonely[first.lonely].mean())
    assert statistic_of(left, window, Survey(0, 0.0)) == pytest.approx(expected)
    alone = figure("share", among={"lives_alone": True, "from_conditions": 3}, relative_to={})
    ratio = first.lonely[3::4].mean() / first.lonely.mean()
    assert statistic_of(alone, window[:1], Survey(0, 0.0)) == pytest.approx(ratio)
    assert not People(from_age=71).among(first).any()


def test_the_loneliest_of_all_adults_are_counted_where_a_figure_says_how_many() -> None:
    """With a score and an error in every survey, those of a group who are among the loneliest fifth of all."""
    ill, _ = waves(0.5)
    ill = ill._replace(score=ill.score + 0.5 * (ill.conditions >= 2))
    several = {"from_conditions": 2}
    fifth = figure("share", seen_by="scale", among=several, shares=[20])
    cut = np.quantile(ill.score, 0.8)
    expected = 100.0 * (ill.score[ill.conditions >= 2] > cut).mean()
    assert statistic_of(fifth, [ill], Survey(0, 0.0)) == pytest.approx(expected)
    ratio = fifth.model_copy(update={"relative_to": People(to_conditions=1)})
    exact_ratio = statistic_of(ratio, [ill], Survey(0, 0.0))
    assert exact_ratio == pytest.approx(expected / (100.0 * (ill.score[ill.conditions < 2] > cut).mean()))
    assert 1.3 < statistic_of(ratio, [ill], Survey(0, measurement_error(0.7))) < exact_ratio


def test_who_has_left_in_between_is_not_counted() -> None:
    first, second = waves(1.0)
    gone = second._replace(generation=second.generation + first.lonely)
    assert statistic_of(figure("at_all", years=1), [first, gone], Survey(0, 0.0)) == 0.0


def test_every_published_figure_has_its_source() -> None:
    file = load_figures()
    published = {name: one for name, one in file.figures.items() if one.value is not None}
    assert len(published) >= 15
    assert [name for name, one in published.items() if not one.source or one.grade is None] == []
    assert [name for name, one in published.items() if one.grade != "assumption" and one.reference is None] == []


def test_prevalence_by_age_is_that_of_the_evidence() -> None:
    value, figures = load_evidence()["loneliness.initial_prevalence"], load_figures().figures
    young = figures["lonely_16_24"]
    assert young.value == pytest.approx(100.0 * value.by_category()["16-24"])
    assert (young.among.from_age, young.among.to_age, young.source) == (16, 24, value.source)


def test_a_short_run_beside_published_figures() -> None:
    table = loneliness_table(small_frome(), seeds=(0,), years=1, workers=1).set_index("figure")
    assert {"six_years_both", "three_waves", "eight_years_same"}.isdisjoint(table.index)
    simulated = table["simulated"]
    assert 4.0 < simulated["lonely"] < 13.0
    assert simulated["lonely_alone"] > 1.3
    assert 1.1 < simulated["lonely_diseases"] < 1.8
    assert abs(simulated["mean_score"]) < 0.15
    assert table.loc["a_year_apart", "in_range"]
    assert simulated["no_longer_as_surveyed"] > simulated["no_longer"] > 20.0
    assert simulated["fall_of_a_fifth"] < simulated["fall_of_a_tenth"] < -8.0
    known = table[table["value"].notna()]
    inside = (known["low"] <= known["simulated"]) & (known["simulated"] <= known["high"])
    assert (inside == known["in_range"].astype(bool)).mean() > 0.9  # but for rounding
    assert table.loc["no_longer", "in_range"] is None


def test_a_figure_outside_its_own_range_is_refused(tmp_path: Path, messages) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    bad = tmp_path / "loneliness.yaml"
    bad.write_text(text.replace("low: 6.6", "low: 8.6", 1).replace("years: 6", "yeras: 6", 1), encoding="utf-8")
    with messages.raised(FileError):
        load_figures(bad)

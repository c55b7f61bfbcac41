"""The stages of a fit: noise, design, waves, posterior, and simulation at draws of the posterior.

A fit is determined by problem and plan: repeated, it chooses the same points, so an interrupted fit resumes from its
store.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from concurrent.futures import Executor
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from calibration.fitting import reach, simulating
from calibration.fitting.checks import at_the_posterior, conflicts, discrepancies
from calibration.fitting.coverage import COLUMNS, cover
from calibration.fitting.emulation import NOISE, EmulatorSet, Noise, emulate_all, noise_between_seeds
from calibration.fitting.fit import Fit, draws_frame, pairs_frame, parameters_frame, targets_frame
from calibration.fitting.likelihood import Likelihood
from calibration.fitting.plan import DEFAULT, Plan
from calibration.fitting.posterior import draw_posterior, likelihood_of, not_ruled_out, prior_pool, wave_points
from calibration.fitting.problem import Floats, Problem
from calibration.fitting.simulating import OnProgress, Runs, Simulations, simulations
from calibration.fitting.simulation_cache import SimulationCache
from simulator.errors import StoreWarning

_POOL = 4096
_SEEDS_A_STAGE = 1_000_000  # each stage has its own range of seeds


class _Wave(NamedTuple):
    """Summary of the emulators after one stage."""

    stage: str
    runs: int
    failed: int
    not_ruled_out: float
    z_rms: float


def fit(
    problem: Problem,
    plan: Plan = DEFAULT,
    *,
    store: str | Path | None = None,
    workers: Executor | int | None = None,
    progress: OnProgress | None = None,
) -> Fit:
    """Fit a problem as planned.

    ``store`` is a file that keeps every simulation (SQLite); the same call resumes from it and repeats none.
    ``workers`` is the caller's executor, or a number of processes (default: one per core; 1 runs in this process).

    Raises FitError if the prior cannot reach a target (unless the plan allows it), or if every run of a stage fails;
    StoreError if the store cannot be used. Warns (StoreWarning) if all simulations in the store are of another version
    of the problem.
    """
    memory = SimulationCache(store)
    try:
        others = memory.rows_of_other_simulations(problem.simulation_hash)
        if others:
            unused = f"None of the {others} simulations in {store} fits this model and problem, so all are run again. "
            warnings.warn(f"{unused}Delete the file to free its disk space.", StoreWarning, stacklevel=2)
        # Matrices of this size gain nothing from several threads, and the simulations need the cores.
        with threadpool_limits(1), simulations(problem, memory, workers, plan.runs, progress) as running:
            return _Fitting(problem, plan, memory, running).fit()
    finally:
        memory.close()


class _Fitting:
    """The stages of one fit, in order."""

    def __init__(self, problem: Problem, plan: Plan, memory: SimulationCache, running: Simulations) -> None:
        self.problem, self.plan = problem, plan
        self._memory, self._running = memory, running
        self._stages: list[Runs] = []
        self._waves: list[_Wave] = []
        planned = json.dumps([problem.hash, asdict(plan)], sort_keys=True)
        self._key = hashlib.sha256(planned.encode()).hexdigest()[:32]
        dimensions = len(problem.parameters)
        self._pool = prior_pool(dimensions + 1, _POOL, plan.seed)
        self._design = prior_pool(dimensions, plan.design_points, plan.seed + 1)

    def fit(self) -> Fit:
        """Run all stages."""
        noise = self._noise()
        design = self._simulate("design", self._design)
        waves = self.plan.points_of_waves
        emulated = self._emulated(noise, last=not waves)
        limits = reach.range_of_emulators(self.problem, self.plan, emulated, self._pool[:, :-1])
        if self.plan.stop_if_unreachable:
            reach.refuse_unreachable(limits, "the range of emulators over the prior")
        likelihood = self._recorded("design", emulated)
        for wave, points in enumerate(waves):
            name = f"wave {wave + 1}"
            finer = wave == self.plan.waves
            self._simulate(name, self._chosen(name, likelihood, wave, points), finer)
            emulated = self._emulated(noise, wave + 1 == len(waves), emulated)
            likelihood = self._recorded(name, emulated)
        return self._finish(design, emulated, likelihood, limits)

    def _noise(self) -> Noise:
        """Stage 0: a few points with several seeds each, and the range that they reach."""
        plan = self.plan
        points = prior_pool(len(self.problem.parameters), plan.noise_points, plan.seed + 2)
        runs = self._simulate(NOISE, np.repeat(points, plan.noise_seeds, axis=0))
        if plan.stop_if_unreachable:
            reach.refuse_unreachable(reach.range_of_runs(self.problem, plan, runs), "the extended range of first runs")
        return noise_between_seeds(runs, plan.noise_seeds)

    def _emulated(self, noise: Noise, last: bool, before: EmulatorSet | None = None) -> EmulatorSet:
        """Emulators of the targets, and of the other outputs only by the ``last`` runs: no stage needs them earlier."""
        problem = self.problem if last else replace(self.problem, outputs=())
        return emulate_all(problem, self._stages, noise, before)

    def _finish(self, design: Runs, emulated: EmulatorSet, likelihood: Likelihood, limits: pd.DataFrame) -> Fit:
        problem, plan = self.problem, self.plan
        drawn = draw_posterior(likelihood, plan, self._pool, self._generator("posterior"))
        generator = self._generator("draws")
        scores = drawn.scores[generator.choice(len(drawn.scores), size=plan.draws, replace=False)]
        checked, emulators = None, emulated.table
        if plan.check_points:
            checked = self._simulate("check", self._kept_or("check", scores[: plan.check_points, :-1]), finer=True)
            emulators = emulators.merge(at_the_posterior(problem, emulated, checked), on="column")
        draws = draws_frame(problem, likelihood, scores)
        coverage = pd.DataFrame(columns=list(COLUMNS))
        if plan.truths:
            coverage = cover(problem, plan, design, emulated, self._generator("coverage"))
        return Fit(
            problem=problem,
            plan=plan,
            parameters=parameters_frame(problem, drawn.scores, drawn.convergence),
            draws=draws,
            targets=targets_frame(problem, likelihood, scores, checked, limits),
            discrepancy=discrepancies(problem, likelihood, scores, self._generator("discrepancy")),
            emulators=emulators,
            leave_one_out=emulated.leave_one_out,
            waves=pd.DataFrame(self._waves),
            runs=simulating.frame(self._stages, problem),
            pairs=pairs_frame(draws, problem.names),
            conflicts=conflicts(problem, likelihood, scores, self._generator("conflicts")),
            coverage=coverage,
            emulated=emulated,
        )

    def _simulate(self, stage: str, scores: Floats, finer: bool = False) -> Runs:
        first = (len(self._stages) + 1) * _SEEDS_A_STAGE + self.plan.seed * 100 * _SEEDS_A_STAGE
        seeds = range(first, first + len(scores))
        runs = self._running.run(stage, scores, seeds, self.problem.at_draws if finer else None)
        runs = runs._replace(kind=int(finer and self.problem.simulate_draws is not None))
        self._stages.append(runs)
        return runs

    def _recorded(self, stage: str, emulated: EmulatorSet) -> Likelihood:
        """The likelihood by these emulators; also records how much of the prior they rule out."""
        likelihood = likelihood_of(self.problem, self.plan, emulated)
        failed = sum(int((~runs.succeeded).sum()) for runs in self._stages)
        runs = sum(len(runs.seeds) for runs in self._stages)
        share = not_ruled_out(likelihood, self._pool)
        self._waves.append(_Wave(stage, runs, failed, share, float(emulated.table.z_rms.max())))
        return likelihood

    def _chosen(self, stage: str, likelihood: Likelihood, wave: int, points: int) -> Floats:
        kept = self._memory.chosen(self._key, stage)
        if kept is None:
            generator = self._generator(stage)
            kept = wave_points(likelihood, points, wave, self._pool, generator)
            self._memory.choose(self._key, stage, kept)
        return kept

    def _kept_or(self, stage: str, scores: Floats) -> Floats:
        kept = self._memory.chosen(self._key, stage)
        if kept is None:
            self._memory.choose(self._key, stage, scores)
            return scores
        return kept

    def _generator(self, purpose: str) -> np.random.Generator:
        """A random number generator for one purpose, unaffected by other stages."""
        return np.random.default_rng([self.plan.seed, *purpose.encode()])

"""Posterior draws from emulators, and the points of each wave."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy.stats import qmc

from calibration.fitting.emulation import EmulatorSet
from calibration.fitting.importance import importance_sample
from calibration.fitting.likelihood import Likelihood, errors_of
from calibration.fitting.plan import Plan
from calibration.fitting.priors import Priors
from calibration.fitting.problem import Floats, Problem
from calibration.fitting.sampling import ENSEMBLES, PosteriorSample, StoppingRule, sample, walkers_for

IMPLAUSIBLE: Final = 3.0
"""Standard deviations between target and emulator beyond which a point is ruled out (Pukelsheim F 1994, The three sigma
rule, Am Stat 48:88; Vernon I et al. 2010, Bayesian Analysis 5:619)."""
_POWERS: Final = (0.25, 0.5)
"""Powers of the likelihood for the first and every later wave: wider than the posterior, so that the emulators are
accurate in its tails too."""
_WAVE_STEPS: Final = 500
_CANDIDATES: Final = 4
"""Candidate draws for each point of a wave, from which well-spread points are chosen."""
_WEIGHED: Final = 1500
"""Number of weighted draws that set the starts and proposals of the sampler."""
_TEMPERATURE: Final = 0.5
"""Power of the likelihood from which walkers start, which makes them over-dispersed."""


def likelihood_of(problem: Problem, plan: Plan, emulated: EmulatorSet) -> Likelihood:
    """The emulated likelihood of a problem's targets."""
    chosen = emulated.emulators[: len(problem.targets)]
    return Likelihood(
        priors=Priors(problem.parameters),
        emulators=chosen,
        nuggets=np.array([emulator.noise for emulator in chosen]),
        errors=errors_of(problem),
        values=np.array([target.value for target in problem.targets]),
        discrepancy=plan.discrepancy,
    )


def prior_pool(dimensions: int, size: int, seed: int) -> Floats:
    """Normal scores that fill the prior evenly (scrambled Sobol), shape (size, dimensions)."""
    power = int(np.ceil(np.log2(size)))
    quantiles = qmc.Sobol(dimensions, rng=seed).random_base2(power)[:size]
    return np.asarray(Priors(()).scores(np.clip(quantiles, 1e-6, 1.0 - 1e-6)), dtype=np.float64)


def not_ruled_out(likelihood: Likelihood, pool: Floats) -> float:
    """Share of the prior where every target is within three standard deviations of its emulator."""
    predicted = likelihood.predict(pool)
    variance = predicted.variance + likelihood.stated_variance(likelihood.scale(np.zeros_like(pool)))
    off = np.abs(likelihood.values - predicted.mean) / np.sqrt(variance)
    return float(np.mean(off.max(axis=1) < IMPLAUSIBLE))


def draw_posterior(likelihood: Likelihood, plan: Plan, pool: Floats, generator: np.random.Generator) -> PosteriorSample:
    """Draw from the posterior; ``pool`` holds normal scores of the prior (n, parameters + 1) as possible starts."""
    return _drawn(likelihood, pool, 1.0, StoppingRule(plan.effective_size, plan.most_steps), generator)


def wave_points(likelihood: Likelihood, number: int, wave: int, pool: Floats, generator: np.random.Generator) -> Floats:
    """Normal scores (number, parameters) at which to simulate next: spread over a tempered posterior."""
    power = _POWERS[min(wave, len(_POWERS) - 1)]
    wanted = _CANDIDATES * number
    drawn = _drawn(likelihood, pool, power, StoppingRule(wanted, _WAVE_STEPS), generator).scores
    candidates = drawn[generator.choice(len(drawn), size=min(wanted, len(drawn)), replace=False), :-1]
    return _apart(candidates, number, generator)


def without(likelihood: Likelihood, columns: tuple[int, ...]) -> Likelihood:
    """The likelihood without the targets in ``columns``."""
    return replace(likelihood, left_out=likelihood.left_out | frozenset(columns))


def _drawn(
    likelihood: Likelihood, pool: Floats, power: float, stopping: StoppingRule, generator: np.random.Generator
) -> PosteriorSample:
    """Draws of the prior times the likelihood to a power, until the stopping rule is met."""

    def log_density(scores: Floats) -> Floats:
        return np.asarray(
            power * likelihood.log_density(scores) - 0.5 * np.square(scores).sum(axis=1), dtype=np.float64
        )

    walkers = ENSEMBLES * walkers_for(likelihood.dimensions)
    best = pool[log_density(pool).argmax()]
    near = importance_sample(likelihood.log_density, best, generator, _WEIGHED, power)
    wide = importance_sample(likelihood.log_density, best, generator, _WEIGHED, power * _TEMPERATURE)
    starts = wide.resampled(walkers, generator)
    # A weighted draw may be chosen twice; walkers at the same point could not move apart.
    starts = starts + 0.1 * wide.spread * generator.standard_normal(starts.shape)
    return sample(log_density, starts, near.proposal, stopping, generator)


def _apart(candidates: Floats, number: int, generator: np.random.Generator) -> Floats:
    """Choose ``number`` candidates, each the farthest from those already chosen among a few at random."""
    scaled = candidates / np.maximum(candidates.std(axis=0), 1e-9)
    chosen = [int(generator.integers(len(candidates)))]
    distance = np.square(scaled - scaled[chosen[0]]).sum(axis=1)
    while len(chosen) < number:
        few = generator.choice(len(candidates), size=min(8, len(candidates)), replace=False)
        best = int(few[distance[few].argmax()])
        chosen.append(best)
        distance = np.minimum(distance, np.square(scaled - scaled[best]).sum(axis=1))
    return candidates[chosen]

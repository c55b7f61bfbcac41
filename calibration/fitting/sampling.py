"""Posterior sampling by ensembles of walkers, with convergence diagnostics.

Four ensembles (emcee: Foreman-Mackey D et al. 2013, PASP 125:306). Half of their moves propose from a t distribution
about the posterior, which is fast where the posterior is near normal; the others are differential evolution, which
copes better with many dimensions than stretch moves do. Both leave the posterior invariant, whatever its shape; emcee's
snooker move does not: in release 3.1.6 it makes posteriors too narrow. R-hat is rank-normalised and nested, with
ensembles as superchains, since walkers of one ensemble depend on each other (Margossian CC et al. 2024, Nested R-hat,
Bayesian Analysis). Effective sizes follow Vehtari A et al. 2021, Bayesian Analysis 16:667, over all walkers. Both are
computed by ArviZ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import emcee
import numpy as np
from arviz_stats.base import array_stats  # type: ignore[attr-defined, unused-ignore]

from calibration.fitting.importance import Proposal
from calibration.fitting.problem import Floats

ENSEMBLES: Final = 4
_BLOCK: Final = 100  # steps between checks of convergence
_DROPPED: Final = 4  # the first 1/4 of the steps is discarded
_FEWEST_WALKERS: Final = 32
R_HAT: Final = 1.02
"""Largest acceptable R-hat: the usual 1.01 for chains, plus what nested R-hat adds for finite ensembles."""
LogDensity = Callable[[Floats], Floats]


class Convergence(NamedTuple):
    """R-hat and effective sizes (bulk and tail) of every dimension, each of shape (dimensions,)."""

    r_hat: Floats
    ess_bulk: Floats
    ess_tail: Floats


class PosteriorSample(NamedTuple):
    """Draws from a density, with diagnostics."""

    scores: Floats  # (draws, dimensions), of all ensembles in turn
    convergence: Convergence
    steps: int  # of every walker, without the discarded ones
    accepted: float  # share of proposals


def walkers_for(dimensions: int) -> int:
    """Walkers of an ensemble: more than twice the dimensions, and even.

    >>> walkers_for(3), walkers_for(20)
    (32, 44)
    """
    return max(_FEWEST_WALKERS, 2 * dimensions + 4)


class StoppingRule(NamedTuple):
    """Stop once R-hat and every effective size are acceptable, or after ``most_steps`` steps."""

    effective_size: int
    most_steps: int


def sample(
    log_density: LogDensity, starts: Floats, proposal: Proposal, stopping: StoppingRule, generator: np.random.Generator
) -> PosteriorSample:
    """Sample until the stopping rule is met, with independence moves from the proposal and differential evolution.

    ``starts``: (4 x walkers, dimensions), spread at least as wide as the density. The first steps are discarded.
    """
    ensembles = [_ensemble(log_density, part, proposal, generator) for part in np.split(starts, ENSEMBLES)]
    taken = 0
    while True:
        block = min(_BLOCK, stopping.most_steps - taken)
        for sampler, state in ensembles:
            sampler.run_mcmc(state if taken == 0 else None, block, skip_initial_state_check=True)
        taken += block
        # (ensembles, steps, walkers, dimensions), the first steps discarded
        kept = np.stack([sampler.get_chain(discard=taken // _DROPPED) for sampler, _ in ensembles])
        convergence = converged(kept)
        enough = min(convergence.ess_bulk.min(), convergence.ess_tail.min()) >= stopping.effective_size
        if taken >= stopping.most_steps or (enough and convergence.r_hat.max() <= R_HAT):
            accepted = float(np.mean([sampler.acceptance_fraction.mean() for sampler, _ in ensembles]))
            return PosteriorSample(kept.reshape(-1, kept.shape[-1]), convergence, kept.shape[1], accepted)


def converged(chains: Floats) -> Convergence:
    """Diagnostics of chains, shape (ensembles, steps, walkers, dimensions)."""
    ensembles, steps, walkers, dimensions = chains.shape
    by_walker = chains.transpose(3, 0, 2, 1).reshape(dimensions, ensembles * walkers, steps)
    # Each half of an ensemble is a separate superchain, so that a drift common to all ensembles is detected too.
    half = steps // 2
    halves = np.concatenate([by_walker[:, :, :half], by_walker[:, :, steps - half :]], axis=1)
    belongs = np.concatenate([np.repeat(np.arange(ensembles) + part * ensembles, walkers) for part in (0, 1)])
    r_hat = [float(array_stats.rhat_nested(values, superchain_ids=belongs)) for values in halves]
    bulk = [float(array_stats.ess(values, method="bulk")) for values in by_walker]
    tail = [float(array_stats.ess(values, method="tail", prob=(0.05, 0.95))) for values in by_walker]
    return Convergence(np.array(r_hat), np.array(bulk), np.array(tail))


def _ensemble(
    log_density: LogDensity, starts: Floats, proposal: Proposal, generator: np.random.Generator
) -> tuple[emcee.EnsembleSampler, emcee.State]:
    walkers, dimensions = starts.shape

    def propose(scores: Floats, random_state: np.random.RandomState) -> tuple[Floats, Floats]:
        proposed = proposal.draw(len(scores), random_state)
        return proposed, proposal.log_density(scores) - proposal.log_density(proposed)

    moves = [
        (emcee.moves.MHMove(propose), 0.5),
        (emcee.moves.DEMove(), 0.45),
        (emcee.moves.DEMove(gamma0=1.0), 0.05),  # a long step, perhaps to another mode
    ]
    sampler = emcee.EnsembleSampler(walkers, dimensions, log_density, moves=moves, vectorize=True)
    random_state = np.random.RandomState(generator.integers(2**32))
    return sampler, emcee.State(starts, random_state=random_state.get_state())

"""Draws of the posterior by ensembles of walkers, and whether they have converged.

Four ensembles (emcee: Foreman-Mackey D et al. 2013, PASP 125:306). Half of their moves propose from a t distribution
about the posterior, which is quick where that is near normal; the others are of differential evolution, which bear many
dimensions better than a stretch does. Both leave the posterior as it is, whatever its shape; emcee's snooker move does
not, for in release 3.1.6 it makes posteriors too narrow. R-hat is the rank-normalised nested one: ensembles are its
superchains, for the walkers of one help each other (Margossian CC et al. 2024, Nested R-hat, Bayesian Analysis);
effective sizes are those of Vehtari A et al. 2021, Bayesian Analysis 16:667, over all walkers. Both are ArviZ's.
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
_BLOCK: Final = 100  # steps between looks at convergence
_DROPPED: Final = 4  # one step in so many, from the first, is not used
_FEWEST_WALKERS: Final = 32
R_HAT: Final = 1.02
"""Bar of R-hat: the customary 1.01 for chains, with what nested R-hat adds for finite ensembles."""
LogDensity = Callable[[Floats], Floats]


class Convergence(NamedTuple):
    """Of every dimension: R-hat, and effective sizes of the middle and of the tails, each of shape (dimensions,)."""

    r_hat: Floats
    ess_bulk: Floats
    ess_tail: Floats


class PosteriorSample(NamedTuple):
    """Draws of a density."""

    scores: Floats  # (draws, dimensions), of all ensembles in turn
    convergence: Convergence
    steps: int  # of every walker, after those that were dropped
    accepted: float  # share of proposals


def walkers_for(dimensions: int) -> int:
    """Walkers of an ensemble: more than twice the dimensions, and even.

    >>> walkers_for(3), walkers_for(20)
    (32, 44)
    """
    return max(_FEWEST_WALKERS, 2 * dimensions + 4)


class StoppingRule(NamedTuple):
    """When to stop: as soon as R-hat is below its bar and every effective size is reached, or after so many steps."""

    effective_size: int
    most_steps: int


def sample(
    log_density: LogDensity, starts: Floats, proposal: Proposal, stopping: StoppingRule, generator: np.random.Generator
) -> PosteriorSample:
    """Draw as much as the effort says, with moves that the proposal suggests and moves along what walkers know.

    ``starts``: (4 x walkers, dimensions), spread at least as wide as the density. A first part is dropped.
    """
    ensembles = [_ensemble(log_density, part, proposal, generator) for part in np.split(starts, ENSEMBLES)]
    taken = 0
    while True:
        block = min(_BLOCK, stopping.most_steps - taken)
        for sampler, state in ensembles:
            sampler.run_mcmc(state if taken == 0 else None, block, skip_initial_state_check=True)
        taken += block
        # (ensembles, steps, walkers, dimensions), the first part dropped
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
    # Halves of an ensemble are superchains of their own, so that a drift which all ensembles share is seen too.
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
        (emcee.moves.DEMove(gamma0=1.0), 0.05),  # a leap, perhaps to another mode
    ]
    sampler = emcee.EnsembleSampler(walkers, dimensions, log_density, moves=moves, vectorize=True)
    random_state = np.random.RandomState(generator.integers(2**32))
    return sampler, emcee.State(starts, random_state=random_state.get_state())

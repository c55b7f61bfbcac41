"""Addressed random numbers: the published generator, uniformity, independence, and compiled equality."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.foundations import categories as c
from simulator.foundations import random_numbers as draws
from simulator.foundations.compiling import compiled

MANY = 20_000
STREAMS = {
    name: value
    for name, value in vars(draws).items()
    if name.isupper() and isinstance(value, int) and not isinstance(value, bool)
}
REACH = {"CHANNEL": 32, **dict.fromkeys(("OFFER", "MEMBER", "TRIAL"), len(c.PROGRAMMES))}
"""How many numbers each stream that is added to takes up: contacts of a week, programmes."""
words = st.integers(0, 2**32 - 1)


@compiled
def words_of(a: int, b: int, c2: int, d: int, k0: int, k1: int) -> tuple[int, ...]:
    return draws.philox(a, b, c2, d, k0, k1)


@pytest.mark.parametrize(
    ("counter", "key", "known"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_known_answers_of_random123(counter: str, key: str, known: str) -> None:
    given_words = [int(word, 16) for word in f"{counter} {key}".split()]
    assert [f"{word:08x}" for word in words_of(*given_words)] == known.split()


@given(words, words, words, words, words, words)
def test_the_generator_is_the_same_compiled_as_not(a: int, b: int, c2: int, d: int, k0: int, k1: int) -> None:
    assert words_of(a, b, c2, d, k0, k1) == plain_philox((a, b, c2, d), (k0, k1))


def plain_philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, ...]:
    """Philox4x32-10 in whole numbers of Python, from the paper's definition."""
    for turn in range(10):
        k0, k1 = (key[0] + turn * 0x9E3779B9) % 2**32, (key[1] + turn * 0xBB67AE85) % 2**32
        first, second = counter[0] * 0xD2511F53, counter[2] * 0xCD9E8D57
        counter = (second >> 32 ^ counter[1] ^ k0, second % 2**32, first >> 32 ^ counter[3] ^ k1, first % 2**32)
    return counter


@given(st.integers(0, 2**63 - 1), st.integers(0, 255), st.integers(0, 2**24 - 1), words, st.integers(0, 65_535))
def test_a_draw_is_addressed_by_seed_stream_week_berth_and_generation(
    seed: int, stream: int, week: int, berth: int, generation: int
) -> None:
    expected = plain_philox((berth, generation, week, stream), (seed % 2**32, seed >> 32))
    assert draws.draw(seed, stream, week, berth, generation) == tuple((word + 0.5) / 2**32 for word in expected)


def test_a_uniform_is_never_0_and_never_1() -> None:
    assert 0.0 < draws.unit(np.uint32(0)) < 1e-9
    assert 1.0 - 1e-9 < draws.unit(np.uint32(2**32 - 1)) < 1.0


@compiled
def _of_berths(seed, stream, week, count):  # type: ignore[no-untyped-def]
    found = np.empty((count, 4))
    for berth in range(count):
        found[berth, 0], found[berth, 1], found[berth, 2], found[berth, 3] = draws.draw(seed, stream, week, berth, 0)
    return found


@pytest.mark.parametrize("seed", [0, 1, 2**40 + 3])
@pytest.mark.parametrize("stream", [draws.LIVE, draws.FEEL, draws.CHANNEL + 3])
def test_draws_are_even(seed: int, stream: int) -> None:
    for lane in _of_berths(seed, stream, 7, MANY).T:
        assert stats.kstest(lane, "uniform").pvalue > 1e-4


@pytest.mark.parametrize(
    "other",
    [(1, draws.FEEL, 7), (1, draws.LIVE, 8), (2, draws.LIVE, 7), (1 + 2**32, draws.LIVE, 7)],
    ids=["stream", "week", "seed", "high word of the seed"],
)
def test_draws_at_another_address_are_independent(other: tuple[int, int, int]) -> None:
    one, two = _of_berths(1, draws.LIVE, 7, MANY), _of_berths(*other, MANY)
    limit = 4.5 / np.sqrt(MANY)
    for lane in range(4):
        for lane2 in range(4):
            assert abs(np.corrcoef(one[:, lane], two[:, lane2])[0, 1]) < limit


def test_lanes_neighbours_and_generations_are_independent() -> None:
    found = _of_berths(1, draws.LIVE, 7, MANY)
    limit = 4.5 / np.sqrt(MANY)
    assert np.abs(np.corrcoef(found.T) - np.eye(4)).max() < limit
    assert abs(np.corrcoef(found[1:, 0], found[:-1, 0])[0, 1]) < limit
    later = np.array([draws.draw(1, draws.LIVE, 7, berth, 1)[0] for berth in range(2_000)])
    assert abs(np.corrcoef(found[:2_000, 0], later)[0, 1]) < 4.5 / np.sqrt(2_000)


def test_one_resident_more_changes_nobody_elses_draws() -> None:
    assert (_of_berths(1, draws.LIVE, 7, 500) == _of_berths(1, draws.LIVE, 7, 501)[:500]).all()


def test_the_interpreter_draws_what_compiled_code_draws() -> None:
    expected = [draws.draw(9, draws.CARE, 3, berth, 0) for berth in range(50)]
    assert [tuple(row) for row in _of_berths(9, draws.CARE, 3, 50).tolist()] == expected


@given(st.integers(0, 2**62), words, st.integers(0, 999), words, st.integers(0, 999))
def test_both_ends_of_a_pair_get_the_same_draw(seed: int, a: int, age_a: int, b: int, age_b: int) -> None:
    there = draws.pair_words(seed, draws.MEET, 5, a, age_a, b, age_b)
    if (a, age_a) != (b, age_b) and a != b:
        assert draws.pair_words(seed, draws.MEET, 5, b, age_b, a, age_a) == there
        assert draws.pair_words(seed, draws.MEET, 5, b, age_b + 1, a, age_a) != there
    low, high = sorted([(a, age_a), (b, age_b)]) if a != b else [(a, age_a), (b, age_b)]
    counter = (low[0], high[0], low[1] | high[1] << 16, 5 << 8 | draws.MEET)
    assert there == plain_philox(counter, (seed % 2**32, seed >> 32))


def test_no_two_uses_share_a_stream() -> None:
    taken = [value + k for name, value in STREAMS.items() for k in range(REACH.get(name, 1))]
    assert len(taken) == len(set(taken))
    assert max(taken) <= 255, "a pair's block shares a word with the stream"
    assert set(REACH) <= set(STREAMS)


def test_streams_with_offsets_are_listed_here() -> None:
    """The documentation of a stream says `plus`; this test would miss a new one otherwise."""
    source = inspect.getsource(draws)
    said = {line.split(":")[0] for line in source.splitlines() if "# plus" in line}
    assert said == set(REACH)

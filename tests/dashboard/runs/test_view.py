"""Links restore views, and changed links are safe."""

from __future__ import annotations

from string import ascii_lowercase, digits

from hypothesis import given
from hypothesis import strategies as st

from dashboard.runs.view import MOST_SCENARIOS, NAME, View
from simulator.comparison.outcomes import BASES

names = st.builds(
    lambda first, rest, tail: first + rest + tail,
    st.sampled_from(ascii_lowercase),
    st.text(ascii_lowercase + digits + "_", max_size=20),
    st.just("") | st.integers(0, 2**32 - 1).map("-{:08x}".format),
)
views = st.builds(
    View,
    scenarios=st.lists(names, min_size=1, max_size=MOST_SCENARIOS, unique=True).map(tuple),
    base=names,
    place=names,
    lens=st.sampled_from(["evidence", "as-claimed", "trial-evidence"]),
    per=st.sampled_from(BASES),
    model=st.none() | st.just("0.1.0+1d174e91"),
    options=st.dictionaries(
        st.sampled_from(["outcome", "quarter", "target_bed_days"]), st.sampled_from(["bed_days", "all", "-12.5"])
    ),
)


@given(views)
def test_a_link_restores_the_exact_view(view):
    assert View.of_query(view.query()) == view


@given(st.text(max_size=60))
def test_any_text_gives_a_view_whose_names_stay_in_their_folder(text):
    view = View.of_query(f"?scenarios={text}&base={text}&place={text}&lens={text}&per={text}&outcome={text}")
    assert all(NAME.fullmatch(name) for name in (*view.scenarios, view.base, view.place))
    assert view.per in BASES


def test_a_view_without_a_place_is_in_the_one_that_is_usual():
    assert View.of_query("", "somerset").place == "somerset"
    assert View.of_query("?place=frome", "somerset").place == "frome"

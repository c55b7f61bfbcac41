"""The answer to "what do I get, for how much, how large must it be, would you bet on it?", at any size of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from dashboard.text.labels import provenance
from dashboard.text.lens_names import condition, key_title
from dashboard.text.phrases import capital, listed
from dashboard.topics.signs import SIGNS, Sign, adults_of, change_of, sentence_of, signs_of
from dashboard.topics.size import reached_text
from dashboard.topics.through_lenses import Through, as_withheld, caution
from simulator.bundle import ReadyResult, bundled
from simulator.bundle.tables import spending
from simulator.comparison.comparison import Comparison
from simulator.comparison.headline import number_text, pounds_text
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.paired_statistics import range_of
from simulator.comparison.smallest_differences import Matters
from simulator.errors import SimulatorError
from simulator.experiments.between_sizes import BetweenSizes, between_sizes, of_comparison
from simulator.experiments.saturation import PROGRAMME_COLUMNS, programmes_at
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.lenses import apply_lens

WEIGHED: Final = (*SIGNS, "unmet_needs")
"""The outcomes that advice weighs."""
ADVICE: Final = {
    "do": ("Decide", "something is better even if trials are right, and nothing is worse"),
    "weigh": ("Weigh", "something is better even if trials are right, and something is worse"),
    "pilot": ("Pilot", "something is better only if Frome's claim is right"),
    "not": ("Do not", "nothing is better by enough to matter"),
}
"""Kinds of advice: in two words, and when it is given."""
_POINTS: Final = 60
"""Points of a curve between nothing and the largest multiple."""


class Advice(NamedTuple):
    """What to do with the plan at one size, and why."""

    kind: Literal["do", "weigh", "pilot", "not"]
    heading: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """A plan through each lens, at any size up to the largest that was run; made by `ready_answer` or `answer_of`."""

    plan: str
    base: str
    place: str
    residents: int
    adults: float  # NaN for a place that is not shipped
    lenses: Mapping[str, BetweenSizes]  # by key, the most cautious first
    withheld: frozenset[str]  # lenses whose ranges are withheld
    smallest: Mapping[str, pd.DataFrame]  # `SizedPlan.smallest` by lens; empty if only one size was run
    believed: str  # what one would have to believe for the strongest lens to hold
    programmes: Mapping[str, str]  # titles
    source: str
    model: str  # model version
    scenario: tuple[str, str]  # name of the place, and hash of the scenario
    flow: Mapping[str, Mapping[str, float]]  # `Comparison.ledger` in pounds a year: by service, then by account
    automates: tuple[str, ...]  # tasks
    new_money: Mapping[float, float]  # by multiple, pounds a year beside what automation frees
    spent: float  # pounds a year on programmes, at the plan's own size
    exact: Mapping[str, BetweenSizes] = field(default_factory=dict)  # the plan itself, from more pairs of runs
    estimated: pd.DataFrame | None = None  # `rows` of the plan itself, where they are those of districts
    notes: tuple[str, ...] = ()  # how such rows were made, and last, those of other sizes

    def with_runs(self, own: Answer) -> Answer:
        """The answer after the plan itself was run: that of its runs if they are more, or of another specification."""
        ours = (self.scenario, self.residents, self.model, set(self.lenses))
        if (own.scenario, own.residents, own.model, set(own.lenses)) != ours:
            return own
        mine = replace(self, exact=own.lenses, source=own.source, estimated=None, notes=self.notes[-1:])
        return mine if own.pairs > self.pairs else self

    @property
    def multiples(self) -> list[float]:
        """Multiples that were run through every lens, rising, with 0 in front."""
        several = [set(one.multiples.tolist()) for one in self.lenses.values()]
        return sorted(set.intersection(*several))

    @property
    def largest(self) -> float:
        """The largest multiple; 1 if only the plan itself was run."""
        return min(one.largest for one in self.lenses.values())

    @property
    def sized(self) -> bool:
        """Whether more than the plan itself was run."""
        return self.largest > 1.0

    @property
    def pairs(self) -> int:
        """Pairs of runs at each size."""
        return min(len(one.draws) for one in self.lenses.values())

    def rows(self, multiple: float, chosen: Matters) -> pd.DataFrame:
        """Rows of a comparison for each lens, with ``lens`` and ``withheld``."""
        if self.estimated is not None and multiple == 1.0:
            return self.estimated
        tables = []
        for key, one in (self.exact if self.exact and multiple == 1.0 else self.lenses).items():
            rows = one.at(multiple, chosen, [name for name in WEIGHED if name in one.words]).assign(
                lens=key, withheld=key in self.withheld
            )
            tables.append(as_withheld(rows))
        return pd.concat(tables, ignore_index=True)

    def signs(self, rows: pd.DataFrame) -> list[Sign]:
        """The signs of the first screen from `rows`."""
        return signs_of(rows, self.adults, {measure: self._scale(measure) for measure in SIGNS})

    def sentence(self, rows: pd.DataFrame) -> str:
        """What the plan does through each lens, with sizes."""
        return sentence_of(rows, self.adults)

    def size(self, multiple: float) -> str:
        """The plan's size in programmes, pounds and people."""
        served = [one.served(multiple) for one in self.lenses.values()]
        together = sum(served[1:], served[0]) / len(served)
        there = together[together["units"] > 0.0]
        if together.empty and self.spent > 0.0:
            # Ready results of a plan that was run at its own size alone have its spending, not its units.
            return (
                f"{listed(list(self.programmes.values()))}: {pounds_text(self.spent, 0.02 * self.spent + 1.0)} a year."
            )
        if there.empty:
            return "No programme is paid for."
        units = [
            f"{self.programmes.get(str(name), str(name))}: {float(f'{n:.2g}'):,g}" for name, n in there["units"].items()
        ]
        joined = sorted(float(table["joined"].sum()) for table in served)
        people = number_text(joined[0], 0.05 * joined[0] + 1.0), number_text(joined[-1], 0.05 * joined[-1] + 1.0)
        each = people[0] if people[0] == people[1] else f"{people[0]} to {people[1]}"
        spent = pounds_text(float(together["pounds"].sum()), 0.02 * float(together["pounds"].sum()) + 1.0)
        return f"{'; '.join(units)}. {spent} a year on programmes, which {each} people join each year."

    def new_money_at(self, multiple: float) -> float:
        """Pounds a year on programmes beside what automation frees."""
        return float(np.interp(multiple, list(self.new_money), list(self.new_money.values())))

    def targets(self) -> Iterator[str]:
        """From which size each target is met, through each lens."""
        if not self.sized:
            return
        labels = dict.fromkeys(label for table in self.smallest.values() for label in table["label"])
        for text in labels:
            parts = []
            for key, table in self.smallest.items():
                reached = reached_text(table[table["label"] == text].iloc[0], self.lenses[key].multiples[1:].tolist())
                parts.append(f"{condition(key)}, {'withheld' if key in self.withheld else reached}")
            yield f"{capital(text)}: {'; '.join(parts)}."

    def curve(self, measure: str) -> pd.DataFrame:
        """Rows of a chart: those of `dashboard.figures.size.dose_response`."""
        tables = []
        for key, one in self.lenses.items():
            run = set(one.multiples.tolist())
            at = np.array(sorted({*np.linspace(0.0, one.largest, _POINTS + 1), *run}))
            found = one.differences_at(measure, at)
            low, high = zip(*map(range_of, found), strict=True)
            rows = pd.DataFrame({"multiple": at, "curve": found.mean(axis=1), "low": low, "high": high})
            was_run = rows["multiple"].isin(run) & (rows["multiple"] > 0.0)
            rows["difference"], rows["withheld"] = rows["curve"].where(was_run), key in self.withheld
            rows.insert(0, "lens_title", key_title(key))
            tables.append(rows)
        return pd.concat(tables, ignore_index=True)

    def error(self) -> str:
        """How far the curves are off at sizes left out, and how many runs they are estimated from."""
        off = pd.DataFrame([one.missed() for one in self.lenses.values()]).max()
        admissions, lonely = (f"{off[measure]:.2g}" for measure in ("emergency_admissions", "often_always_lonely"))
        return (
            f"Between the sizes that were run ({self.pairs} pairs of runs each) the answer is estimated. At sizes left "
            f"out in turn it is off by {admissions} admissions and {lonely} percentage points of loneliness on average."
        )

    def advice(self, rows: pd.DataFrame) -> Advice:
        """Whether to decide for the plan, to weigh it, to pilot it, or not to do it, with sizes."""
        first, last = next(iter(self.lenses)), list(self.lenses)[-1]
        gains, losses = ({key: self._judged(rows, key, kind) for key in (first, last)} for kind in ("better", "worse"))
        better, worse = (_through(found) for found in (gains, losses))
        rest = self._rest(rows)
        if gains[first] and not (losses[first] or losses[last]):
            return Advice("do", "Decide for it", (better, rest))
        if gains[first]:
            return Advice("weigh", "Weigh what it gains against its price", (better, worse, rest))
        if gains[last]:
            hoped = rows[(rows["lens"] == last) & (rows["verdict"] == "better")]["measure"]
            what = listed([OUTCOMES[str(measure)].noun for measure in hoped])
            measured = f"A pilot must measure the {what} of members against those of similar people outside."
            heading = f"Pilot it first: there is a gain only {condition(last)}"
            return Advice("pilot", heading, (better, worse, measured, self.believed))
        if losses[first] or losses[last]:
            return Advice("not", "Do not do it at this size", (worse, rest))
        return Advice("not", "Too little to bet on at this size", (rest,))

    def _judged(self, rows: pd.DataFrame, key: str, kind: str) -> list[str]:
        mine = rows[(rows["lens"] == key) & (rows["verdict"] == kind) & rows["measure"].isin(WEIGHED)]
        return [self._change(row) for _, row in mine.iterrows()]

    def _rest(self, rows: pd.DataFrame) -> str:
        """The outcomes too small to matter, and those that may matter or not."""
        said = []
        for kind, words in (("small", "Too small to matter"), ("unsure", "Cannot tell yet")):
            mine = rows[(rows["verdict"] == kind) & rows["measure"].isin(WEIGHED)]
            parts = [f"{self._change(row)} {condition(str(row['lens']))}" for _, row in mine.iterrows()]
            if parts:
                said.append(f"{words}: {'; '.join(parts)}.")
        return " ".join(said)

    def _change(self, row: pd.Series[Any]) -> str:
        return change_of(row, self.adults)

    def _scale(self, measure: str) -> tuple[float, float]:
        found = [one.differences[measure] for one in self.lenses.values()]
        ends = [end for table in found for row in table for end in range_of(row)]
        return min(0.0, *ends), max(0.0, *ends)


def _through(found: Mapping[str, list[str]]) -> str:
    """What changes through each lens in which anything does; empty if nothing does."""
    parts = [f"{condition(key)}, {listed(said)}" for key, said in found.items() if said]
    return f"{capital('; '.join(parts))}." if parts else ""


def ready_answer(scenario: str, place: str, base: str, names: tuple[str, ...]) -> Answer | None:
    """The answer from the results that ship, or None if they hold none for this version of scenario, place and lenses.

    ``names`` are the lenses, the most cautious first.
    """
    try:
        hashes = tuple(apply_lens(name).hash for name in names)
    except SimulatorError:
        return None
    return _ready(scenario, place, base, names, hashes)


@lru_cache(maxsize=64)
def _ready(scenario: str, place: str, base: str, names: tuple[str, ...], _lenses: tuple[str, ...]) -> Answer | None:
    """`ready_answer` for lenses with these hashes, made once."""
    ready: dict[str, ReadyResult] = {}
    for lens in names:
        try:
            ready[lens] = bundled(scenario, place, lens)
        except SimulatorError:
            return None
        if ready[lens].base_record["scenario"] != base:
            return None
    sized = all(len(found.tables["size_pairs"]) for found in ready.values())
    lenses, smallest = {}, {}
    for key, found in ready.items():
        tables = found.tables
        if sized:
            lenses[key] = between_sizes(tables["size_curves"], tables["size_pairs"], tables["size_programmes"])
            smallest[key] = tables["size_smallest"]
        else:
            rows = tables["summary"][tables["summary"]["measure"].isin(WEIGHED)]
            pairs = tables["pairs"][tables["pairs"]["measure"].isin(WEIGHED)].assign(multiple=1.0)
            lenses[key] = between_sizes(rows, pairs, pd.DataFrame(columns=list(PROGRAMME_COLUMNS)))
    records = [found.record for found in ready.values()]
    tables = next(iter(ready.values())).tables
    paid = tables["spending"].set_index("measure")["scenario"]
    more = {float(row["multiple"]): float(row["new_money_instead"]) for _, row in tables["size_sizes"].iterrows()}
    money = _Money(tables["ledger"], paid, more or {1.0: 0.0})
    return _answer(records, next(iter(ready.values())).base_record, lenses, smallest, money)


def answer_of(found: Through) -> Answer:
    """The answer from finished runs of the plan at its own size."""
    lenses = {key: of_comparison(one, WEIGHED, programmes_at([(1.0, one.scenario)])) for key, one in found.items()}
    first: Comparison = next(iter(found.values()))
    money = _Money(first.ledger(), spending(first).set_index("measure")["scenario"], {1.0: 0.0})
    return _answer([one.scenario.record for one in found.values()], first.baseline.record, lenses, {}, money)


def answer_through(found: Through) -> Answer:
    """The answer from finished runs, at the sizes that ship for the same plan, lenses and model, if any do."""
    own = answer_of({key: found[key] for key in sorted(found, key=caution)})
    first = next(iter(found.values()))
    names = tuple(own.lenses)
    ready = ready_answer(first.scenario.scenario, own.scenario[0], first.baseline.scenario, names)
    return ready.with_runs(own) if ready else own


class _Money(NamedTuple):
    """The money of a plan, which both lenses have in common but for the chance of runs."""

    ledger: pd.DataFrame  # `Comparison.ledger`
    paid: pd.Series[float]  # `simulator.bundle.tables.spending` at the plan's own size, by measure
    instead: Mapping[float, float]  # by multiple, new money beyond that


def _answer(
    records: list[Mapping[str, Any]],
    base: Mapping[str, Any],
    lenses: Mapping[str, BetweenSizes],
    smallest: Mapping[str, pd.DataFrame],
    money: _Money,
) -> Answer:
    first, keys = records[0], list(lenses)
    accounts = money.ledger.assign(pounds=money.ledger["pounds"] * WEEKS_PER_YEAR / int(first["weeks"]))
    other = float(money.paid["other_money"])
    titles = [str(record["lens_title"]) for record in records if "lens_title" in record]
    read = {"lens_title": "; ".join(titles)} if titles else {}
    flow = {
        str(name): dict(zip(mine["account"].astype(str), mine["pounds"], strict=True))
        for name, mine in accounts.groupby("service", observed=True)
    }
    return Answer(
        plan=str(first["scenario_title"]),
        base=str(base["scenario_title"]),
        place=str(first["place_title"]),
        residents=int(first["residents"]),
        adults=adults_of(str(first["place"]), int(first["residents"])),
        lenses=lenses,
        withheld=frozenset(key for key, record in zip(keys, records, strict=True) if record.get("lens_faults")),
        smallest=smallest,
        believed=str(records[-1].get("lens_believed", "")),
        programmes={str(one["name"]): str(one["title"]) for one in first.get("programmes", ())},
        model=str(first["model_version"]),
        scenario=(str(first["place"]), str(first["scenario_hash"])),
        flow=flow,
        automates=tuple(first.get("automates", ())),
        new_money={0.0: 0.0, **{at: at * other + more for at, more in money.instead.items()}},
        spent=float(money.paid["spent"]),
        source=provenance({**first, **read}, base, min(len(one.draws) for one in lenses.values())),
    )

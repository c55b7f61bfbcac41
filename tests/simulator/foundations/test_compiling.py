"""Parameters as one record: the same numbers by the same names, and a refusal of what no record holds."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from simulator.errors import SimulatorError
from simulator.evidence import load_evidence
from simulator.foundations.compiling import compiled, pack, record_type
from simulator.specification.lookup_tables import Parameters, build_tables
from simulator.specification.programme_table import ProgrammeTable, no_programmes
from simulator.specification.spec import rates_from


class Inner(NamedTuple):
    share: float
    table: Any


class Outer(NamedTuple):
    count: int
    inner: Inner
    flags: Any


VALUE = Outer(2**53 + 1, Inner(0.1, np.array([1.5, 2.5])), np.array([1, 0, 1], np.uint8))


def test_a_record_holds_the_same_values_by_the_same_names() -> None:
    packed = pack(VALUE)
    assert packed["count"].tolist() == [2**53 + 1]
    assert packed["inner"]["share"].tolist() == [0.1]
    assert packed["inner"]["table"].tolist() == [[1.5, 2.5]]
    assert packed["flags"].tolist() == [[1, 0, 1]]
    assert record_type(VALUE).names == VALUE._fields
    assert record_type(VALUE)["flags"].subdtype == (np.dtype(np.uint8), (3,))


def test_a_record_is_a_copy() -> None:
    table = np.array([1.0, 2.0])
    packed = pack(Inner(0.5, table))
    table[0] = 9.0
    assert packed["table"].tolist() == [[1.0, 2.0]]


@compiled
def _read(x):  # type: ignore[no-untyped-def]
    x = x[0]
    return x.inner.table[1] * x.inner.share + x.flags[2]


def test_compiled_code_reads_a_record_by_name() -> None:
    assert _read(pack(VALUE)) == 2.5 * 0.1 + 1


@pytest.mark.parametrize(("value", "kind"), [("text", "str"), (None, "NoneType"), ([1.0], "list")])
def test_what_no_record_holds_is_refused(value: Any, kind: str) -> None:
    with pytest.raises(SimulatorError) as caught:
        pack(Inner(1.0, value))
    assert str(caught.value) == f"a record holds numbers and tables, not {kind}"


def test_all_parameters_survive_packing_to_the_last_bit() -> None:
    rates = rates_from(load_evidence())
    value = Parameters(rates, build_tables(rates), ProgrammeTable(**no_programmes()))
    packed = pack(value)
    compared = 0
    for part, topics in (("rates", rates._fields), ("tables", ("",)), ("programmes", ("",))):
        for topic in topics:
            whole = getattr(getattr(value, part), topic) if topic else getattr(value, part)
            record = packed[part][topic] if topic else packed[part]
            for name in whole._fields:
                assert np.asarray(record[name]).tobytes() == np.asarray(getattr(whole, name)).tobytes(), name
                compared += 1
    assert compared > 120

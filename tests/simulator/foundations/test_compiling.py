"""Parameters as one compiled record, and parts of loops compiled only there."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numba.core import codegen, compiler

from simulator.errors import SimulatorError
from simulator.evidence import load_evidence
from simulator.foundations import numba_code
from simulator.foundations.compiling import compiled, helper, no_garbage_collected, pack, record_type
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


@pytest.mark.parametrize("value", ["text", None, [1.0]])
def test_values_that_a_record_cannot_hold_are_refused(value: Any, messages) -> None:
    with messages.raised(SimulatorError):
        pack(Inner(1.0, value))


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


def test_the_private_numba_classes_that_are_changed_exist() -> None:
    """If Numba moved a name: see whether `foundations.numba_code` still saves what it says, or drop its classes."""
    changed = {name for name in vars(numba_code._Part) if not name.startswith(("__", "_abc"))}
    assert changed == {"codegen", "get_pointer_to_function", "_optimize_final_module", "_finalize_final_module"}
    assert {*changed, "_finalize_dynamic_globals"} <= set(dir(codegen.JITCodeLibrary))
    assert "set_env" in dir(codegen.JITCPUCodegen)
    assert "define_pipelines" in dir(compiler.Compiler)
    assert compiler.Flags().noalias is False


def test_a_part_of_a_loop_is_made_into_machine_code_only_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(numba_code._CACHE, "CACHE_DIR", str(tmp_path))  # not from the cache: it has to be compiled here
    parts = []
    finalize = numba_code._Part._finalize_final_module

    def recorded(part: Any) -> None:
        parts.append(part)
        finalize(part)

    monkeypatch.setattr(numba_code._Part, "_finalize_final_module", recorded)

    @helper
    def twice(x):  # type: ignore[no-untyped-def]
        return 2 * x

    @compiled
    def loop(x):  # type: ignore[no-untyped-def]
        return twice(x) + 1

    assert loop(3) == 7
    (part,) = parts
    assert "twice" in part.name
    assert type(part.codegen) is numba_code._NoMachineCode


def test_garbage_collection_pauses_during_compilation() -> None:
    assert gc.isenabled()
    with no_garbage_collected(), no_garbage_collected():
        assert not gc.isenabled()
    assert gc.isenabled()

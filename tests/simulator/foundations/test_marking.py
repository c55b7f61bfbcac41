"""Parts of compiled loops that two threads mark while a third imports Numba each reach it once."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.thorough

CODE = """
import importlib, threading
from simulator.foundations import compiling

seen, ready = [], threading.Barrier(3)

def slow(function, kind):  # as long as Numba takes
    threading.Event().wait(0.0005)
    seen.append(function)

def mark():
    ready.wait()
    for _ in range(200):
        compiling.helper(lambda: None)

def importer():
    ready.wait()
    threading.Event().wait(0.002)
    compiling.register_parts_with(slow)

before = len(compiling._WAITING)
threads = [threading.Thread(target=one) for one in (mark, mark, importer)]
for one in threads:
    one.start()
for one in threads:
    one.join()
print(before + 400, len(seen), len(set(seen)))
"""


def test_parts_that_are_marked_while_numba_is_imported_are_registered_once():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=True)
    expected, registered, different = map(int, done.stdout.split())
    assert registered == different == expected


def test_threads_may_import_the_model_at_the_same_time():
    code = """
import importlib, threading
names = ["simulator.model.place_model", "simulator.rules.ties", "simulator.comparison.comparison", "simulator.api"]
faults = []

def work(name):
    try:
        importlib.import_module(name)
    except Exception as error:
        faults.append(repr(error))

threads = [threading.Thread(target=work, args=(name,)) for name in names]
for one in threads:
    one.start()
for one in threads:
    one.join()
print(faults)
"""
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
        assert done.stdout == "[]\n"

"""Every rule: identical results compiled and interpreted, for any arguments."""

from __future__ import annotations

import ast
import importlib
import inspect
import math
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulator
from simulator.foundations.compiling import compiled

ROOT = Path(simulator.__file__).parent
OUTSIDE = (ValueError, ZeroDivisionError, OverflowError, TypeError)
"""What plain Python raises outside a rule's domain, where compiled code gives nan."""
TRIALS = 300
ENOUGH = 40


def marked_rules() -> dict[str, Callable[..., Any]]:
    """Every function decorated with @rule, by module and name."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        module, text = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts), path.read_text(encoding="utf-8")
        for node in ast.parse(text).body if "@rule" in text else ():
            decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
            if any(isinstance(decorator, ast.Name) and decorator.id == "rule" for decorator in decorators):
                assert isinstance(node, ast.FunctionDef)
                found[f"{module}.{node.name}"] = getattr(importlib.import_module(module), node.name)
    return found


RULES = marked_rules()


def arguments_for(signature: inspect.Signature, random: np.random.Generator) -> list[Any]:
    """Random arguments; those that are draws by their name lie between 0 and 1."""
    return [
        float(random.random()) if name == "u" or name.startswith("u_") else one_argument(parameter.annotation, random)
        for name, parameter in signature.parameters.items()
    ]


def one_argument(kind: str, random: np.random.Generator) -> Any:
    """A random argument of the kind that an annotation names: mostly small, as shares and rates are."""
    if kind.startswith("tuple["):
        return tuple(one_argument(part.strip(), random) for part in kind[6:-1].split(","))
    if kind == "bool":
        return bool(random.integers(0, 2))
    if kind == "int":
        return int(random.integers(0, (2, 8, 6_000)[int(3 * random.random())]))
    assert kind == "float", f"no arguments of kind {kind} are known"
    which = int(6 * random.random())
    if which >= 4:
        return float(which - 4)
    return float(random.normal() if which == 3 else (20.0 if which == 2 else 1.0) * random.random())


def bits(value: Any) -> tuple[Any, ...]:
    """The identity of a value: the bytes of a float, any other value unchanged."""
    values = value if isinstance(value, tuple) else (value,)
    return tuple(struct.pack("d", one) if isinstance(one, float) else int(one) for one in values)


def test_the_rules_are_found() -> None:
    assert len(RULES) > 45
    assert sum(name.startswith("simulator.rules.") for name in RULES) > 38


@pytest.mark.parametrize("name", list(RULES))
def test_a_rule_is_the_same_compiled_as_interpreted(name: str) -> None:
    rule = RULES[name]
    signature = inspect.signature(rule)
    fast = compiled(rule)
    random = np.random.default_rng(len(name))
    tried = 0
    for _ in range(TRIALS):
        arguments = arguments_for(signature, random)
        try:
            expected = rule(*arguments)
        except OUTSIDE:
            continue
        if not all(math.isfinite(one) for one in np.atleast_1d(expected)):
            continue
        assert bits(fast(*arguments)) == bits(expected), arguments
        tried += 1
    assert tried >= ENOUGH


@pytest.mark.parametrize("name", list(RULES))
def test_a_rule_returns_its_documented_type(name: str) -> None:
    rule = RULES[name]
    signature = inspect.signature(rule)
    random = np.random.default_rng(1)
    kind = {"bool": bool, "int": int, "float": float}.get(str(signature.return_annotation), tuple)
    given = 0
    for _ in range(TRIALS):
        arguments = arguments_for(signature, random)
        try:
            value = rule(*arguments)
        except OUTSIDE:
            continue
        assert isinstance(value, kind), arguments
        given += 1
    assert given >= ENOUGH

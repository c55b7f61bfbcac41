"""Random changes to a text or to plain data, by a seeded generator."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any

STRANGE: Sequence[Any] = (
    None,
    True,
    0,
    -1,
    0.5,
    1e308,
    -1e308,
    2**53,
    2**63,
    10**400,
    float("inf"),
    float("nan"),
    "",
    " ",
    "60 %",
    "-60 %",
    "1e999 %",
    "9" * 400 + " %",
    "baseline",
    "frome",
    "../../etc/passwd.yaml",
    "/dev/zero",
    "x" * 300,
    "é" * 150 + ".yaml",
    "a\0b.yaml",
    "\ud800",
    "\u202e",
    "2026-04-01",
    "2026-13-45",
    "0000-00-00",
    "<script>alert(1)</script>",
    "{0}",
    "%s",
    [],
    {},
    [[]],
    [{}],
    {"": ""},
    {"value": {"value": 1}},
    [1] * 200,
)
"""Values that have broken programs."""
TOKENS = (
    *("0x" + "F" * 60, "1e400", ".inf", ".nan", "-.inf", "1_000", "0o17", "2026-04-01", "2026-02-30", "12:30:45", "~"),
    *(
        "!!python/object/apply:os.system",
        "&a",
        "*a",
        "<<: *a",
        "---",
        "...",
        "|",
        ">",
        "? ",
        "- - -",
        "[",
        "]",
        "{",
        "}",
    ),
    *("\t", "\0", "\r", "\ufeff", "\x85", "\u2028", "#", ": ", "'", '"', '"\\0"', '"\\ud800"', "%YAML 9.9", "@", "`"),
    *("9" * 400, "x" * 300, "k: " * 30, "- " * 40, "[" * 60, "{a: " * 30),
)
"""Pieces of text that mean something to a reader of YAML, CSV or JSON, or did once."""


def changed_text(text: str, random: Random, others: Sequence[str] = ()) -> str:
    """The text after one to four random changes; ``others`` are texts to take lines from."""
    for _ in range(random.randint(1, 4)):
        lines = text.split("\n")
        at = random.randrange(len(lines))
        line = lines[at]
        kind = random.randrange(10)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(random.randrange(len(lines) + 1), line)
        elif kind == 2:
            lines[at] = line[: random.randint(0, len(line))]
        elif kind == 3:
            lines[at] = " " * random.randint(0, 6) + line.strip()
        elif kind in (4, 5):
            head, colon, _ = line.partition(": ")
            lines[at] = f"{head}{colon}{_written(random)}"
        elif kind == 6:
            place = random.randint(0, len(line))
            lines[at] = line[:place] + random.choice(TOKENS) + line[place:]
        elif kind == 7:
            place = random.randint(0, len(line))
            character = chr(random.choice((random.randrange(128), random.randrange(0xD7FF))))
            lines[at] = line[:place] + character + line[place:]
        elif kind == 8 and others:
            lines.insert(at, random.choice(random.choice(others).split("\n")))
        else:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        text = "\n".join(lines)
    return text


def _written(random: Random) -> str:
    """A strange value or token as it is written in a file."""
    if random.random() < 0.5:
        return random.choice(TOKENS)
    return json.dumps(strange(random))


def strange(random: Random) -> Any:
    """A value that has broken programs, or one that has not yet."""
    kind = random.randrange(6)
    if kind == 0:
        return random.randint(-(10 ** random.randint(0, 40)), 10 ** random.randint(0, 40))
    if kind == 1:
        return random.uniform(-1, 1) * 10 ** random.randint(-20, 300)
    if kind == 2:
        return "".join(chr(random.randrange(0x2FFF)) for _ in range(random.randrange(12)))
    return random.choice(STRANGE)


def changed_data(data: Any, random: Random) -> Any:
    """Plain data with one part replaced, removed, repeated or wrapped."""
    if random.random() < 0.25 or not isinstance(data, dict | list) or not data:
        return random.choice((strange(random), [data], {"value": data}))
    if isinstance(data, dict):
        key = random.choice(list(data))
        if random.random() < 0.15:
            return {name: value for name, value in data.items() if name != key}
        if random.random() < 0.1:
            return {**data, str(strange(random)): data[key]}
        return {**data, key: changed_data(data[key], random)}
    at = random.randrange(len(data))
    if random.random() < 0.2:
        return data[:at] + data[at + 1 :] if random.random() < 0.5 else data * random.randint(2, 4)
    return [*data[:at], changed_data(data[at], random), *data[at + 1 :]]

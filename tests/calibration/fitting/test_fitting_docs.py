"""The example and the description of gates in docs/fitting.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[3] / "docs" / "fitting.md").read_text(encoding="utf-8")


@pytest.mark.thorough
def test_the_example_fits_and_names_every_gate_of_the_page(tmp_path, monkeypatch, capsys):
    (example,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(example, "docs/fitting.md", "exec"), names)
    assert names["certificate"].intervals == "as they are", names["certificate"].reasons
    assert (tmp_path / "runs.sqlite").exists()
    assert "growth" in capsys.readouterr().out
    table = PAGE.split("## The certificate")[1].split("*Withheld*")[0]
    assert table.count("\n| ") - 1 == len(names["certificate"].gates)
    for gate in names["certificate"].gates.gate:
        assert re.split(r" \(", gate)[0] in table

"""A dashboard over made-up runs that differ clearly, for tests that only read it."""

from __future__ import annotations

import pytest

from tests.helpers.finished_runs import application, made_up_arms


@pytest.fixture(scope="session")
def made_up(tmp_path_factory):
    return application(tmp_path_factory.mktemp("made_up"), made_up_arms())

"""Settings of hypothesis for every test, and the fixture `messages`, through which the product's wording is held.

Compiled code is slow once and then quick, so no example of hypothesis has a deadline.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import mesa  # noqa: F401 - first, since it looks through all that is imported before it
import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.helpers.messages")

from tests.helpers.messages import COLLECTED, HEARD, TESTS, Messages, key_of, read, write_anew  # noqa: E402

settings.register_profile(
    "repository",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),  # in CI the same examples every time; elsewhere new ones
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repository")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-messages", action="store_true", help="write what tests hear the product say anew")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[HEARD], config.stash[COLLECTED] = {}, set()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not any("::" in argument for argument in config.args):
        config.stash[COLLECTED] = {key_of(item) for item in items if TESTS in item.path.parents}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> object:
    result = yield
    if "messages" in getattr(item, "fixturenames", ()):
        heard = item.funcargs["messages"]
    else:
        heard = messages_of(item, TESTS)
    heard.done()
    item.config.stash[HEARD][key_of(item)] = heard.heard
    return result


def messages_of(item: pytest.Item, folder: Path) -> Messages:
    room, name = key_of(item)
    return Messages(read(room).get(name, []), folder, update=item.config.option.update_messages)


@pytest.fixture
def messages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Messages:
    """Holds what the product says to what `messages.txt` of the room has for this test."""
    return messages_of(request.node, tmp_path_factory.getbasetemp())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With --update-messages: hand over what was heard, or write it."""
    stash = session.config.stash
    if not session.config.option.update_messages:
        return
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["messages"] = (list(stash[HEARD].items()), list(stash[COLLECTED]))
    else:
        write_anew(stash[HEARD], stash[COLLECTED])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker's tests have heard."""
    heard, collected = getattr(node, "workeroutput", {}).get("messages", ((), ()))
    node.config.stash[HEARD].update(heard)
    node.config.stash[COLLECTED].update(collected)

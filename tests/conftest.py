"""Set-up of tests: all processors, settings of hypothesis, and the fixture `messages` for the product's wording."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Generator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # tests run on every processor: threads of one wait for another's

sys.dont_write_bytecode = False  # images of containers often set it; every process would compile all of this anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

pytest.register_assert_rewrite("tests.helpers.messages")

from tests.helpers.messages import COLLECTED, HEARD, TESTS, Messages, key_of, read, rewrite  # noqa: E402

settings.register_profile(
    "repository",
    deadline=None,  # compiled code is slow once and then quick
    derandomize=bool(os.environ.get("CI")),  # in CI the same examples every time; elsewhere fewer, and new ones
    max_examples=100 if os.environ.get("CI") else 40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repository")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-messages", action="store_true", help="rewrite the stored messages of the product")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run one file of tests at a time on every processor, unless a single file, -n, --pdb or -p no:xdist is given."""
    one_file = len(config.args) == 1 and ".py" in config.args[0]
    asked = config.getoption("numprocesses", 0) is not None or config.getoption("dist", "no") != "no"
    if not (asked or one_file or config.getoption("usepdb") or hasattr(config, "workerinput")):
        processors = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
        config.option.numprocesses, config.option.dist = len(processors), "loadfile"
        config.option.loadscopereorder = False  # the files of a room follow each other


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    if config.getoption("dist", "no") != "loadfile":
        return None
    from tests.helpers.scheduling import FromBothEnds

    return FromBothEnds(config, log)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[HEARD], config.stash[COLLECTED] = {}, set()


def pytest_report_header(config: pytest.Config) -> str:
    if workers := config.getoption("numprocesses", None):
        return f"{workers} tests at a time, one on each processor; with -n 0 one after the other, as for a debugger"
    return "one test after the other"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the simulator, and what tests compile besides, before there are workers, which would otherwise all
    compile it. Where tests are run, import Mesa first, since it inspects everything that was imported before it, build
    the command line once for all tests that invoke it, and keep more warm-ups than the last, since most runs of tests
    are of a few small places and seeds, and their warm-up takes twice as long as a quarter.
    """
    from simulator.model import simulation

    if not session.config.getoption("numprocesses", None):
        import mesa  # noqa: F401
        import typer.testing

        typer.testing._get_command = cache(typer.testing._get_command)
        simulation._warmed_up = lru_cache(maxsize=64)(simulation._warm_up)
        return
    if not simulation.is_compiled_ahead():
        from tests.helpers.loops import compile_loops
        from tests.helpers.small_runs import small_spec

        terminal = session.config.pluginmanager.getplugin("terminalreporter")
        terminal.write_line("Compiling the simulator, once for this version of it: about half a minute ...")
        # In one process: two, as for users, take less time and a third more work.
        simulation.compile_ahead(small_spec())
        compile_loops(small_spec())


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Exempt imported modules from garbage collection, which would take a third of the time of collecting the tests
    and a tenth of that of running them; and collect less often, which saves another twentieth.
    """
    gc.disable()
    try:
        import_from_the_end(session.config)
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)


def import_from_the_end(config: pytest.Config) -> None:
    """In every other worker, import the last tests first, so that each of two rewrites the assertions of half of them,
    which takes three seconds for all, and finds those of the other half in the cache.
    """
    if int(getattr(config, "workerinput", {}).get("workerid", "gw0")[2:]) % 2:
        files = sorted(path for argument in config.args for path in Path(argument).rglob("test_*.py"))
        for path in reversed(files):
            with contextlib.suppress(Exception, pytest.skip.Exception):  # collecting the file tells what is wrong
                importlib.import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not any("::" in argument for argument in config.args):
        ours = {path for path in {item.path for item in items} if TESTS in path.parents}
        config.stash[COLLECTED] = {key_of(item) for item in items if item.path in ours}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> object:
    result = yield
    if "messages" in getattr(item, "fixturenames", ()):
        heard = item.funcargs["messages"]
        assert heard.heard, "this test asks for messages and checks none"
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
    """Compares messages of the product with those stored for this test in `messages.txt` of the room."""
    return messages_of(request.node, tmp_path_factory.getbasetemp())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With --update-messages, write the recorded messages, or pass them to the main process."""
    stash = session.config.stash
    if not session.config.option.update_messages:
        return
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["messages"] = (list(stash[HEARD].items()), list(stash[COLLECTED]))
    else:
        rewrite(stash[HEARD], stash[COLLECTED])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collect the messages recorded by a worker's tests."""
    heard, collected = getattr(node, "workeroutput", {}).get("messages", ((), ()))
    node.config.stash[HEARD].update(heard)
    node.config.stash[COLLECTED].update(collected)

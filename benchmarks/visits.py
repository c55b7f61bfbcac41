"""Visits of the dashboard in Chromium: over a slow link, and from page to page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.product import spec_of
from dashboard.application.page_list import PAGES
from dashboard.runs.library import Library
from dashboard.text.lens_names import applied_lens_by_key, shown_lenses
from simulator.api import run_comparable

CHROMIUM: Final = os.environ.get("OFFSET_CHROMIUM", "/usr/bin/chromium")
LINK: Final = {"offline": False, "latency": 40, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}
"""10 Mb/s, 40 ms."""
RESIDENTS: Final = 2_000
PAIRS: Final = 8
_WATCH: Final = """
window.seen = {};
new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (entry.element && entry.element.closest('main') && !window.seen.paint) { window.seen.paint = entry.startTime; }
})).observe({type: 'largest-contentful-paint', buffered: true});
(function look() {
    const chosen = document.querySelector('#scenario');
    if (!window.seen.usable && chosen && chosen.value && document.querySelector('#outcomes .main-svg')) {
        setTimeout(() => { window.seen.usable = performance.now(); });
        return;
    }
    requestAnimationFrame(look);
})();
"""
_SWITCH: Final = """
path => new Promise(done => {
    const parts = '.dash-graph, .ag-theme-quartz, .not-yet';
    const drawn = part => part.querySelector(part.matches('.dash-graph') ? '.main-svg' : '.ag-row');
    const seen = part => {
        const box = part.getBoundingClientRect();
        return box.top < window.innerHeight && box.bottom > 0;
    };
    let inView = null;
    const began = performance.now();
    const link = [...document.querySelectorAll('nav a')].find(one => one.pathname === path);
    link.click();
    (function look() {
        const main = document.querySelector('main');
        const here = document.querySelector('nav .current a');
        const stands = here && here.pathname === path && main.querySelector('h1') && window.offsetPath === path;
        const missing = [...main.querySelectorAll(parts)].filter(one => !drawn(one));
        if (stands && inView === null && !missing.some(seen)) { inView = performance.now() - began; }
        if (stands && !missing.length) { done([inView, performance.now() - began]); return; }
        requestAnimationFrame(look);
    })();
})
"""


class Visit(NamedTuple):
    """One opening of the dashboard with nothing in the browser's cache."""

    painted: float  # seconds to the first words of the page's own content
    usable: float  # seconds to page Answer with its chart drawn and working choices
    megabytes: float  # everything sent, compressed


class Switch(NamedTuple):
    """One switch from a page to another."""

    in_view: float  # seconds until everything in the visible window is drawn
    whole: float  # seconds until everything is drawn, including content below the window


def can_visit() -> bool:
    """Whether a browser and the package that drives it are installed."""
    try:
        import playwright.sync_api  # noqa: F401 - only to see if it is installed
    except ImportError:
        return False
    return Path(CHROMIUM).is_file()


@contextmanager
def served() -> Iterator[str]:
    """The address of a dashboard, started as by a user, with finished runs of a small Frome."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        fill(Path(folder))
        command = [sys.executable, "-m", "dashboard.command_line", "dashboard", "--folder", folder]
        server = subprocess.Popen([*command, "--no-prepare", "--port", "0"], stderr=subprocess.PIPE, text=True)
        try:
            yield address_of(server)
        finally:
            server.terminate()
            server.wait()


def fill(folder: Path) -> None:
    """Make the runs that the pages show at first, through every lens, in a small Frome."""
    library = Library(folder)
    for lens in shown_lenses():
        applied_lens = applied_lens_by_key(lens)
        specs = [spec_of(name, RESIDENTS).read_through(applied_lens) for name in ("baseline", "relational_offset")]
        for results in run_comparable(specs, range(PAIRS), 1):
            library.keep(results, lens)


def address_of(server: subprocess.Popen[str]) -> str:
    """The address that a server prints once it accepts requests."""
    assert server.stderr is not None
    line = server.stderr.readline()
    found = re.search(r"http://\S+", line)
    if found is None:
        raise RuntimeError(f"the dashboard did not start: {line}{server.stderr.read()}")
    return found[0]


def first_visits(address: str, repeats: int) -> list[Visit]:
    """Open page Answer over a slow link with an empty cache, ``repeats`` times."""
    with _browser() as browser:
        return [_first_visit(browser, address) for _ in range(repeats)]


def _first_visit(browser: Any, address: str) -> Visit:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    received: list[float] = []
    network = context.new_cdp_session(page)
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", LINK)
    page.add_init_script(_WATCH)
    page.goto(address)
    page.wait_for_function("() => window.seen.usable && window.seen.paint")
    page.wait_for_load_state("networkidle")
    seen = page.evaluate("window.seen")
    context.close()
    return Visit(seen["paint"] / 1e3, seen["usable"] / 1e3, sum(received) / 1e6)


def page_switches(address: str, repeats: int) -> dict[str, list[Switch]]:
    """Time of each page from a click on its link, on loopback, after a first visit."""
    with _browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(_WATCH)
        page.goto(address)
        page.wait_for_function("() => window.seen.usable")
        switches: dict[str, list[Switch]] = {one.TITLE: [] for one in PAGES}
        for round_ in range(repeats + 1):
            for one in (*PAGES[1:], PAGES[0]):
                taken = page.evaluate(_SWITCH, one.PATH)
                page.wait_for_load_state("networkidle")
                if round_:  # the first visit loads what only that page needs
                    switches[one.TITLE].append(Switch(*(milliseconds / 1e3 for milliseconds in taken)))
        return switches


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()

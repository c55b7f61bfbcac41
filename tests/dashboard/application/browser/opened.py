"""A served dashboard, a page of it in Chromium, and a keyboard user."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.serving import make_server

from dashboard.server.serving import secure

CHROMIUM = os.environ.get("OFFSET_CHROMIUM", "/usr/bin/chromium")
WIDE, TABLET, ZOOMED, PHONE = 1440, 1024, 720, 360  # 720: a window of 1440 at 200 %
DRAWN = ".js-plotly-plot .main-svg"
_FOCUSED = """() => { const one = document.activeElement;
    return one === document.body ? '' : `${one.id} ${one.ariaLabel || ''} ${one.textContent.slice(0, 80)}`; }"""


@contextmanager
def served(app) -> Iterator[str]:
    """The address of an application while it is served."""
    secure(app)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


class Opened:
    """A page in a window of some width, with its console errors and outside requests."""

    def __init__(self, window, address, path, width=WIDE):
        self.address = address
        self.page = window.new_page()
        self.page.set_viewport_size({"width": width, "height": 1000})
        self.complaints, self.outside = [], []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._note(asked.url))
        self.page.goto(f"{address}{path}")
        self.settle()

    def settle(self):
        """Wait until the page stands, its charts are drawn and nothing more is asked for."""
        self.page.wait_for_selector("#page h1")
        if self.page.query_selector("#page .chart[role=img]"):
            self.page.wait_for_selector(f"#page {DRAWN}")
        self.page.wait_for_load_state("networkidle")

    def _note(self, url):
        if not url.startswith((self.address, "data:", "blob:")):
            self.outside.append(url)

    def go_to(self, title):
        """Press a link of the navigation, which may be in its folded part."""
        if not self.page.is_visible(f"nav >> text='{title}'"):
            self.page.click(f"nav details:has-text('{title}') summary")
        self.page.click(f"nav >> text='{title}'")
        self.page.wait_for_function("title => document.querySelector('nav .current').textContent === title", arg=title)
        self.settle()

    def fits(self):
        """Whether nothing is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    def picture(self, name):
        """Leave a picture of the whole page in the folder that OFFSET_PICTURES names, if it names one."""
        folder = os.environ.get("OFFSET_PICTURES")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    @property
    def focused(self):
        """Id, name and text of the focused element."""
        return self.page.evaluate(_FOCUSED)

    def reach(self, what, key="Tab"):
        """Press a key until the focused element has this id, name or text."""
        passed = []
        for _ in range(400):
            self.page.keyboard.press(key)
            passed.append(self.focused)
            if what in passed[-1]:
                return
        raise AssertionError(f"{what} cannot be reached with {key}; last passed {passed[-20:]}")

    def press(self, *keys):
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def replace(self, text):
        """Replace the text of a field."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def sees(self, text):
        """Wait until a text is on the page."""
        self.page.wait_for_selector(f"#page >> text={text}")

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.page.close()

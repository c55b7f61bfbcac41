"""Take the README's pictures of a dashboard that is open: ``python .ci/take_pictures.py [ADDRESS]``.

Needs the extra ``browser``, Chromium (OFFSET_CHROMIUM names it) and, at the address, ``offset dashboard``.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright

FOLDER: Final = Path(__file__).parents[1] / "docs" / "pictures"
PICTURES: Final = {
    "answer": "/",
    "compare": "/compare",
    "people": "/people",
}
SIZE: Final = {"width": 1440, "height": 1100}
COLOURS: Final = 160
MOST_BYTES: Final = 150_000


def take(page: Page, address: str, path: str) -> bytes:
    """A picture of a page as somebody sees it who has just opened it, as PNG."""
    page.goto(f"{address}{path}")
    page.wait_for_selector("#page h1")
    page.wait_for_selector("#page .js-plotly-plot .main-svg, #page [data-arm] canvas")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)  # a canvas says nothing of when it is drawn
    small = io.BytesIO()
    whole = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    whole.quantize(COLOURS, Image.Quantize.MEDIANCUT).save(small, "PNG", optimize=True)
    return small.getvalue()


def main(address: str = "http://127.0.0.1:8050") -> None:
    """Take every picture; exits with the reason if one is too large."""
    with sync_playwright() as driver:
        chromium = os.environ.get("OFFSET_CHROMIUM", "/usr/bin/chromium")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
        FOLDER.mkdir(exist_ok=True)
        for name, path in PICTURES.items():
            content = take(page, address.rstrip("/"), path)
            if len(content) > MOST_BYTES:
                sys.exit(f"The picture of {path} has {len(content):,} bytes, more than {MOST_BYTES:,}.")
            (FOLDER / f"{name}.png").write_bytes(content)
            print(f"{FOLDER / name}.png: {len(content):,} bytes")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

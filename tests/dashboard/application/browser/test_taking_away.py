"""Slides and pictures saved from the dashboard, as a policy team does."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pytest
from PIL import Image
from pptx import Presentation

QUERY = "?scenarios=relational_offset&place=frome"


@pytest.mark.browser
def test_slides_are_downloaded_and_a_chart_is_saved_as_a_picture(opened):
    shows = opened(f"/{QUERY}")
    page = shows.page
    page.focus("text=Take away")
    page.keyboard.press("Enter")
    with page.expect_download() as slides:
        page.click("text=PowerPoint slides")
        assert page.inner_text(".making").startswith("Making: PowerPoint slides.")
    shown = Presentation(slides.value.path())
    assert slides.value.suggested_filename == "relational_offset_frome.pptx"
    assert page.inner_text(".making") == "Made: relational_offset_frome.pptx."
    titles = [slide.shapes.title.text_frame.text for slide in shown.slides]
    assert titles[3] == "Appendix"
    assert titles[4].startswith("Better: 4 outcomes")
    saved = {}
    for kind in ("svg", "png"):
        with page.expect_download() as picture:
            page.click(f"button[data-picture={kind}] >> nth=0")
        saved[kind] = picture.value.path().read_bytes()
        assert picture.value.suggested_filename == f"outcomes.{kind}"
    said = " ".join(ElementTree.fromstring(saved["svg"]).itertext())
    assert page.inner_text("main .exhibit:has(.chart) h3 >> nth=0") in said
    assert "Simulated estimate, not an official statistic." in said
    assert Image.open(io.BytesIO(saved["png"])).size[0] >= 1280
    assert shows.outside == []
    assert shows.complaints == []

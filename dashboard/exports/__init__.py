"""Take-aways of a comparison: slides, a workbook, a brief, pictures, and plain tables.

Each is written from the same `dashboard.exports.content.Content`, so that they agree with each other.
"""

from dashboard.exports.content import Content, content_of
from dashboard.exports.formats import DRAWN, FORMATS, SINGLE, file_name, write_take_aways
from dashboard.exports.several_scenarios import content_of_several

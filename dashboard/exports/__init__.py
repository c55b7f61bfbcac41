"""What people take away from a comparison: slides, a workbook, a brief, pictures, and plain tables.

Each is written from the same `dashboard.exports.content.Content`, so that they cannot say different things.
"""

from dashboard.exports.everything import FORMATS, write_take_aways

__all__ = ["FORMATS", "write_take_aways"]

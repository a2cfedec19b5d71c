"""The permission matrix: one table for each part of the portal."""

from tests.architecture.matrix import calendar, desk, front, people, school, sections
from tests.architecture.table import Line, read_sections, read_table

LINES: list[Line] = [
    line for part in (front, school, desk, calendar, people) for line in read_table(part.TABLE)
] + read_sections(sections.TABLE)

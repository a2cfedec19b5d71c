"""The permission matrix: one table for each part of the portal."""

from tests.architecture.matrix import (
    apart,
    api,
    calendar,
    desk,
    front,
    integrity,
    people,
    school,
    sections,
)
from tests.architecture.table import Line, read_apart, read_sections, read_table

TABLES = [part.TABLE for part in (front, school, desk, calendar, people, integrity, api)]
LINES: list[Line] = [
    *(line for table in (*TABLES, integrity.ADMIN) for line in read_table(table)),
    *read_sections(sections.TABLE),
]
EXCEPTIONS = read_apart(apart.TABLE)
for each in LINES:
    each.expected.update(EXCEPTIONS.get((each.name, each.of, each.method), {}))

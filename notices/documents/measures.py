"""Lengths of the page that layout and notice.css share, in points.

The type area of 156 x 225 mm is filled by 22 lines of 28 characters (5.2).
"""

MILLIMETRE = 72 / 25.4
LINE = 28.989
CHARACTER = 15.793
LETTER = 16.0  # 3号
SPACING = -0.21
TYPE_AREA = 156 * MILLIMETRE
TYPE_AREA_TOP = 37 * MILLIMETRE
PAGE_HEIGHT = 297 * MILLIMETRE
# Above and below the letters of a line.
SLACK = (LINE - LETTER) / 2
TITLE_CHARACTERS = 20  # of 22 pt in 156 mm

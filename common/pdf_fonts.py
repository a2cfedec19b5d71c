"""Which fonts a printed page gets, and which characters none of them can draw.

The roles and their families stand in fonts/fonts.conf; what is installed is asked of fontconfig's
own `fc-list`, once for each process.
"""

import os
import subprocess
import unicodedata
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

FONTS_CONF = Path(__file__).parent / "fonts" / "fonts.conf"

FANG_SONG = "Portal FangSong"  # body text
KAI_TI = "Portal KaiTi"  # second level, names of signers
HEI_TI = "Portal HeiTi"  # first level, labels
SONG_TI = "Portal SongTi"  # page numbers
XIAO_BIAO_SONG = "Portal XiaoBiaoSong"  # titles, the issuer's mark
_NOTHING_TO_DRAW = {"Cc", "Cf", "Zl", "Zp", "Zs"}
ROLES = (FANG_SONG, KAI_TI, HEI_TI, SONG_TI, XIAO_BIAO_SONG)


def use_private_fonts() -> None:
    """Make this process see only our font settings. Has to come before Pango is loaded."""
    os.environ["FONTCONFIG_FILE"] = str(FONTS_CONF)


@cache
def families(role: str) -> tuple[str, ...]:
    """The installed families of `role`, the preferred one first."""
    installed = _installed()
    return tuple(family for family in _wanted(role) if family in installed)


def roles_without_font() -> list[str]:
    """The roles none of whose families is installed; cheap, as it reads names only."""
    installed = {name for line in _fc_list("%{family}\n") for name in line.split(",")}
    return [role for role in ROLES if installed.isdisjoint(_wanted(role))]


def missing_characters(text: str, *, roles: tuple[str, ...] = (FANG_SONG,)) -> list[str]:
    """The characters of `text` that no family of one of `roles` can draw, each once, in order.

    White space and control characters count as drawn; whether a rare character comes from another
    font than its neighbours is not told.
    """
    covered = [_covered(role) for role in roles]
    return [
        character
        for character in dict.fromkeys(text)
        if unicodedata.category(character) not in _NOTHING_TO_DRAW
        and any(ord(character) not in codes for codes in covered)
    ]


@cache
def _covered(role: str) -> frozenset[int]:
    installed = _installed()
    return frozenset().union(*(installed[family] for family in families(role)))


@cache
def _wanted(role: str) -> tuple[str, ...]:
    tree = ElementTree.parse(FONTS_CONF)  # noqa: S314 - our own file, part of the program
    for alias in tree.iter("alias"):
        if alias.findtext("family") == role:
            return tuple(family.text or "" for family in alias.iterfind("prefer/family"))
    raise LookupError(role)


@cache
def _installed() -> dict[str, frozenset[int]]:
    """Every installed family with the code points that it draws."""
    covered: dict[str, frozenset[int]] = {}
    for line in _fc_list("%{family}\t%{charset}\n"):
        names, _, ranges = line.partition("\t")
        codes = _code_points(ranges)
        for name in names.split(","):
            covered[name] = covered.get(name, frozenset()) | codes
    return covered


def _fc_list(form: str) -> list[str]:
    answer = subprocess.run(  # noqa: S603 - our own two formats
        ["fc-list", "-f", form],  # noqa: S607 - where Debian puts it
        env={**os.environ, "FONTCONFIG_FILE": str(FONTS_CONF)},
        capture_output=True,
        check=True,
        text=True,
    )
    return answer.stdout.splitlines()


def _code_points(ranges: str) -> frozenset[int]:
    """The set behind fontconfig's notation: hexadecimal numbers and spans, 20-7e a0."""
    codes: set[int] = set()
    for span in ranges.split():
        first, _, last = span.partition("-")
        codes.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(codes)

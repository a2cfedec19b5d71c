"""Compile locale/*/LC_MESSAGES/*.po to the .mo files that Django reads; those not changed stay.

In Python, so that nothing of GNU gettext is needed. The .mo files aren't committed.
"""

import os
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogue(source: Path) -> None:
    """Write the .mo beside ``source``, whole or not at all, unless it is younger already."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    draft.replace(target)


def main() -> None:
    """Compile every catalogue."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        compile_catalogue(source)


if __name__ == "__main__":
    main()

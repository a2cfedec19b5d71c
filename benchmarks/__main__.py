"""python -m benchmarks [PATTERN]: see docs/benchmarks.md; `make bench` calls it."""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.harness import Result

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Measure the rows asked for; 1 where a target doesn't hold."""
    asked = _arguments()
    _environment()
    import django

    django.setup()
    from benchmarks.databases import Databases
    from benchmarks.lab import Lab, scratch
    from benchmarks.rows import ROWS

    chosen = {name: row for name, row in ROWS.items() if asked.only in name}
    if not chosen:
        sys.exit(f"No row's name holds {asked.only!r}; there are: {', '.join(ROWS)}.")
    databases = Databases(keep=asked.keep)
    results: list[Result] = []
    begun = time.monotonic()
    try:
        with scratch() as folder:
            sizes = {"small": asked.small, "large": asked.large}
            lab = Lab(databases, sizes, asked.requests, asked.works, Path(folder))
            _say("figure", "unit", "floor", "ratio", "target", "row")
            for row in chosen.values():
                for result in row(lab):
                    results.append(result)
                    _show(result)
    finally:
        databases.close()
    print(f"{len(results)} rows in {time.monotonic() - begun:.0f} s")
    if target := os.environ.get("BENCH_JSON"):
        found = [asdict(each) for each in results]
        Path(target).write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return 0 if all(each.holds for each in results) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure the portal.")
    parser.add_argument("only", nargs="?", default="", help="rows whose names hold this")
    parser.add_argument("--keep", action="store_true", help="keep the databases for the next run")
    parser.add_argument("--small", type=int, default=605)
    parser.add_argument("--large", type=int, default=30_000)
    parser.add_argument("--requests", type=int, default=100, help="times a request is measured")
    parser.add_argument("--works", type=int, default=3, help="times work over a second is")
    return parser.parse_args()


def _environment() -> None:
    """A DATA_DIR and settings of the run's own; nothing of the developer's gets in."""
    base = os.environ.setdefault(
        "BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"
    )
    os.environ.setdefault("BENCH_REDIS_URL", "redis://127.0.0.1:6379/14")
    os.environ["REDIS_URL"] = os.environ["BENCH_REDIS_URL"]
    for name in ("DEMO", "DEBUG", "SITE_URL", "PORT", "EMAIL_URL", "TRUSTED_PROXIES"):
        os.environ.pop(name, None)
    os.environ["DATA_DIR"] = str(ROOT / "data" / "benchmarks")
    os.environ["DATABASE_URL"] = base
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    for command in (
        ["scripts/data_dir.py"],
        ["scripts/compile_messages.py"],
        ["manage.py", "collectstatic", "--noinput", "--verbosity=0"],
    ):
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _say(*words: str) -> None:
    figure, unit, floor, ratio, target, name = words
    print(f"{figure:>10} {unit:<8}{floor:>10} {ratio:>7}  {target:<14} {name}", flush=True)


def _show(each: "Result") -> None:
    floor = "" if each.floor is None else f"{each.floor:.1f}"
    ratio = "" if each.ratio is None else f"{each.ratio:.2f}"
    mark = each.name if each.holds else f"{each.name}   MISSED"
    _say(f"{each.figure:.1f}", each.unit, floor, ratio, each.target, mark)


if __name__ == "__main__":
    sys.exit(main())

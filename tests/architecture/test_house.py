"""The house rules that a machine can hold: rooms, foreign keys, sizes, words in the source."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# From the top floor down; the layers contract in pyproject.toml says the same of imports.
ROOMS = (
    "bureau",
    "integrity",
    "reports",
    "calendar_events",
    "activities",
    "cadres",
    "honours",
    "people",
    "notices",
    "organizations",
    "notifications",
    "attachments",
    "accounts",
    "common",
)
# Our own source that is no app.
LIBRARIES = ("rulebook",)
LONGEST_FUNCTION = 60
MOST_STATEMENTS = 40
LONGEST_FILE = 400
LONGEST_TEMPLATE = 150


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def sources() -> list[Path]:
    return [
        path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in (*ROOMS, *LIBRARIES)
    ]


def foreign_keys():
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in ROOMS:
            continue
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model:
                yield model, field, field.related_model._meta.app_label


def test_foreign_keys_point_downwards():
    upwards = [
        f"{model.__name__}.{field.name} -> {target}"
        for model, field, target in foreign_keys()
        if target in ROOMS
        and ROOMS.index(target) < ROOMS.index(model._meta.app_label)
        and field.related_model is not apps.get_model("accounts.User")
    ]
    assert upwards == []


def test_nothing_cascades_but_parts_of_their_whole():
    """Rows are protected; what goes with its owner is a part that nobody else refers to."""
    cascading = {
        f"{model.__name__}.{field.name}"
        for model, field, _ in foreign_keys()
        if field.remote_field
        and getattr(field.remote_field, "on_delete", None)
        and field.remote_field.on_delete.__name__ == "CASCADE"
        and not model._meta.auto_created
    }
    assert cascading == {
        "Answer.self_check",
        "Comment.report",
        "Draft.owner",
        "Evidence.answer",
        "Figure.event",
        "FigureValue.task",
        "Item.section",
        "RecordCounter.record",
        "ReportFigure.report",
        "ReportedRecord.report",
        "Section.edition",
    }


def test_the_rooms_are_the_installed_apps():
    ours = {config.label for config in apps.get_app_configs() if (ROOT / config.label).is_dir()}
    assert ours == set(ROOMS)


def functions(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def statements(node: ast.AST) -> int:
    return sum(isinstance(each, ast.stmt) for each in ast.walk(node)) - 1


def test_functions_fit_on_a_screen():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources()
        if "migrations" not in path.parts
        for node in functions(path)
        if node.end_lineno - node.lineno >= LONGEST_FUNCTION or statements(node) > MOST_STATEMENTS
    ]
    assert long == []


def test_files_stay_short():
    def lines(path: Path) -> int:
        return len(path.read_text(encoding="utf-8").splitlines())

    files = [p for p in sources() if "migrations" not in p.parts and lines(p) > LONGEST_FILE]
    templates = [p for p in tracked("templates/*.html") if lines(p) >= LONGEST_TEMPLATE]
    assert [str(path.relative_to(ROOT)) for path in files + templates] == []


FORBIDDEN = {
    "a task left for later": re.compile(r"\b(TODO|FIXME|XXX)\b"),
    "an unexplained exemption": re.compile(r"# (noqa|type: ignore)$"),
    "a signal for a rule": re.compile(r"django\.db\.models\.signals"),
    "a cleverness of Django's": re.compile(r"def save\(self, \*args"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_sources_hold_no(what: str):
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if FORBIDDEN[what].search(line.rstrip())
    ]
    assert found == []


def test_no_exception_is_swallowed():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or all(isinstance(each, ast.Pass) for each in node.body))
    ]
    assert found == []


def test_no_utils_and_no_star_imports():
    named = [path for path in sources() if path.stem in {"utils", "helpers", "misc"}]
    starred = [
        path
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert named + starred == []


def test_only_the_pdf_door_knows_weasyprint():
    inside = {
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(r"^\s*(import|from) weasyprint", path.read_text(encoding="utf-8"), re.M)
    }
    assert inside == {"common/pdf.py"}


def test_nothing_third_party_or_of_this_machine_is_kept():
    kept = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in {".otf", ".ttf", ".ttc", ".woff", ".woff2"}
        or path.name.endswith((".min.js", ".min.css"))
        or path.name in {"uv.lock", "package-lock.json"}
    ]
    assert kept == []

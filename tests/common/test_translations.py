"""Every string of the packages whose pages people see has its Chinese."""

import ast
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

# Parts of Unfold for packages that are not installed here.
FOREIGN = ("constance", "guardian", "import_export", "simple_history")
# Names of functions that mark a string, with the place of the string among their arguments.
MARKS = {
    "_": 0, "gettext": 0, "gettext_lazy": 0, "gettext_noop": 0, "ngettext": 0, "ngettext_lazy": 0,
    "pgettext": 1, "pgettext_lazy": 1, "npgettext": 1, "npgettext_lazy": 1,
}  # fmt: skip
IN_TEMPLATE = re.compile(r"""\b(n?p?gettext|_)\(u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def marked_in_python(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            argument = node.args[MARKS[name] :][:1] if name in MARKS else []
            found |= {a.value for a in argument if isinstance(getattr(a, "value", None), str)}
    return found


def marked_in_template(source: str) -> set[str]:
    return {ast.literal_eval(text) for _, text in IN_TEMPLATE.findall(templatize(source))}


def marked_strings(package: str) -> set[str]:
    root = Path(find_spec(package).origin).parent
    found: set[str] = set()
    for path in sorted(root.rglob("*")):
        if set(path.parts) & {*FOREIGN, "tests"}:
            continue
        if path.suffix == ".py":
            found |= marked_in_python(path.read_text(encoding="utf-8"))
        elif path.suffix == ".html":
            found |= marked_in_template(path.read_text(encoding="utf-8"))
    return {text for text in found if re.search("[A-Za-z]{2}", text)}


@pytest.mark.parametrize(
    "package",
    ["unfold", "axes", "django.contrib.admin", "django.contrib.auth", "django.core",
     "django.db.models", "django.forms", "django.utils", "django.views"],
)  # fmt: skip
def test_nothing_stays_english(package: str) -> None:
    catalogue = trans_real.translation("zh-hans")
    keys = {key[0] if isinstance(key, tuple) else key for key, _ in catalogue._catalog.items()}
    known = {key.split("\x04")[-1] for key in keys}
    strings = marked_strings(package)
    assert len(strings) > 3
    assert sorted(strings - known) == []

"""The portal's templates, style sheets and scripts: what they must not contain."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
FOLDERS = ["portal", "components", "accounts", "calendar_events", "activities", "reports"]
TEMPLATES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / "templates" / folder).rglob("*.html")
    # The admin has a policy of its own.
    if "admin" not in path.parts
)
SHARED = [path for path in TEMPLATES if path.parent.name in {"portal", "components"}]
PORTAL_CSS = sorted((ROOT / "static/portal").rglob("*.css"))
CSS = PORTAL_CSS + sorted((ROOT / "static/admin-portal").rglob("*.css"))
JS = sorted((ROOT / "static/portal/js").rglob("*.js"))

# Selectors, properties and values younger than Chrome 80, with the version that brought them.
TOO_YOUNG_CSS = {
    ":has() 105": r":has\(",
    ":is() 88": r":is\(",
    ":where() 88": r":where\(",
    "container queries 105": r"@container|container-type",
    "layers 99": r"@layer",
    "nesting 112": r"^\s*&|\{[^{}@]*\{",
    "inset 87": r"(?<![-\w])inset(-inline|-block)?\s*:",
    "aspect-ratio 88": r"aspect-ratio\s*:",
    "logical shorthands 87": r"(margin|padding)-(inline|block)\s*:",
    "accent-color 93": r"accent-color",
    "color functions 111": r"color-mix\(|oklch\(|oklab\(",
    "dynamic viewport units 108": r"\d(dvh|svh|lvh|dvw)\b",
    "individual transforms 104": r"(?<![-\w])(rotate|scale|translate)\s*:",
    "complex :not() 88": r":not\([^()]*,",
    "revert 84": r":\s*revert\b",
    "clip 90": r"overflow\s*:\s*clip",
}
TOO_YOUNG_JS = {
    "optional chaining": r"\?\.[a-zA-Z\[(]",
    "nullish coalescing": r"\?\?",
    "logical assignment 85": r"(\|\||&&)=",
    "replaceAll 85": r"\.replaceAll\(",
    "at() 92": r"\.at\(",
    "structuredClone 98": r"structuredClone",
    "hasOwn 93": r"Object\.hasOwn\b",
    "randomUUID 92": r"randomUUID",
    "Promise.any 85": r"Promise\.any",
    "modules": r"^\s*(import|export)\b",
}
UNSAFE_JS = (
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.style\b"
)


def named(paths: list[Path]) -> list[Any]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


class Inline(HTMLParser):
    """Collects what a strict content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        self.found += [f"{tag} {n}" for n in names if n == "style" or n.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [f"{tag} {v}" for _, v in attrs if v and v.lower().startswith("javascript:")]


def test_there_is_something_to_look_at():
    assert len(TEMPLATES) > 30
    assert len(CSS) > 15
    assert len(JS) > 8


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_a_template_holds_nothing_inline_and_asks_no_other_host(path: Path):
    source = path.read_text(encoding="utf-8")
    markup = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", source, flags=re.DOTALL)
    parser = Inline()
    parser.feed(re.sub(r"{[%#{].*?[%#}]}", "", markup))
    assert parser.found == []
    assert re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", markup) == []


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_a_template_compiles_and_is_short(path: Path):
    assert path.read_text(encoding="utf-8").count("\n") < 150
    get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", named(SHARED))
def test_a_shared_template_says_what_it_takes(path: Path):
    assert path.read_text(encoding="utf-8").startswith("{% comment %}")


def test_shared_parts_start_with_an_underscore():
    components = (ROOT / "templates/components").glob("*")
    assert [p.name for p in components if not p.name.startswith("_")] == []


def test_every_part_that_is_included_exists():
    sources = [p.read_text(encoding="utf-8") for p in TEMPLATES]
    included = {n for s in sources for n in re.findall(r'{% include "([^"]+)"', s)}
    assert {n for n in included if not (ROOT / "templates" / n).is_file()} == set()


def test_every_static_file_that_is_named_exists():
    everything = (ROOT / "templates").rglob("*.html")
    sources = [p.read_text(encoding="utf-8") for p in everything]
    ours = r"{% static '((?:admin-)?portal/[^']+)'"
    used = {n for s in sources for n in re.findall(ours, s)}
    assert {n for n in used if not (ROOT / "static" / n).is_file()} == set()
    sheets = {str(p.relative_to(ROOT / "static")) for p in PORTAL_CSS + JS}
    assert sheets - used == set()


@pytest.mark.parametrize("path", named(CSS))
def test_a_style_sheet_loads_nothing(path: Path):
    css = without_comments(path.read_text(encoding="utf-8"))
    assert re.findall(r"@import|url\(\s*['\"]?(?:https?:)?//", css) == []


@pytest.mark.parametrize("path", named(PORTAL_CSS))
def test_a_style_sheet_works_from_chrome_80_on(path: Path):
    css = without_comments(path.read_text(encoding="utf-8"))
    flat = re.sub(r"@(media|supports)[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", r"\2", css)
    young = [name for name, rule in TOO_YOUNG_CSS.items() if re.search(rule, flat, re.MULTILINE)]
    assert young == []


@pytest.mark.parametrize("path", named(PORTAL_CSS))
def test_gaps_stand_in_grids_only(path: Path):
    """In flex boxes Chrome knows them from 84 on only; margins do it everywhere."""
    blocks = re.findall(r"\{([^{}]*)\}", without_comments(path.read_text(encoding="utf-8")))
    gaps = [b for b in blocks if re.search(r"(?<!-)\b(row-|column-|grid-)?gap\s*:", b)]
    assert [b for b in gaps if "grid" not in b or "flex" in b] == []


@pytest.mark.parametrize("path", named(PORTAL_CSS))
def test_focus_visible_never_stands_where_an_old_browser_would_drop_the_ring(path: Path):
    css = without_comments(path.read_text(encoding="utf-8"))
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", css)
    assert [s for s, body in rules if ":focus-visible" in s and "outline: none" not in body] == []


@pytest.mark.parametrize("path", named([p for p in PORTAL_CSS if p.name != "tokens.css"]))
def test_colours_come_from_the_tokens(path: Path):
    css = without_comments(path.read_text(encoding="utf-8"))
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", css)) - {"#fff"} == set()
    tokens = (ROOT / "static/portal/tokens.css").read_text(encoding="utf-8")
    used = set(re.findall(r"var\((--[\w-]+)", css))
    assert used - set(re.findall(r"(--[\w-]+):", tokens)) == set()


@pytest.mark.parametrize("path", named(JS))
def test_a_script_is_old_enough_and_safe(path: Path):
    code = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
    assert [name for name, rule in TOO_YOUNG_JS.items() if re.search(rule, code, re.M)] == []
    assert re.findall(UNSAFE_JS, code) == []
    assert re.findall(r"https?://", code) == []


# Contrast ---------------------------------------------------------------------------------------


def token(name: str) -> str:
    css = (ROOT / "static/portal/tokens.css").read_text(encoding="utf-8")
    found = re.search(rf"--{name}: (#[0-9a-f]{{6}});", css)
    assert found, name
    return found.group(1)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("card", "red"),
        ("card", "blue"),
        ("red", "card"),
        ("red", "ground"),
        ("red-deep", "red-tint"),
        ("ink", "sunk"),
        ("grey", "ground"),
        ("grey", "sunk"),
        ("grey", "amber-tint"),
        ("grey", "red-tint"),
        ("blue", "ground"),
        ("blue", "amber-tint"),
        ("blue-deep", "blue-tint"),
        ("blue-deep", "red-tint"),
        ("green-deep", "green-tint"),
        ("green", "card"),
        ("amber", "card"),
        ("amber-deep", "amber-tint"),
        ("amber-deep", "card"),
        ("gold-deep", "gold-tint"),
    ],
)
def test_every_pair_of_text_and_ground_has_enough_contrast(text: str, ground: str):
    assert contrast(token(text), token(ground)) >= 4.5

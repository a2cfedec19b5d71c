"""Static files: hashed, compressed by gzip only, and not stopped by a missing source map."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.templatetags.static import static


@pytest.fixture
def gathered(tmp_path: Path, settings) -> Path:
    source = tmp_path / "source"
    (source / "x").mkdir(parents=True)
    (source / "x" / "third.js").write_text("let a;" * 100 + "\n//# sourceMappingURL=third.js.map")
    (source / "x" / "look.css").write_text('a { background: url("dot.svg"); }' * 50)
    (source / "x" / "dot.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "root"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "common.storage.StaticStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return settings.STATIC_ROOT


def test_names_are_hashed_and_references_follow(gathered: Path) -> None:
    sheet = gathered / static("x/look.css").removeprefix("/static/")
    dot = Path(static("x/dot.svg")).name
    assert sheet.name != "look.css"
    assert dot != "dot.svg"
    assert f'url("{dot}")' in sheet.read_text()


def test_compressed_by_gzip_only(gathered: Path) -> None:
    endings = {path.suffix for path in gathered.rglob("*") if path.is_file()}
    assert endings == {".js", ".css", ".svg", ".gz", ".json"}

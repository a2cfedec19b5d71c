"""gunicorn's own settings, read as an installation starts it."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
REDIS = "redis://127.0.0.1:6379/15"


@pytest.fixture
def workers(monkeypatch):
    for name in ("REDIS_URL", "REDIS_URL_FILE", "WEB_WORKERS"):
        monkeypatch.delenv(name, raising=False)

    def read(**environment: str) -> int:
        with monkeypatch.context() as changed:
            for name, value in environment.items():
                changed.setenv(name, value)
            return runpy.run_path(str(ROOT / "gunicorn.conf.py"))["workers"]

    return read


def test_several_processes_with_redis_only(workers, tmp_path):
    kept = tmp_path / "redis_url"
    kept.write_text(f"{REDIS}\n", encoding="utf-8")
    assert workers() == 1
    assert workers(WEB_WORKERS="5") == 1
    assert workers(REDIS_URL=REDIS) == 3
    assert workers(REDIS_URL_FILE=str(kept), WEB_WORKERS="5") == 5


@pytest.mark.parametrize("odd", ["0", "-2", "1.5", "many", "100", ""])
def test_an_odd_number_is_refused(workers, odd):
    with pytest.raises(SystemExit, match="WEB_WORKERS must be a number from 1 to 99"):
        workers(WEB_WORKERS=odd)


def test_refused_in_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config"],
        cwd=ROOT,
        env={"DATA_DIR": str(tmp_path), "WEB_WORKERS": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "WEB_WORKERS must be a number from 1 to 99, not 'many'.\n"

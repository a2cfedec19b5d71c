"""How the last backup and the last drill went, in a file of DATA_DIR that all machines share.

A file and not a row: it has to be readable where the database isn't, and must not come back old
with a restored database.
"""

import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

logger = logging.getLogger(__name__)

BACKUP, DRILL = "backup", "drill"
LABELS = {BACKUP: "备份", DRILL: "恢复演练"}
OK, NONE_YET, OVERDUE, FAILED = "ok", "none yet", "overdue", "failed"


@dataclass(frozen=True)
class Standing:
    """Whether backups, or drills, are as they should be."""

    kind: str
    state: str
    at: datetime | None
    good_at: datetime | None
    reason: str = ""

    @property
    def well(self) -> bool:
        """Whether nobody has to do anything."""
        return self.state in {OK, NONE_YET}

    def age(self, *, at: datetime) -> timedelta | None:
        """Return how long ago the last good one was."""
        return at - self.good_at if self.good_at else None

    def __str__(self) -> str:
        label = LABELS[self.kind]
        good = f"最近一次成功：{_words(self.good_at)}" if self.good_at else "还没有成功过"
        if self.state == FAILED:
            return f"{label}没有成功（{_words(self.at)}）：{self.reason.rstrip('。')}。{good}。"
        if self.state == OVERDUE:
            return f"{label}已超过期限。{good}。"
        return f"{label}：{_words(self.good_at) if self.good_at else '还没有到时间'}"


def note(kind: str, *, at: datetime, reason: str = "") -> None:
    """Write down how one went; without a ``reason`` it went well."""
    state = _read()
    good = {"good_at": at.isoformat()} if not reason else {}
    state[kind] = {**state.get(kind, {}), "at": at.isoformat(), "reason": reason, **good}
    state.setdefault("since", at.isoformat())
    _write(state)


def standings(*, at: datetime) -> list[Standing]:
    """Return how backups and drills stand.

    Time counts from the first look: a fresh installation, and one that has just learned to back
    up, owes nothing yet.
    """
    state = _read()
    if "since" not in state:
        state["since"] = at.isoformat()
        try:
            _write(state)
        except OSError as error:
            # A page is no place to fail for it: the disk has a check of its own.
            logger.warning("cannot write %s: %s", _path(), error)
    since = datetime.fromisoformat(state["since"])
    return [
        _standing(kind, state.get(kind, {}), since=since, at=at, most=most)
        for kind, most in ((BACKUP, settings.BACKUP_MAX_AGE), (DRILL, settings.DRILL_MAX_AGE))
    ]


def _standing(
    kind: str, last: dict[str, str], *, since: datetime, at: datetime, most: timedelta
) -> Standing:
    good_at, tried_at = _moment(last.get("good_at")), _moment(last.get("at"))
    if reason := last.get("reason", ""):
        state = FAILED
    elif at - (good_at or since) > most:
        state = OVERDUE
    else:
        state = OK if good_at else NONE_YET
    return Standing(kind, state, tried_at, good_at, reason)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _words(moment: datetime | None) -> str:
    if moment is None:
        return "未知"
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _path() -> Path:
    return Path(settings.DATA_DIR) / "backup-state.json"


def _read() -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        logger.warning("cannot read %s: %s", _path(), error)
        return {}
    return found


def _write(state: dict[str, Any]) -> None:
    draft = _path().with_name(f".backup-state.{os.getpid()}")
    draft.write_text(json.dumps(state, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(_path())

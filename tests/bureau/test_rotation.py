"""Which backups stay, and when their age is worth a word."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bureau.backups import record
from bureau.backups.rotation import Keep, rotate, superseded

NOW = datetime(2026, 3, 31, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def names(*days: date, hour: str = "023000") -> list[str]:
    return [f"portal-{day:%Y%m%d}-{hour}" for day in days]


def year() -> list[str]:
    return names(*(date(2025, 4, 1) + timedelta(days=number) for number in range(365)))


def test_days_weeks_and_months_of_a_year() -> None:
    nights = year()
    gone = superseded(nights, Keep(7, 4, 12))
    stay = [name[7:15] for name in nights if name not in gone]
    assert stay == [
        # The last of each month; Sundays; the last seven nights.
        "20250430", "20250531", "20250630", "20250731", "20250831", "20250930", "20251031",
        "20251130", "20251231", "20260131", "20260228",
        "20260315", "20260322",
        "20260325", "20260326", "20260327", "20260328", "20260329", "20260330", "20260331",
    ]  # fmt: skip


def test_the_newest_of_a_day_stays_and_at_first_all() -> None:
    day = date(2026, 3, 1)
    early, late = names(day)[0], names(day, hour="180000")[0]
    tomorrow, in_two_days = names(day + timedelta(days=1), day + timedelta(days=2))
    assert superseded([late, early], Keep(7, 4, 12)) == []
    assert superseded([late, tomorrow, early], Keep(7, 4, 12)) == []
    assert superseded([late, tomorrow, early, in_two_days], Keep(7, 4, 12)) == [early]


def test_days_without_a_backup_do_not_count() -> None:
    rare = names(*(date(2026, 1, 1) + timedelta(days=20 * number) for number in range(5)))
    assert superseded(rare, Keep(7, 0, 0)) == []


def test_the_newest_stays_whatever_is_asked() -> None:
    assert superseded(year(), Keep(0, 0, 0)) == year()[:-2]


def test_rotating_removes_folders_and_nothing_else(tmp_path: Path) -> None:
    nights = year()[:4]
    for name in (*nights, ".portal-20250401-023000.part", "letters", "portal-notes"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    assert rotate(tmp_path, keep=Keep(1, 0, 0)) == nights[:2]
    assert {path.name for path in tmp_path.iterdir()} == {
        *nights[2:], ".portal-20250401-023000.part", "letters", "portal-notes",
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.BACKUP_MAX_AGE, settings.DRILL_MAX_AGE = 50 * HOUR, 15 * 24 * HOUR


def states(at: datetime) -> list[str]:
    return [standing.state for standing in record.standings(at=at)]


def test_a_fresh_installation_owes_nothing_until_its_time_is_over() -> None:
    assert states(NOW) == ["none yet", "none yet"]
    assert states(NOW + 50 * HOUR) == ["none yet", "none yet"]
    assert states(NOW + 51 * HOUR) == ["overdue", "none yet"]
    assert states(NOW + 16 * 24 * HOUR) == ["overdue", "overdue"]


def test_age_counts_from_the_last_that_went_well() -> None:
    record.note(record.BACKUP, at=NOW)
    assert states(NOW + 50 * HOUR) == ["ok", "none yet"]
    assert states(NOW + 51 * HOUR) == ["overdue", "none yet"]
    record.note(record.BACKUP, at=NOW + 51 * HOUR, reason="磁盘满了。")
    backup, _ = record.standings(at=NOW + 51 * HOUR)
    assert (backup.state, backup.good_at) == ("failed", NOW)
    assert str(backup) == "备份没有成功（4月2日 12:00）：磁盘满了。最近一次成功：3月31日 09:00。"
    record.note(record.BACKUP, at=NOW + 52 * HOUR)
    assert states(NOW + 52 * HOUR)[0] == "ok"

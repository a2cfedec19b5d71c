"""Every change of a record: add, change, withdraw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from activities.choices import COUNTERS, MEETINGS, RecordKind
from activities.models import Record, RecordCounter
from activities.permissions import may_add, may_change
from attachments.checks import MAX_FILES, Upload
from attachments.models import Attachment
from attachments.services import store_all
from common import audit
from common.days import chinese_date
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User

# A record may be entered this long after the day it speaks of; older ones are the bureau's history.
LATEST_ENTRY = timedelta(days=400)
MOST_FILES = MAX_FILES
# No school of a district counts further; a number beyond it is a slip of the finger.
LARGEST_FIGURE = 99_999
LONGEST_REASON = 200
_COLUMNS = ("kind", "held_on", "topic", "place", "speaker", "summary", "entitled", "present")


@dataclass(frozen=True)
class Content:
    """What a record says. ``entitled`` and ``present`` None: not asked; counters: answered ones."""

    kind: str
    held_on: date
    topic: str
    place: str = ""
    speaker: str = ""
    summary: str = ""
    entitled: int | None = None
    present: int | None = None
    counters: Mapping[str, int] = field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """Return the columns of the record, without its counters."""
        return {name: getattr(self, name) for name in _COLUMNS}

    @classmethod
    def of(cls, record: Record) -> "Content":
        """Return what ``record`` says."""
        return cls(
            **{name: getattr(record, name) for name in _COLUMNS},
            counters={counter.key: counter.value for counter in record.counters.all()},
        )


def add_record(
    *,
    actor: "User",
    organization: Organization,
    content: Content,
    token: str,
    uploads: Iterable[Upload] = (),
    at: datetime,
) -> Record:
    """File what took place, once: the same ``token`` again gives back the record it made.

    Raises ForbiddenError for who holds no role there, DomainError for content that can't be. Tasks
    it fulfils are a matter of the room above (``calendar_events.services.complete_tasks``).
    """
    return add_or_find(
        actor=actor,
        organization=organization,
        content=content,
        token=token,
        uploads=uploads,
        at=at,
    )[0]


def add_or_find(
    *,
    actor: "User",
    organization: Organization,
    content: Content,
    token: str,
    uploads: Iterable[Upload],
    at: datetime,
) -> tuple[Record, bool]:
    """Do what :func:`add_record` does; also say whether the record is new."""
    if not may_add(actor, organization):
        raise ForbiddenError("您没有为该党组织填报的角色。")
    check_content(content, organization=organization, on=timezone.localdate(at))
    try:
        with transaction.atomic():
            record = Record.objects.create(
                organization=organization, token=token, created_by=actor, **content.fields()
            )
            _write_counters(record, content)
            files = store_all(actor=actor, uploads=list(uploads), at=at)
            record.attachments.add(*files)
            told = _told(content, [each.name for each in files])
            audit.record(actor=actor, verb="activities.add_record", obj=record, after=told, at=at)
    except IntegrityError as error:
        made = _by_token(token=token, actor=actor, organization=organization)
        if made is None:
            raise DomainError("没有保存成功，请再点一次「保存」。") from error
        return made, False
    return record, True


def change_record(
    *,
    actor: "User",
    record: Record,
    version: int,
    content: Content,
    uploads: Iterable[Upload] = (),
    removed: Iterable[Attachment] = (),
    at: datetime,
) -> Record:
    """Change a standing record that is still at ``version``.

    Raises ConflictError when somebody changed it meanwhile: nothing is written then. Deliberately
    leaves submitted reports alone: their figures are frozen, the difference goes through a
    correction. Files taken off stay stored; the nightly housekeeping clears orphans.
    """
    if not may_change(actor, record):
        raise ForbiddenError("这条记录不能修改：您没有该党组织的填报角色，或记录已撤回。")
    check_content(content, organization=record.organization, on=timezone.localdate(at))
    with transaction.atomic():
        was = _held(Record.objects.get(pk=record.pk))
        changed = Record.objects.filter(pk=record.pk, version=version, withdrawn_at=None).update(
            version=F("version") + 1, updated_at=at, **content.fields()
        )
        if not changed:
            raise ConflictError("这条记录刚刚被别人修改过，请打开最新内容核对后再保存。")
        record.counters.all().delete()
        _write_counters(record, content)
        record.attachments.remove(*removed)
        _attach(actor=actor, record=record, uploads=uploads, at=at)
        record.refresh_from_db()
        now = {name: value for name, value in _held(record).items() if value != was[name]}
        audit.record(
            actor=actor,
            verb="activities.change_record",
            obj=record,
            before={name: was[name] for name in now},
            after=now,
            at=at,
        )
    return record


def withdraw_record(*, actor: "User", record: Record, reason: str, at: datetime) -> Record:
    """Take a record back, with a reason; it stays readable and counts nowhere.

    Deliberately doesn't look at tasks or reports: the rooms above refuse first what they must.
    """
    if not may_change(actor, record):
        raise ForbiddenError("这条记录不能撤回：您没有该党组织的填报角色，或记录已撤回。")
    why = reason.strip()
    if not why:
        raise DomainError("请写明撤回原因。")
    if len(why) > LONGEST_REASON:
        raise DomainError(f"撤回原因最多 {LONGEST_REASON} 字，写了 {len(why)} 字，请删减。")
    with transaction.atomic():
        done = Record.objects.filter(pk=record.pk, withdrawn_at=None).update(
            withdrawn_at=at, withdrawn_reason=why, version=F("version") + 1
        )
        if not done:
            raise ConflictError("这条记录已经撤回。")
        audit.record(
            actor=actor,
            verb="activities.withdraw_record",
            obj=record,
            after={"withdrawn_reason": why},
            at=at,
        )
    record.refresh_from_db()
    return record


def check_content(content: Content, *, organization: Organization, on: date) -> None:
    """Raise DomainError for content that can't be: texts, dates, numbers, counters of another kind.

    ``on`` is today. What is merely unlikely passes.
    """
    if content.kind not in RecordKind.values:
        raise DomainError("请选择记录类别。")
    _check_texts(content)
    check_day(content.held_on, organization=organization, on=on)
    _check_heads(content)
    _check_counters(content)


def _check_texts(content: Content) -> None:
    if not content.topic.strip():
        raise DomainError("「主题」还没有填。")
    for name in ("topic", "place", "speaker", "summary"):
        column = cast("models.CharField[str, str]", Record._meta.get_field(name))
        most, written = column.max_length or 0, len(getattr(content, name))
        if written > most:
            raise DomainError(
                f"「{column.verbose_name}」最多 {most} 字，写了 {written} 字，请删减。"
            )


def check_day(held_on: date, *, organization: Organization, on: date) -> None:
    """Raise DomainError for a day to come, too long ago, or outside the organisation's life."""
    day = chinese_date(held_on)
    if held_on > on:
        raise DomainError(f"「日期」写的是{day}，还没有到，请核对。")
    if held_on < on - LATEST_ENTRY:
        raise DomainError(f"「日期」写的是{day}，太早了，请核对年份。")
    if organization.founded_on and held_on < organization.founded_on:
        raise DomainError(f"「日期」写的是{day}，当时{organization}还没有成立。")
    if organization.closed_on and held_on >= organization.closed_on:
        raise DomainError(f"「日期」写的是{day}，当时{organization}已经撤销。")


def _check_heads(content: Content) -> None:
    entitled, present = content.entitled, content.present
    if content.kind in MEETINGS and (entitled is None or present is None):
        raise DomainError("请填应到和实到人数，没有人请填 0。")
    for label, figure in (("应到", entitled), ("实到", present)):
        if figure is not None:
            _check_figure(label, figure)
    if entitled is not None and present is not None and present > entitled:
        raise DomainError(f"应到 {entitled} 人、实到 {present} 人，请核。")


def _check_counters(content: Content) -> None:
    kind = RecordKind(content.kind)
    known = {counter.key: counter for counter in COUNTERS.get(kind, ())}
    if set(content.counters) - set(known):
        raise DomainError(f"「{kind.label}」不填这些数据，请刷新页面后重新填写。")
    for key, value in content.counters.items():
        _check_figure(known[key].label, value)


def _check_figure(label: str, value: int) -> None:
    if not 0 <= value <= LARGEST_FIGURE:
        raise DomainError(f"「{label}」应填 0–{LARGEST_FIGURE} 的整数，写的是“{value}”。")


def _held(record: Record) -> dict[str, Any]:
    """Return all that a record says at present, for the log."""
    return _told(Content.of(record), list(record.attachments.values_list("name", flat=True)))


def _told(said: Content, files: list[str]) -> dict[str, Any]:
    """Return all that a record says, for the log: columns, counters, names of files."""
    return {**said.fields(), "counters": said.counters, "files": files}


def _by_token(*, token: str, actor: "User", organization: Organization) -> Record | None:
    return Record.objects.filter(token=token, created_by=actor, organization=organization).first()


def _write_counters(record: Record, content: Content) -> None:
    RecordCounter.objects.bulk_create(
        RecordCounter(record=record, key=key, value=value)
        for key, value in content.counters.items()
    )


def _attach(*, actor: "User", record: Record, uploads: Iterable[Upload], at: datetime) -> None:
    already = record.attachments.count()
    record.attachments.add(*store_all(actor=actor, uploads=list(uploads), at=at, already=already))

"""Telling people of what became of a report: rows for the digest, and a text for the group.

Reminders of the old state that wait for the next sweep are withdrawn first, so that nobody reads
both.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from notifications.choices import GroupTextKind
from notifications.models import Due
from notifications.services import write_dues, write_group_text
from notifications.stages import Stage
from notifications.texts import day_words
from organizations.queries import responsible_people, reviewers_of
from reports.choices import CorrectionState
from reports.models import Correction, Period, Report

if TYPE_CHECKING:
    from accounts.models import User

ROOM = "reports"
MINUTES = 5
# How long it takes to read that something is settled.
GLANCE = 1
BATCH = 500
# What the key of a row says about a decided correction; see ``reports.due.outdated``.
CORRECTION = "correction"


def school_link(report_id: int) -> str:
    """Return the address of the report on the school's side."""
    return reverse("reports:report", args=[report_id])


def bureau_link(report_id: int) -> str:
    """Return the address of the report in the admin, for its reviewers."""
    return reverse("admin:review_report", args=[report_id])


def withdraw_dues(report: Report, *, at: datetime) -> int:
    """Withdraw what waits for the next sweep about ``report``; return how many."""
    return _withdraw([report.pk], at=at)


def _withdraw(report_ids: Sequence[int], *, at: datetime) -> int:
    withdrawn = 0
    for start in range(0, len(report_ids), BATCH):
        some = report_ids[start : start + BATCH]
        links = [link(pk) for pk in some for link in (school_link, bureau_link)]
        waiting = Due.objects.filter(room=ROOM, digest=None, withdrawn_at=None, link__in=links)
        withdrawn += waiting.update(withdrawn_at=at)
    return withdrawn


def tell_returned(report: Report, comments: str, *, at: datetime) -> int:
    """Tell who answers for the organisation what to change; return how many people."""
    withdraw_dues(report, at=at)
    subject = f"{report.period}：{comments}"
    return _tell([report], f"returned:{report.version}", subject, Stage.RETURNED, MINUTES, at=at)


def tell_decided(correction: Correction, *, at: datetime) -> int:
    """Tell who answers for the organisation how a correction was decided."""
    report = correction.report
    granted = correction.state == CorrectionState.GRANTED
    verdict = f"已同意，改为 {correction.new_value}" if granted else "未同意"
    answer = f"（{correction.answer}）" if correction.answer else ""
    subject = f"{report.period}「{correction.label}」更正申请{verdict}{answer}"
    return _tell([report], f"{CORRECTION}:{correction.pk}", subject, Stage.CHANGE, GLANCE, at=at)


def tell_moved(period: Period, reports: Sequence[Report], sentence: str, *, at: datetime) -> int:
    """Tell who hasn't handed in that the due date moved, and write the text for the group.

    ``reports`` come with their organisations.
    """
    _withdraw([report.pk for report in reports], at=at)
    stamp = f"{at:%Y%m%d%H%M%S%f}"
    _write_group_text(period, reports, sentence, key=f"period:{period.pk}:moved:{stamp}", at=at)
    return _tell(reports, f"moved:{stamp}", sentence, Stage.CHANGE, GLANCE, at=at)


def _tell(
    reports: Sequence[Report], what: str, subject: str, stage: str, minutes: int, *, at: datetime
) -> int:
    return write_dues(
        Due(
            key=f"report:{report.pk}:{what}:{person.pk}",
            recipient=person,
            room=ROOM,
            subject=subject,
            stage=stage,
            unit=report.organization.label,
            minutes=minutes,
            link=link,
            due_at=at,
        )
        for report, person, link in _told(reports, at=at)
    )


def _told(reports: Sequence[Report], *, at: datetime) -> "list[tuple[Report, User, str]]":
    """Return each report with whom to tell of it and the page that they can open.

    Where nobody is responsible the superior is told.
    """
    on = timezone.localdate(at)
    people = responsible_people({report.organization_id for report in reports}, on)
    vacant = [pk for pk, found in people.items() if not found]
    superiors = reviewers_of(vacant, on) if vacant else {}
    told = []
    for report in reports:
        own = report.organization_id
        told += [(report, person, school_link(report.pk)) for person in people[own]]
        told += [(report, person, bureau_link(report.pk)) for person in superiors.get(own, [])]
    return told


def _write_group_text(
    period: Period, reports: Sequence[Report], sentence: str, *, key: str, at: datetime
) -> None:
    units = "、".join(report.organization.label for report in reports)
    opening = f"【月报截止日期调整】{sentence}"
    write_group_text(
        kind=GroupTextKind.CHANGE,
        key=key,
        title=f"{period}截止日期调整为{day_words(period.due_on)}",
        named=f"{opening}。尚有 {len(reports)} 家未报：{units}。已报的请忽略，谢谢。",
        unnamed=f"{opening}。尚有 {len(reports)} 家未报，已报的请忽略，谢谢。",
        calls=[
            {
                "unit": report.organization.label,
                "user_id": person.pk,
                "name": person.name,
                "what": sentence,
            }
            for report, person, _ in _told(reports, at=at)
        ],
    )

"""Checklists: the integrity school asked of every school this year and last, answered unevenly."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bureau.seed import rectifications
from bureau.seed.context import Context
from calendar_events.services import AudienceChoice
from common.models import overrides
from common.workdays import workday_from
from integrity import services
from integrity.choices import SelfCheckState, Verdict
from integrity.evidence import offers
from integrity.library import SAMPLES
from integrity.models import Answer, Assignment, Edition, Evidence, Item, SelfCheck
from integrity.queries import kinds_of, year_scope
from integrity.services import Wording
from integrity.telling import rectification_link, withdraw_dues
from notifications.models import Due

RETURNED, HALF_DONE = "荷花小学", "芙蓉小学"
_SEED = 20260302
# Of a hundred schools so many have handed in by the day shown.
_HANDED_IN = 55
_PARTLY = (
    "上学期开展过，本学期安排在下月。",
    "有记录，缺签到表。",
    "制度在修订，教代会后公布。",
    "公开栏已更新，网站还没有。",
)
_NOT_MET = ("本学期还没有开展，已列入计划。", "没有形成记录。")
_NOT_APPLICABLE = {"膳食": "学校没有食堂，由配餐单位供餐。", "新教师": "本年度没有新教师。"}


def build(context: Context) -> None:
    """Put the three that come along in force, assign the first, answer it.

    With dice of its own: what is built afterwards stays as it was.
    """
    context = replace(context, rng=random.Random(_SEED))  # noqa: S311 - reproducible on purpose
    editions = [_published(context, number) for number in range(len(SAMPLES))]
    last_year = _assign(context, editions[0], context.day.year - 1)
    for row in _rows(last_year):
        _answer(context, row, share=100)
        _hand_in(context, row, last_year.due_on - timedelta(days=context.rng.randint(0, 9)))
    mending = rectifications.build(context, _rows(last_year))
    this_year = _assign(context, editions[0], context.day.year)
    rows = _rows(this_year)
    for row in rows:
        _fill(context, row)
    # What they were told when it was assigned is weeks old: today's round doesn't say it again.
    told = [row.pk for row in (*_rows(last_year), *rows)]
    withdraw_dues(told, at=context.at(context.day))
    links = [rectification_link(row.pk) for row in mending]
    Due.objects.filter(link__in=links).update(withdrawn_at=context.at(context.day))


def _published(context: Context, number: int) -> Edition:
    sample = SAMPLES[number]
    at = context.at(date(context.day.year - 1, 3, 2 + number))
    officer = context.users["officer"]
    wording = Wording(sample.title, sample.subject, f"{context.day.year - 1}年版", "", sample.text)
    edition = services.save_draft(actor=officer, wording=wording, at=at)
    return services.publish_edition(actor=officer, edition=edition, at=at)


def _assign(context: Context, edition: Edition, year: int) -> Assignment:
    """Of the year before in November; of this one three weeks ago, due in two."""
    past = year < context.day.year
    day = date(year, 11, 3) if past else context.ago(days=21)
    due_on = date(year, 12, 10) if past else context.day + timedelta(days=14)
    return services.assign(
        actor=context.users["officer"],
        edition=edition,
        year=year,
        due_on=workday_from(due_on, overrides()),
        choice=AudienceChoice(),
        note="对照清单逐项自查，实事求是；系统里已有的记录直接勾选，不用另传材料。",
        at=context.at(workday_from(day, overrides())),
    )


def _rows(assignment: Assignment) -> Sequence[SelfCheck]:
    along = ("assignment__edition__checklist", "organization", "school")
    return list(SelfCheck.objects.filter(assignment=assignment).select_related(*along))


def _fill(context: Context, row: SelfCheck) -> None:
    label = row.organization.label
    if HALF_DONE in label:
        _answer(context, row, share=45)
    elif RETURNED in label or context.rng.randrange(100) < _HANDED_IN:
        _answer(context, row, share=100)
        _hand_in(context, row, context.ago(days=context.rng.randint(2, 12)))
        if RETURNED in label:
            services.return_self_check(
                actor=context.users["officer"],
                self_check=row,
                comment="第二部分第 5 项只有结论，请补验收单的照片。",
                at=context.at(context.ago(days=1)),
            )
    elif context.rng.randrange(3):
        _answer(context, row, share=context.rng.choice((20, 60, 90)))


def _answer(context: Context, row: SelfCheck, *, share: int) -> None:
    """Answer the first ``share`` per cent of what applies, with what the portal holds as proof."""
    kinds = kinds_of(row)
    items = Item.objects.filter(section__edition=row.assignment.edition_id).select_related(
        "section"
    )
    asked = [item for item in items.select_related("section") if item.applies_to(kinds)]
    answered = asked[: max(1, len(asked) * share // 100)]
    found = offers(year_scope(row), {key for item in answered for key in item.sources})
    counts = dict.fromkeys(Verdict.values, 0)
    answers, proofs = [], []
    for item in answered:
        verdict, reason = _verdict(context, item)
        counts[verdict] += 1
        answer = Answer(self_check=row, item=item, verdict=verdict, reason=reason)
        answers.append(answer)
        held = [offer for key in item.sources for offer in found[key]][:2]
        proofs += [
            Evidence(answer=answer, source=offer.source, ref=offer.ref, label=offer.label[:250])
            for offer in held
            if verdict in (Verdict.MET, Verdict.PARTLY)
        ]
    Answer.objects.bulk_create(answers)
    Evidence.objects.bulk_create(proofs)
    SelfCheck.objects.filter(pk=row.pk).update(**counts)


def _verdict(context: Context, item: Item) -> tuple[Verdict, str]:
    if item.section.bars:
        return Verdict.MET, ""
    chance = context.rng.randrange(100)
    if chance < 82:
        return Verdict.MET, ""
    if chance < 93:
        return Verdict.PARTLY, context.rng.choice(_PARTLY)
    if chance < 97:
        return Verdict.NOT_MET, context.rng.choice(_NOT_MET)
    reason = next((why for word, why in _NOT_APPLICABLE.items() if word in item.text), None)
    return (Verdict.NOT_APPLICABLE, reason) if reason else (Verdict.MET, "")


def _hand_in(context: Context, row: SelfCheck, day: date) -> None:
    """As services do, without a look at every item again: hundreds of them are handed in."""
    SelfCheck.objects.filter(pk=row.pk).update(
        state=SelfCheckState.SUBMITTED,
        submitted_at=context.at(day, 15, 20),
        submitted_by=context.heads.get(row.organization_id),
    )
    row.refresh_from_db()

"""The checklists of the world: a draft, one in force, self-checks in every state."""

from datetime import date
from typing import Any

from attachments.services import store
from common.drafts import save as save_draft
from integrity.choices import EditionState, SelfCheckState, Verdict
from integrity.models import (
    Answer,
    Assignment,
    Checklist,
    Edition,
    Evidence,
    Item,
    Rectification,
    RectificationStep,
    Section,
    SelfCheck,
)
from organizations.models import Audience, Organization
from tests.architecture.work import NOW, YEAR
from tests.attachments.samples import picture, upload
from tests.personas import Bureau

SOURCE = "一、学校党建\n1. 每学期专题研究廉政工作\n二、否决项\n1. 上级查实违规收费"


def checklist_rows(bureau: Bureau, rows: dict[str, Any], items: int) -> dict[str, Any]:
    """Two years of one checklist, and a draft of another."""
    checklist = Checklist.objects.create(title="清廉学校清单")
    edition = _edition(checklist, EditionState.PUBLISHED, items)
    draft = _edition(Checklist.objects.create(title="小微权力清单"), EditionState.DRAFT, items)
    for number in range(items):
        _edition(checklist, EditionState.RETIRED, 1, name=f"{YEAR - 1 - number}年版")
    last_year = _assignment(edition, YEAR - 1)
    mine = bureau.mine
    _answered(bureau, _check(last_year, mine, SelfCheckState.SUBMITTED), items)
    this_year = [_assignment(edition, YEAR) for _ in range(items)]
    made: dict[str, SelfCheck] = {}
    for assignment in this_year:
        for name, organization in (
            ("", mine),
            ("other_", bureau.other),
            ("kinder_", rows["kinder"]),
        ):
            made.setdefault(f"{name}self_check", _check(assignment, organization))
    full = _answered(bureau, _check(_assignment(edition, YEAR), mine), items)
    handed_in = _check(_assignment(edition, YEAR), mine, SelfCheckState.SUBMITTED)
    SelfCheck.objects.filter(pk=handed_in.pk).update(submitted_by=bureau.secretary)
    _answered(bureau, handed_in, items)
    returned = _check(_assignment(edition, YEAR), mine, SelfCheckState.RETURNED)
    SelfCheck.objects.filter(pk=returned.pk).update(comment="请补会议记录")
    mending = _rectifications(bureau, handed_in, items)
    section = edition.sections.first()
    save_draft(
        owner=bureau.secretary,
        key=f"selfcheck:{bureau.secretary.pk}:{made['self_check'].pk}:{section.pk}",
        version=0,
        data={"reason_1": ["还没写完"]},
        device="",
        at=NOW,
    )
    return {
        **made,
        **mending,
        "edition": edition,
        "draft_edition": draft,
        "check_section": section,
        "check_item": section.items.first(),
        "assignment": this_year[0],
        "full_check": full,
        "handed_in_check": handed_in,
        "proof": Evidence.objects.filter(answer__self_check=full).exclude(attachment=None).first(),
    }


def _rectifications(bureau: Bureau, row: SelfCheck, items: int) -> dict[str, Any]:
    """One item fell short and isn't being mended; others are, in every state."""
    short = row.answers.filter(item__section__bars=False).order_by("item_id")
    short.update(verdict=Verdict.PARTLY, reason="还在完善")
    last_year = SelfCheck.objects.exclude(pk=row.pk).filter(
        organization=row.organization, state=SelfCheckState.SUBMITTED
    )
    check, states = last_year.get(), ("open", "handed_in", "closed") * items
    made: dict[str, Rectification] = {}
    for item, state in zip(_more_items(check, len(states)), states, strict=True):
        made.setdefault(f"{state}_mending", _rectification(bureau, check, item, state, items))
    other = SelfCheck.objects.filter(organization=bureau.other).first()
    foreign = _rectification(bureau, other, row.answers.first().item, "open", items)
    step = made["handed_in_mending"].steps.first()
    return {**made, "other_mending": foreign, "mending_file": step.attachments.first()}


def _more_items(check: SelfCheck, count: int) -> list[Item]:
    """Items of a section of their own, withdrawn so that nothing else asks them."""
    section = Section.objects.create(
        edition=check.assignment.edition, title="停用的部分", position=99
    )
    return [
        Item.objects.create(
            section=section,
            key=f"old-{number}",
            position=number,
            text=f"停用的第{number}项",
            withdrawn_at=NOW,
            withdrawn_reason="并入其他项目",
        )
        for number in range(count)
    ]


def _rectification(
    bureau: Bureau, check: SelfCheck, item: Item, state: str, items: int
) -> Rectification:
    row = Rectification.objects.create(
        self_check=check,
        item=item,
        organization=check.organization,
        demand="补齐会议记录",
        owner="张三",
        due_on=date(YEAR, 3, 20),
        opened_on=NOW.date(),
        state=state,
        closed_on=NOW.date() if state == "closed" else None,
    )
    for _ in range(items):
        step = RectificationStep.objects.create(
            rectification=row, kind="handed_in", text="已补齐", at=NOW, by=bureau.secretary
        )
        step.attachments.add(
            store(actor=bureau.secretary, upload=upload("照片.jpg", picture(size=(8, 8))), at=NOW)
        )
    return row


def _edition(checklist: Checklist, state: str, items: int, name: str = f"{YEAR}年版") -> Edition:
    edition = Edition.objects.create(
        checklist=checklist, name=name, state=state, source=SOURCE, published_at=NOW
    )
    for place in range(items + 1):
        bars = place == items
        section = Section.objects.create(
            edition=edition, title="否决项" if bars else f"第{place}部分", bars=bars, position=place
        )
        for number in range(items):
            Item.objects.create(
                section=section,
                key=f"{place}-{number}",
                position=number + 1,
                text=f"检查第{place}部分的第{number}项",
                points=None if bars else 2,
                sources=[] if bars else ["record:volunteering", "notice"],
            )
    return edition


def _assignment(edition: Edition, year: int) -> Assignment:
    return Assignment.objects.create(
        edition=edition, year=year, audience=Audience.objects.create(), due_on=date(year, 3, 31)
    )


def _check(
    assignment: Assignment, organization: Organization, state: str = SelfCheckState.OPEN
) -> SelfCheck:
    asked = Item.objects.filter(section__edition=assignment.edition).count()
    done = {"submitted_at": NOW} if state == SelfCheckState.SUBMITTED else {}
    return SelfCheck.objects.create(
        assignment=assignment,
        organization=organization,
        school=organization.schools.get(),
        order=organization.order,
        state=state,
        asked=asked,
        **done,
    )


def _answered(bureau: Bureau, row: SelfCheck, items: int) -> SelfCheck:
    """Every item answered; the first of each section with a file and something that is held."""
    for item in Item.objects.filter(section__edition=row.assignment.edition):
        answer = Answer.objects.create(
            self_check=row, item=item, verdict=Verdict.MET, remark="" if items == 1 else "很好"
        )
        if item.sources:
            for number in range(items):
                Evidence.objects.create(
                    answer=answer, source="record:volunteering", ref=number + 1, label="志愿活动"
                )
    first = row.answers.order_by("item__section__position", "pk").first()
    stored = store(actor=bureau.secretary, upload=upload("照片.jpg", picture(size=(8, 8))), at=NOW)
    Evidence.objects.create(answer=first, label="照片.jpg", attachment=stored)
    SelfCheck.objects.filter(pk=row.pk).update(met=row.asked)
    row.refresh_from_db()
    return row

"""Writing checklists: a draft is replaced as often as one likes, a published edition stays."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q

from common import audit
from common.errors import ConflictError, DomainError
from integrity.choices import EditionState, Subject, Verdict
from integrity.models import Answer, Checklist, Edition, Item, Section, SelfCheck
from integrity.models.assignment import SelfCheckQuerySet
from integrity.reading import ItemRead, Outline, read_outline
from integrity.services.guards import check_planner, checked_text, required_text

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_NAME, LONGEST_BASIS, LONGEST_REASON = 30, 200, 200
# From here on two wordings ask the same thing.
_ALIKE = 0.75
_SHOWN = 5


@dataclass(frozen=True)
class Wording:
    """What a form hands over of an edition."""

    title: str
    subject: str
    name: str
    basis: str
    source: str


def save_draft(
    *, actor: "User", wording: Wording, edition: Edition | None = None, at: datetime
) -> Edition:
    """Keep ``wording`` as the draft of its checklist, in place of ``edition`` where given.

    Raises DomainError where the text can't be a checklist, ConflictError where the draft was
    published meanwhile. An item that asks what one of the edition in force asks keeps its key.
    """
    check_planner(actor)
    told = _checked(wording)
    outline = read_outline(told.source)
    if outline.problems:
        first = "；".join(map(str, outline.problems[:_SHOWN]))
        raise DomainError(f"还有 {len(outline.problems)} 处要改：{first}")
    try:
        with transaction.atomic():
            kept = _rewritten(edition, told, at) if edition else _begun(actor, told)
            _write_items(kept, outline)
            audit.record(
                actor=actor,
                verb="integrity.save_draft",
                obj=kept,
                after={"name": kept.name, "items": len(outline.items)},
                at=at,
            )
    except IntegrityError as error:
        raise DomainError(
            f"「{told.title}」已有一份草稿，或已有叫“{told.name}”的版本，请换个名称或改那一份。"
        ) from error
    return kept


def _checked(wording: Wording) -> Wording:
    if wording.subject not in Subject.values:
        raise DomainError("请选择由谁填报。")
    return Wording(
        required_text(wording.title, name="清单名称", limit=60),
        wording.subject,
        required_text(wording.name, name="版本", limit=LONGEST_NAME),
        checked_text(wording.basis, name="依据文件", limit=LONGEST_BASIS),
        wording.source.replace("\r\n", "\n").strip(),
    )


def _begun(actor: "User", told: Wording) -> Edition:
    """Make the draft; the checklist too where there is none of the title."""
    checklist, made = Checklist.objects.get_or_create(
        title=told.title, defaults={"subject": told.subject}
    )
    if not made and checklist.subject != told.subject:
        raise DomainError(
            f"「{checklist}」是{checklist.get_subject_display()}的清单，不能改；请另起一个名称。"
        )
    return Edition.objects.create(
        checklist=checklist,
        name=told.name,
        basis=told.basis,
        source=told.source,
        created_by=actor,
    )


def _rewritten(edition: Edition, told: Wording, at: datetime) -> Edition:
    """Change the draft; its checklist stays what it is."""
    changed = Edition.objects.filter(pk=edition.pk, state=EditionState.DRAFT).update(
        name=told.name, basis=told.basis, source=told.source, updated_at=at
    )
    if not changed:
        raise ConflictError("这份清单刚刚已启用，不能再改；需要改动请另起新版本。")
    edition.refresh_from_db()
    return edition


def _write_items(edition: Edition, outline: Outline) -> None:
    edition.sections.all().delete()
    keys = _keys(outline, _former_items(edition))
    for place, section in enumerate(outline.sections, 1):
        kept = Section.objects.create(
            edition=edition, title=section.title, bars=section.bars, position=place
        )
        Item.objects.bulk_create(
            Item(
                section=kept,
                key=keys[item.text],
                position=number,
                text=item.text,
                guidance=item.guidance,
                wanted=item.wanted,
                points=item.points,
                sources=item.sources,
                school_kinds=item.school_kinds,
            )
            for number, item in enumerate(section.items, 1)
        )


def _former_items(edition: Edition) -> list[Item]:
    """Return the items of the edition that came before this one."""
    others = Edition.objects.filter(checklist=edition.checklist_id).exclude(pk=edition.pk)
    former = others.exclude(state=EditionState.DRAFT).order_by("-published_at").first()
    return list(Item.objects.filter(section__edition=former)) if former else []


def _keys(outline: Outline, former: Sequence[Item]) -> dict[str, str]:
    """Return the key of each text: that of the same or nearest former item, else a new one.

    Each former key is used once. A new one is a digest, so that the same text gets the same.
    """
    free = {item.text: item.key for item in former}
    keys = {item.text: free.pop(item.text) for item in outline.items if item.text in free}
    for item in outline.items:
        if item.text not in keys:
            nearest = _nearest(item, list(free))
            new = _new_key(item.text, set(keys.values()))
            keys[item.text] = free.pop(nearest) if nearest else new
    return keys


def _nearest(item: ItemRead, texts: Sequence[str]) -> str | None:
    rated = [(SequenceMatcher(None, item.text, text).ratio(), text) for text in texts]
    best = max(rated, default=(0.0, ""))
    return best[1] if best[0] >= _ALIKE else None


def _new_key(text: str, taken: Collection[str]) -> str:
    key = hashlib.sha256(text.encode()).hexdigest()[:32]
    while key in taken:
        key = hashlib.sha256(key.encode()).hexdigest()[:32]
    return key


def publish_edition(*, actor: "User", edition: Edition, at: datetime) -> Edition:
    """Put a draft in force; the edition that was so far is retired, what is assigned goes on."""
    check_planner(actor)
    with transaction.atomic():
        in_force = Edition.objects.filter(
            checklist=edition.checklist_id, state=EditionState.PUBLISHED
        )
        retired = list(in_force.values_list("name", flat=True))
        in_force.update(state=EditionState.RETIRED, updated_at=at)
        done = Edition.objects.filter(pk=edition.pk, state=EditionState.DRAFT).update(
            state=EditionState.PUBLISHED, published_at=at, updated_at=at
        )
        if not done:
            raise ConflictError("这份清单已经启用。")
        audit.record(
            actor=actor,
            verb="integrity.publish_edition",
            obj=edition,
            after={"state": EditionState.PUBLISHED, "retired": retired},
            at=at,
        )
    edition.refresh_from_db()
    return edition


def remove_draft(*, actor: "User", edition: Edition, at: datetime) -> None:
    """Delete a draft; a checklist that has nothing else goes with it."""
    check_planner(actor)
    with transaction.atomic():
        draft = Edition.objects.filter(pk=edition.pk, state=EditionState.DRAFT)
        if not draft.select_for_update().exists():
            raise ConflictError("这份清单已经启用，不能删除。")
        audit.record(actor=actor, verb="integrity.remove_draft", obj=edition, at=at)
        draft.delete()
        empty = Checklist.objects.filter(pk=edition.checklist_id, editions=None)
        empty.delete()


def withdraw_item(*, actor: "User", item: Item, reason: str, at: datetime) -> int:
    """Ask ``item`` no longer; return of how many self-checks an answer no longer counts.

    Answers and evidence stay readable. What was handed in already keeps its counts: only what
    still waits for the school is counted anew.
    """
    check_planner(actor)
    told = required_text(reason, name="停用的原因", limit=LONGEST_REASON)
    edition = item.section.edition
    if edition.state == EditionState.DRAFT:
        raise DomainError("草稿里的项目请直接修改或删去。")
    with transaction.atomic():
        done = Item.objects.filter(pk=item.pk, withdrawn_at=None).update(
            withdrawn_at=at, withdrawn_reason=told
        )
        if not done:
            raise ConflictError("这一项已经停用。")
        answered = _uncount(item, at=at)
        audit.record(
            actor=actor,
            verb="integrity.withdraw_item",
            obj=item,
            after={"withdrawn_reason": told, "answered": answered},
            at=at,
        )
    return answered


def _uncount(item: Item, *, at: datetime) -> int:
    """Take the item out of the counts of what still waits; a constant number of statements."""
    waiting: SelfCheckQuerySet = SelfCheck.objects.filter(
        assignment__edition=item.section.edition_id
    )
    concerned = waiting.pending()
    if item.school_kinds:
        kinds = Q(school__kind__in=item.school_kinds)
        by_organization = Q(school=None, organization__schools__kind__in=item.school_kinds)
        concerned = concerned.filter(kinds | by_organization)
    ids = SelfCheck.objects.filter(pk__in=concerned.values("pk"))
    ids.update(asked=F("asked") - 1, version=F("version") + 1, updated_at=at)
    answers = Answer.objects.filter(item=item, self_check__in=concerned.values("pk"))
    for verdict in Verdict.values:
        rows = SelfCheck.objects.filter(pk__in=answers.filter(verdict=verdict).values("self_check"))
        rows.update(**{verdict: F(verdict) - 1})
    if item.section.bars:
        others = Answer.objects.filter(
            self_check=OuterRef("pk"),
            verdict=Verdict.NOT_MET,
            item__section__bars=True,
            item__withdrawn_at=None,
        )
        ids.filter(~Exists(others)).update(barred=False)
    return answers.count()

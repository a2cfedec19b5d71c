"""Writing checklists: drafts, putting them in force, items no longer asked."""

import pytest

from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from integrity import services
from integrity.models import Checklist, Edition, Item
from integrity.services import Wording
from tests.integrity.builders import AT, SOURCE, answer_all, assigned, check_of, item, published


def wording(**more) -> Wording:
    return Wording(**{
        "title": "清廉学校清单", "subject": "school", "name": "2026年版", "basis": "",
        "source": SOURCE, **more,
    })  # fmt: skip


def test_a_draft_is_rewritten_until_it_is_in_force(bureau):
    draft = services.save_draft(actor=bureau.officer, wording=wording(), at=AT)
    assert Item.objects.count() == 5
    changed = wording(source="一、学校党建\n1. 只有一项")
    services.save_draft(actor=bureau.officer, wording=changed, edition=draft, at=AT)
    assert list(Item.objects.values_list("text", flat=True)) == ["只有一项"]
    services.publish_edition(actor=bureau.officer, edition=draft, at=AT)
    with pytest.raises(ConflictError, match="刚刚已启用"):
        services.save_draft(actor=bureau.officer, wording=wording(), edition=draft, at=AT)
    with pytest.raises(ConflictError, match="已经启用"):
        services.publish_edition(actor=bureau.officer, edition=draft, at=AT)
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "integrity.save_draft", "integrity.save_draft", "integrity.publish_edition",
    ]  # fmt: skip


def test_only_unlimited_officers_write(bureau):
    for user in (bureau.leader, bureau.reviewer, bureau.secretary):
        with pytest.raises(ForbiddenError):
            services.save_draft(actor=user, wording=wording(), at=AT)


def test_what_is_wrong_is_told_and_nothing_kept(bureau):
    with pytest.raises(DomainError, match="还有 1 处要改：第 3 行：「分值」写的是“x”"):
        services.save_draft(
            actor=bureau.officer, wording=wording(source="一、党建\n1. 甲\n分值：x"), at=AT
        )
    with pytest.raises(DomainError, match="请写明版本。"):
        services.save_draft(actor=bureau.officer, wording=wording(name=" "), at=AT)
    assert not Checklist.objects.exists()


def test_a_second_draft_or_the_same_name_is_refused(bureau):
    published(bureau)
    with pytest.raises(DomainError, match="已有叫“2026年版”的版本"):
        services.save_draft(actor=bureau.officer, wording=wording(), at=AT)
    with pytest.raises(DomainError, match="请另起一个名称"):
        services.save_draft(
            actor=bureau.officer, wording=wording(name="新", subject="organization"), at=AT
        )


def test_a_new_edition_keeps_the_keys_of_what_it_still_asks(bureau):
    first = published(bureau)
    keys = {each.text: each.key for each in Item.objects.all()}
    new = (
        "一、党建\n1. 每学期至少专题研究廉政工作\n2. 书记和校长会前沟通有记录\n3. 家长参与膳食监督"
    )
    second = published(bureau, source=new, name="2027年版")
    held = {each.text: each.key for each in Item.objects.filter(section__edition=second)}
    assert held["书记和校长会前沟通有记录"] == keys["书记和校长会前沟通有记录"]
    assert held["每学期至少专题研究廉政工作"] == keys["每学期专题研究廉政工作"]
    assert held["家长参与膳食监督"] not in keys.values()
    first.refresh_from_db()
    assert (first.state, second.state) == ("retired", "published")


def test_a_draft_is_removed_with_its_checklist(bureau):
    draft = services.save_draft(actor=bureau.officer, wording=wording(), at=AT)
    services.remove_draft(actor=bureau.officer, edition=draft, at=AT)
    assert not Checklist.objects.exists()
    kept = published(bureau)
    with pytest.raises(ConflictError, match="不能删除"):
        services.remove_draft(actor=bureau.officer, edition=kept, at=AT)
    assert Edition.objects.count() == 1


def test_an_item_withdrawn_after_an_answer_stays_readable_and_counts_no_longer(bureau):
    assigned(bureau)
    mine, other = check_of(bureau.mine), check_of(bureau.other)
    answer_all(bureau, mine, 否决项="not_met")
    assert (mine.asked, mine.met, mine.not_met, mine.barred) == (4, 3, 1, True)
    barring = item("违规收费")
    told = services.withdraw_item(actor=bureau.officer, item=barring, reason="上级另有安排", at=AT)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert told == 1
    assert (mine.asked, mine.met, mine.not_met, mine.barred) == (3, 3, 0, False)
    assert (other.asked, other.answered) == (3, 0)
    assert mine.answers.filter(item=barring).exists()
    with pytest.raises(ConflictError, match="已经停用"):
        services.withdraw_item(actor=bureau.officer, item=barring, reason="再来", at=AT)


def test_what_was_handed_in_keeps_its_counts(bureau):
    assigned(bureau)
    mine = answer_all(bureau, check_of(bureau.mine))
    services.submit_self_check(actor=bureau.secretary, self_check=mine, at=AT)
    services.withdraw_item(actor=bureau.officer, item=item("会前沟通"), reason="重复", at=AT)
    mine.refresh_from_db()
    assert (mine.asked, mine.met) == (4, 4)

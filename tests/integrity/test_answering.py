"""The school's answers, evidence and handing in."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from activities.models import Record
from common.errors import ConflictError, DomainError, ForbiddenError
from integrity import services
from integrity.models import Answer, Evidence
from integrity.queries import add_former, parts_of
from integrity.services import Given
from tests.attachments.samples import picture, upload
from tests.integrity.builders import AT, answer_all, assigned, check_of, item, published


@pytest.fixture
def mine(bureau):
    assigned(bureau)
    return check_of(bureau.mine)


def save(bureau, row, given, *, actor=None, section=0, seen=None):
    part = parts_of(row)[section]
    return services.save_answers(
        actor=actor or bureau.clerk,
        self_check=row,
        section_id=part.section.pk,
        given=given,
        seen=services.fingerprint(part) if seen is None else seen,
        at=AT,
    )


def record(bureau, topic="研究廉政工作", day=date(2026, 3, 9), **more) -> Record:
    return Record.objects.create(
        organization=more.pop("organization", bureau.mine),
        kind="committee_meeting",
        held_on=day,
        topic=topic,
        token=f"token-{topic}-{day}",
        created_by=bureau.secretary,
        **more,
    )


def test_answers_are_saved_part_by_part_and_counted(bureau, mine):
    first, second = item("专题研究"), item("会前沟通")
    save(bureau, mine, {first.pk: Given("met")})
    assert (mine.asked, mine.met, mine.answered) == (4, 1, 1)
    save(bureau, mine, {second.pk: Given("partly", "上学期缺一次"), first.pk: Given("met")})
    assert (mine.met, mine.partly) == (1, 1)
    assert Answer.objects.get(item=second).reason == "上学期缺一次"


@pytest.mark.parametrize("verdict", ["partly", "not_met", "not_applicable"])
def test_anything_but_met_needs_a_sentence(bureau, mine, verdict):
    with pytest.raises(DomainError, match="请写一句说明"):
        save(bureau, mine, {item("会前沟通").pk: Given(verdict, "  ")})
    assert not Answer.objects.exists()


def test_an_item_that_bars_is_yes_or_no_and_holds_no_words(bureau, mine):
    barring = item("违规收费")
    given = Given("not_met", "某某收了钱", uploads=[upload("a.jpg", picture(size=(8, 8)))])
    save(bureau, mine, {barring.pk: given}, section=2)
    held = Answer.objects.get(item=barring)
    assert (held.verdict, held.reason, held.evidence.count()) == ("not_met", "", 0)
    mine.refresh_from_db()
    assert mine.barred
    with pytest.raises(DomainError, match="请选择结论"):
        save(bureau, mine, {barring.pk: Given("partly", "一点")}, section=2)


def test_points_stay_within_the_item_and_less_needs_a_reason(bureau, mine):
    first = item("专题研究")
    with pytest.raises(DomainError, match="应在 0 到 4 之间"):
        save(bureau, mine, {first.pk: Given("met", points=Decimal(5))})
    with pytest.raises(DomainError, match="请写一句说明"):
        save(bureau, mine, {first.pk: Given("met", points=Decimal(3))})
    with pytest.raises(DomainError, match="应在 0 到 0 之间"):
        save(bureau, mine, {item("会前沟通").pk: Given("met", points=Decimal(1))})
    save(bureau, mine, {first.pk: Given("met", "缺一次", points=Decimal("3.5"))})
    assert Answer.objects.get().points == Decimal("3.5")


def test_what_the_portal_holds_proves_before_a_file_is_asked_for(bureau, mine):
    held = record(bureau)
    first = item("专题研究")
    save(bureau, mine, {first.pk: Given("met", chosen=[("record:committee_meeting", held.pk)])})
    proof = Evidence.objects.get()
    assert proof.label == "支委会 2026-03-09 研究廉政工作"
    part = parts_of(mine)[0]
    assert part.lines[0].evidence == [proof]
    save(bureau, mine, {first.pk: Given("met")})
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "what", ["another school's", "last year's", "withdrawn", "of another item"]
)
def test_only_what_was_offered_proves(bureau, mine, what):
    more = {
        "another school's": {"organization": bureau.other},
        "last year's": {"day": date(2025, 12, 31)},
        "withdrawn": {"withdrawn_at": AT},
    }.get(what, {})
    held = record(bureau, **more)
    asked = item("会前沟通" if what == "of another item" else "专题研究")
    with pytest.raises(DomainError, match="选的佐证有的已撤回"):
        save(bureau, mine, {asked.pk: Given("met", chosen=[("record:committee_meeting", held.pk)])})
    assert not Answer.objects.exists()


def test_evidence_of_a_record_withdrawn_later_stays_named(bureau, mine):
    held = record(bureau)
    chosen = {item("专题研究").pk: Given("met", chosen=[("record:committee_meeting", held.pk)])}
    save(bureau, mine, chosen)
    Record.objects.update(withdrawn_at=AT)
    save(bureau, mine, chosen)
    assert Evidence.objects.get().label == "支委会 2026-03-09 研究廉政工作"


def test_files_are_kept_and_taken_off(bureau, mine):
    asked = item("会前沟通")
    files = [upload(f"照片{n}.jpg", picture(size=(8, 8))) for n in range(2)]
    save(bureau, mine, {asked.pk: Given("met", uploads=files)})
    first = Evidence.objects.earliest("pk")
    save(bureau, mine, {asked.pk: Given("met", removed=[first.pk])})
    assert [each.label for each in Evidence.objects.all()] == ["照片1.jpg"]
    many = [upload(f"更多{n}.jpg", picture(size=(8, 8))) for n in range(6)]
    with pytest.raises(DomainError, match="最多传 6 个文件"):
        save(bureau, mine, {asked.pk: Given("met", uploads=many)})


def test_two_who_save_the_same_part_get_one_result_and_one_message(bureau, mine):
    first = item("专题研究")
    seen = services.fingerprint(parts_of(mine)[0])
    save(bureau, mine, {first.pk: Given("met")}, seen=seen)
    with pytest.raises(ConflictError, match="刚刚被别人保存过"):
        save(bureau, mine, {first.pk: Given("not_met", "没有")}, seen=seen)
    assert Answer.objects.get().verdict == "met"


def test_another_part_may_be_saved_meanwhile(bureau, mine):
    seen = services.fingerprint(parts_of(mine)[1])
    save(bureau, mine, {item("专题研究").pk: Given("met")})
    save(bureau, mine, {item("廉洁教育课").pk: Given("met")}, section=1, seen=seen)
    assert mine.met == 2


def test_it_is_handed_in_whole_and_by_who_may(bureau, mine):
    with pytest.raises(
        DomainError, match="还有没填的：「学校党建」2 项、「课程」1 项、「否决项」1 项"
    ):
        services.submit_self_check(actor=bureau.secretary, self_check=mine, at=AT)
    answer_all(bureau, mine)
    with pytest.raises(ForbiddenError, match="由书记"):
        services.submit_self_check(actor=bureau.clerk, self_check=mine, at=AT)
    services.submit_self_check(actor=bureau.deputy, self_check=mine, at=AT)
    assert (mine.state, mine.submitted_by) == ("submitted", bureau.deputy)
    with pytest.raises(ConflictError, match="现在是「已提交」"):
        services.submit_self_check(actor=bureau.secretary, self_check=mine, at=AT)
    with pytest.raises(ConflictError, match="现在是「已提交」"):
        save(bureau, mine, {item("专题研究").pk: Given("met")})


def test_another_school_answers_nothing(bureau, mine):
    with pytest.raises(ForbiddenError):
        save(bureau, mine, {item("专题研究").pk: Given("met")}, actor=bureau.other_secretary)


def remarked(bureau, row, remarks) -> int:
    return services.remark(
        actor=bureau.officer, self_check=row, remarks=remarks, version=row.version, at=AT
    )


def test_a_stale_page_does_not_wipe_the_remarks_of_another_officer(bureau, mine):
    answer_all(bureau, mine)
    services.submit_self_check(actor=bureau.secretary, self_check=mine, at=AT)
    first, second = item("专题研究"), item("会前沟通")
    remarked(bureau, mine, {first.pk: "请补会议记录", second.pk: ""})
    with pytest.raises(ConflictError, match="刚刚有变动"):
        remarked(bureau, mine, {first.pk: "", second.pk: "附登记本"})
    assert Answer.objects.get(item=first).remark == "请补会议记录"


def test_it_is_remarked_on_returned_and_handed_in_again(bureau, mine):
    answer_all(bureau, mine)
    first = item("专题研究")
    with pytest.raises(ConflictError, match="还没有提交"):
        remarked(bureau, mine, {first.pk: "请补"})
    services.submit_self_check(actor=bureau.secretary, self_check=mine, at=AT)
    told = {first.pk: "请补会议记录", item("会前沟通").pk: ""}
    assert remarked(bureau, mine, told) == 1
    with pytest.raises(ForbiddenError):
        services.return_self_check(actor=bureau.secretary, self_check=mine, comment="请补", at=AT)
    services.return_self_check(
        actor=bureau.reviewer, self_check=mine, comment="请补第一项的记录", at=AT
    )
    assert (mine.state, mine.comment) == ("returned", "请补第一项的记录")
    services.submit_self_check(actor=bureau.secretary, self_check=mine, at=AT + timedelta(days=1))
    assert Answer.objects.get(item=first).remark == "请补会议记录"


def test_last_years_answer_and_remark_stand_beside_a_reworded_item(bureau, mine):
    answer_all(bureau, mine, 学校党建="partly")
    services.submit_self_check(actor=bureau.secretary, self_check=mine, at=AT)
    remarks = {item("会前沟通").pk: "下次附记录"}
    remarked(bureau, mine, remarks)
    new = "一、党建\n1. 书记、校长会前沟通有记录\n2. 家长参与膳食监督"
    edition = published(bureau, source=new, name="2027年版")
    assigned(bureau, edition, year=2027, due_on=date(2027, 3, 31))
    row = check_of(bureau.mine)
    lines = parts_of(row)[0].lines
    add_former(row, lines)
    former = lines[0].former
    assert (former.year, former.words, former.reason, former.remark) == (
        2026, "部分符合", "还在完善", "下次附记录",
    )  # fmt: skip
    assert lines[1].former is None

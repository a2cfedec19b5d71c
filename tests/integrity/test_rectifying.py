"""Mending what fell short: asked for, proved, judged, opened again."""

from datetime import date, timedelta

import pytest
from django.test import Client

from common.errors import ConflictError, DomainError, ForbiddenError
from integrity import due, services
from integrity.duties import month_duties
from integrity.models import Item, Rectification
from integrity.queries import earlier_answers
from notifications.models import Due
from notifications.stages import Stage
from tests.attachments.samples import picture, upload
from tests.integrity.builders import AT, answer_all, assigned, check_of, item

UNTIL = date(2026, 4, 10)


@pytest.fixture
def short(bureau):
    """A self-check handed in, two items of which fell short, and one that bars."""
    assigned(bureau)
    row = answer_all(bureau, check_of(bureau.mine), 学校党建="partly", 否决项="not_met")
    return services.submit_self_check(actor=bureau.secretary, self_check=row, at=AT)


@pytest.fixture
def mending(bureau, short) -> Rectification:
    return ask(bureau, short)[0]


def ask(bureau, row, *, actor=None, due_on=UNTIL, **demands):
    wanted = demands.get("demands", {item("会前沟通").pk: "补齐沟通记录"})
    return services.open_rectifications(
        actor=actor or bureau.officer, self_check=row, demands=wanted, due_on=due_on, at=AT
    )


def hand_in(bureau, row, *, actor=None, **more):
    given = {"owner": "李四，副校长", "text": "已建立沟通登记本", **more}
    return services.hand_in_rectification(
        actor=actor or bureau.secretary, rectification=row, at=AT, **given
    )


def test_what_fell_short_is_offered_but_not_what_bars(bureau, short):
    texts = {each.text for each in services.short_items(short)}
    assert texts == {"每学期专题研究廉政工作", "书记和校长会前沟通有记录"}
    ask(bureau, short)
    assert {each.text for each in services.short_items(short)} == {"每学期专题研究廉政工作"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"demands": {}}, "请勾选要整改的项目"),
        ({"demands": {10**9: "改"}}, "请勾选要整改的项目"),
        ({"due_on": date(2026, 3, 9)}, "已经过去"),
        ({"due_on": date(2036, 3, 9)}, "应在明年年底以前"),
    ],
)
def test_what_cannot_be_asked(bureau, short, change, told):
    with pytest.raises(DomainError, match=told):
        ask(bureau, short, **change)
    assert not Rectification.objects.exists()


def test_an_item_that_bars_or_is_being_mended_is_refused(bureau, short):
    for text in ("违规收费", "廉洁教育课"):
        with pytest.raises(DomainError, match="请勾选要整改的项目"):
            ask(bureau, short, demands={item(text).pk: "改"})
    ask(bureau, short)
    with pytest.raises(DomainError, match="刚刚已下达整改"):
        ask(bureau, short)


def test_who_may_do_what(bureau, short):
    with pytest.raises(ForbiddenError):
        ask(bureau, short, actor=bureau.secretary)
    row = ask(bureau, short, actor=bureau.reviewer)[0]
    with pytest.raises(ForbiddenError, match="由书记"):
        hand_in(bureau, row, actor=bureau.clerk)
    with pytest.raises(ForbiddenError):
        hand_in(bureau, row, actor=bureau.other_secretary)
    hand_in(bureau, row)
    with pytest.raises(ForbiddenError):
        services.close_rectification(actor=bureau.secretary, rectification=row, at=AT)


def test_it_is_proved_judged_and_opened_again(bureau, mending):
    photo = upload("登记本.jpg", picture(size=(8, 8)))
    hand_in(bureau, mending, uploads=[photo])
    with pytest.raises(ConflictError, match="现在是「待复核」"):
        hand_in(bureau, mending)
    services.reopen_rectification(
        actor=bureau.officer,
        rectification=mending,
        reason="登记本没有日期",
        due_on=UNTIL + timedelta(days=10),
        at=AT,
    )
    assert (mending.state, mending.reopened, mending.owner) == ("open", 1, "李四，副校长")
    hand_in(bureau, mending, text="已补日期")
    services.close_rectification(actor=bureau.officer, rectification=mending, at=AT)
    assert (mending.state, mending.closed_on) == ("closed", AT.date())
    steps = [(step.kind, step.text) for step in mending.steps.all()]
    assert steps == [
        ("opened", "补齐沟通记录"),
        ("handed_in", "已建立沟通登记本"),
        ("reopened", "登记本没有日期"),
        ("handed_in", "已补日期"),
        ("closed", ""),
    ]
    assert mending.steps.all()[1].attachments.get().name == "登记本.jpg"
    services.reopen_rectification(
        actor=bureau.officer, rectification=mending, reason="又没有了", due_on=UNTIL, at=AT
    )
    assert (mending.state, mending.closed_on, mending.reopened) == ("open", None, 2)


def test_a_mistaken_one_is_taken_back_and_no_longer_moves(bureau, mending):
    services.cancel_rectification(
        actor=bureau.officer, rectification=mending, reason="选错了", at=AT
    )
    with pytest.raises(ConflictError, match="现在是「已取消」"):
        hand_in(bureau, mending)


def test_one_taken_back_is_told_and_may_be_asked_for_again(bureau, short, mending):
    services.cancel_rectification(
        actor=bureau.officer, rectification=mending, reason="选错了", at=AT
    )
    told = Due.objects.filter(
        recipient=bureau.secretary, link=f"/rectifications/{mending.pk}/", withdrawn_at=None
    )
    assert [due.subject for due in told] == ["不用整改了：书记和校长会前沟通有记录，选错了"]
    again = ask(bureau, short)[0]
    assert (again.item, again.state) == (mending.item, "open")


def test_the_news_of_several_stays_while_others_stand(bureau, short):
    demands = {item(text).pk: "补齐" for text in ("会前沟通", "专题研究")}
    for row in ask(bureau, short, demands=demands)[:1]:
        services.cancel_rectification(
            actor=bureau.officer, rectification=row, reason="选错了", at=AT
        )
    told = Due.objects.filter(recipient=bureau.secretary, withdrawn_at=None)
    assert told.filter(subject__contains="有 2 项要整改").exists()


def test_an_item_asked_no_longer_is_not_to_be_mended(bureau, short):
    Item.objects.filter(pk=item("会前沟通").pk).update(withdrawn_at=AT)
    assert {each.text for each in services.short_items(short)} == {"每学期专题研究廉政工作"}


def test_what_is_handed_in_waits_on_the_home_of_the_officer(bureau, mending):
    hand_in(bureau, mending)
    client = Client()
    client.force_login(bureau.officer)
    page = client.get("/admin/").content.decode()
    url = "/admin/integrity/rectification/?state__exact=handed_in"
    assert url in page
    assert "待复核整改" in page
    assert mending.self_check.unit in client.get(url).content.decode()


def test_the_month_carries_it_and_reminders_follow_its_day(bureau, mending):
    duties = month_duties(
        bureau.mine, first=date(2026, 3, 1), last=date(2026, 3, 31), now=True, on=AT.date()
    )
    assert [each.row["title"] for each in duties if not each.done] == [
        "整改：书记和校长会前沟通有记录"
    ]
    assert due.write_dues(at=AT) == 0
    due.write_dues(at=AT.replace(month=4, day=10))
    mine = Due.objects.filter(recipient=bureau.secretary, stage=Stage.ON_DAY)
    told = mine.get(link=f"/rectifications/{mending.pk}/")
    assert due.outdated([told], AT) == set()
    hand_in(bureau, mending)
    assert due.outdated([told], AT) == {told.pk}
    assert Due.objects.filter(stage=Stage.RETURNED).get().subject == (
        "2026年清廉学校清单自查有 1 项要整改，4月10日（周五）前完成"
    )


def test_what_was_said_over_the_years_stands_together(bureau, mending):
    assert [(each.year, each.words) for each in earlier_answers(mending)] == [(2026, "部分符合")]

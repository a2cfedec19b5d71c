"""A year carried over into the next: what goes along, how days move, what is never touched."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from calendar_events import services
from calendar_events.choices import CalendarState, EventState, Handling
from calendar_events.imports import import_calendar, read_pasted
from calendar_events.models import Calendar, Event, Figure, Vacation
from calendar_events.rolling import roll_over_of
from calendar_events.services import AudienceChoice
from calendar_events.services.asking import save_audience
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry, WorkdayOverride
from tests.calendar_events.builders import at, draft_calendar, published_event, task_of

pytestmark = pytest.mark.django_db

NOW = at(2026, 11, 21)
USUAL = date(2026, 3, 31)


@pytest.fixture
def line(bureau):
    """A line of 2026 with all that goes along."""
    audience = save_audience(AudienceChoice(kind="kinds", school_kinds=("primary",)), audience=None)
    event = published_event(
        "2026年度组织生活会",
        due_on=USUAL,
        demand="对照要求开好会",
        handling=Handling.OPTIONAL,
        office=bureau.office,
        audience=audience,
        record_kind="theme_day",
        position=1,
    )
    Figure.objects.create(event=event, name="参加人数", unit="人", position=1)
    return event


def roll(event, *, actor=None, chosen=None, **options):
    return services.roll_over(
        actor=actor, calendar=event.calendar, chosen=chosen, at=NOW, **options
    )


def test_a_line_keeps_what_it_asks_and_of_whom_and_moves_to_the_next_year(bureau, line):
    done = roll(line, actor=bureau.officer)

    made = done.calendar.events.get()
    assert (done.calendar.year, done.calendar.title, done.calendar.state) == (
        2027,
        "2027年度党建工作行事历",
        CalendarState.DRAFT,
    )
    assert (made.title, made.year, made.first_month, made.last_month, made.position) == (
        "2027年度组织生活会",
        2027,
        3,
        3,
        1,
    )
    assert (made.handling, made.state, made.office, made.demand, made.record_kind) == (
        Handling.OPTIONAL,
        EventState.DRAFT,
        bureau.office,
        "对照要求开好会",
        "theme_day",
    )
    assert (made.due_on, made.created_by, made.rolled_from) == (None, None, line)
    assert made.audience_id != line.audience_id
    assert str(made.audience) == str(line.audience) == "小学"
    assert [str(figure) for figure in made.figures.all()] == ["参加人数（人）"]
    assert made.tasks.count() == 0
    entry = AuditEntry.objects.get(verb="calendar_events.roll_over")
    assert (entry.actor, entry.object_ids) == (bureau.officer, [made.pk])
    assert entry.after["new"] == ["2027年度组织生活会"]


def test_the_usual_date_is_the_last_workday_of_the_month_a_year_on(line):
    rolled = roll_over_of(line.calendar).changed[0]
    assert (rolled.due_on, rolled.due_before, rolled.due_after) == (None, USUAL, date(2027, 3, 31))
    WorkdayOverride.objects.create(date=date(2027, 3, 31), is_workday=False)
    assert roll_over_of(line.calendar).changed[0].due_after == date(2027, 3, 30)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (date(2026, 3, 25), date(2027, 3, 25)),
        # Saturdays in 2027.
        (date(2026, 3, 20), date(2027, 3, 19)),
        (date(2026, 3, 13), date(2027, 3, 12)),
    ],
)
def test_a_date_of_its_own_stays_on_its_day_or_the_workday_before(bureau, before, after):
    event = published_event(due_on=before)
    rolled = roll_over_of(event.calendar).changed[0]
    assert (rolled.due_on, rolled.due_after) == (after, after)


def test_the_29th_of_february_becomes_the_28th(bureau):
    event = published_event(month=2, year=2028, starts_on=date(2028, 2, 29))
    assert roll_over_of(event.calendar).changed[0].starts_on == date(2029, 2, 28)


def test_school_holidays_take_the_days_entered_for_the_next_year(bureau):
    days = (date(2026, 7, 11), date(2026, 8, 31))
    Vacation.objects.create(year=2026, kind="summer", first_day=days[0], last_day=days[1])
    event = published_event(
        "暑期学习", month=7, last_month=8, starts_on=days[0], ends_on=days[1], due_on=days[1]
    )
    unknown = roll_over_of(event.calendar).changed[0]
    assert (unknown.starts_on, unknown.ends_on, unknown.due_on) == (None, None, None)
    assert unknown.notes == ("2027 年暑假还没有登记，起止日期留空",)

    Vacation.objects.create(
        year=2027, kind="summer", first_day=date(2027, 7, 10), last_day=date(2027, 8, 30)
    )
    known = roll_over_of(event.calendar).changed[0]
    assert (known.starts_on, known.ends_on) == (date(2027, 7, 10), date(2027, 8, 30))


def test_split_lines_go_along_with_their_parts_but_not_the_cancelled_ones(bureau, line):
    calendar = line.calendar
    part = published_event("上半场", calendar=calendar, split_from=line, due_on=USUAL)
    published_event("下半场", calendar=calendar, split_from=line, state=EventState.CANCELLED)
    done = roll(line)
    whole = done.calendar.events.get(split_from=None)
    assert list(whole.parts.values_list("title", "rolled_from")) == [("上半场", part.pk)]


def test_cancelled_drafts_and_adhoc_lines_stay_behind_adhoc_ones_are_offered(bureau, line):
    published_event("取消的", state=EventState.CANCELLED, cancelled_reason="活动合并")
    published_event("后加的", state=EventState.DRAFT)
    adhoc = published_event("临时统计", calendar=None)
    plan = roll_over_of(line.calendar)
    assert [(each.event.title, each.reason) for each in plan.left_out] == [
        ("取消的", "已取消：活动合并"),
        ("后加的", "还是草稿，没有发布"),
    ]
    assert [each.source for each in plan.adhoc] == [adhoc]
    assert list(roll(line).calendar.events.values_list("title", flat=True)) == [
        "2027年度组织生活会"
    ]


def test_an_adhoc_task_that_is_chosen_becomes_a_line(bureau, line):
    adhoc = published_event("临时统计", calendar=None, due_on=USUAL)
    done = roll(line, chosen={adhoc.pk})
    assert list(done.calendar.events.values_list("title", "rolled_from")) == [
        ("临时统计", adhoc.pk)
    ]


def test_a_dry_run_leaves_nothing(line):
    assert len(roll(line, dry_run=True).lines) == 1
    assert (Calendar.objects.count(), Event.objects.count()) == (1, 1)
    assert not AuditEntry.objects.exists()


def test_a_second_time_offers_what_is_missing_and_touches_nothing_else(bureau, line):
    missing = published_event("主题党日", due_on=USUAL, position=2)
    roll(line, chosen={line.pk})
    standing = Event.objects.get(rolled_from=line)
    Event.objects.filter(pk=standing.pk).update(title="改过的标题")

    plan = roll_over_of(line.calendar)
    assert [each.source for each in plan.lines] == [missing]
    assert [each.source for each in plan.standing] == [line]
    with pytest.raises(ConflictError, match="草稿里已有 1 个事项，还缺 1 个"):
        roll(line)
    roll(line, chosen={missing.pk})
    assert list(Event.objects.filter(year=2027).values_list("title", "position")) == [
        ("改过的标题", 1),
        ("主题党日", 2),
    ]
    with pytest.raises(ConflictError, match="没有可以沿用的事项"):
        roll(line, chosen={missing.pk})


def test_what_somebody_took_over_in_the_meantime_is_refused_whole(line):
    other = published_event("主题党日", due_on=USUAL)
    roll(line, chosen={line.pk})
    with pytest.raises(ConflictError, match="刚刚被他人改动过"):
        roll(line, chosen={line.pk, other.pk})
    assert Event.objects.filter(year=2027).count() == 1


def test_lines_typed_into_the_draft_by_hand_are_known_by_month_and_title(bureau, line):
    draft = draft_calendar(2027, {"2027年度 组织生活会": 3, "自己加的": 5})
    plan = roll_over_of(line.calendar)
    assert (plan.lines, [each.source for each in plan.standing]) == ((), [line])
    assert list(plan.own) == [draft.events.get(title="自己加的")]


def test_a_published_next_year_is_never_touched(bureau, line):
    published_event("主题党日", year=2027)
    with pytest.raises(ConflictError, match="已经发布"):
        roll(line, chosen={line.pk})
    assert Event.objects.filter(year=2027).count() == 1


def test_a_draft_is_nothing_to_carry_over(bureau):
    draft = draft_calendar(2026, {"主题党日": 3})
    with pytest.raises(DomainError, match="还没有发布"):
        services.roll_over(actor=bureau.officer, calendar=draft, chosen=None, at=NOW)


def test_only_officers_carry_over(bureau, line):
    for actor in (bureau.leader, bureau.secretary):
        with pytest.raises(ForbiddenError):
            roll(line, actor=actor)


def test_what_was_carried_over_can_be_published(bureau, line):
    done = roll(line)
    services.publish_calendar(actor=bureau.officer, calendar=done.calendar, at=NOW)
    made = done.calendar.events.get()
    assert (made.due_on, made.tasks.count()) == (date(2027, 3, 31), 2)


def test_the_document_of_the_next_year_is_compared_with_what_was_carried_over(bureau, line):
    published_event("去年才有的", due_on=USUAL)
    done = roll(line)
    read = read_pasted(text="三月\n1. 2027年度组织生活会\n四月\n1. 清明祭扫", year=2027)
    difference = import_calendar(actor=bureau.officer, read=read, at=NOW)
    assert [str(each) for each in difference.removed] == ["去年才有的"]
    assert [each.title for _, each in difference.new] == ["清明祭扫"]
    kept = done.calendar.events.get(title="2027年度组织生活会")
    assert (kept.handling, kept.figures.count()) == (Handling.OPTIONAL, 1)


# The page ----------------------------------------------------------------------------------------
def page_of(client, bureau, event, **sent):
    client.force_login(bureau.officer)
    address = reverse("admin:calendar_events_calendar_roll_over", args=[event.calendar_id])
    return client.post(address, sent) if sent else client.get(address)


def test_the_page_shows_old_beside_new_and_ticks_all_but_adhoc_tasks(client, bureau, line):
    adhoc = published_event("临时统计", calendar=None)
    text = page_of(client, bureau, line).content.decode()
    assert "2026年度组织生活会" in text
    assert "<strong>2027年度组织生活会</strong>" in text
    assert "3月31日 → " in text
    assert f'value="{line.pk}" id="line-{line.pk}" checked' in text
    assert f'value="{adhoc.pk}" id="line-{adhoc.pk}" aria' in text


def test_a_line_left_out_on_the_page_stays_behind(client, bureau, line):
    other = published_event("主题党日", due_on=USUAL)
    page_of(client, bureau, line, line=[str(other.pk)])
    assert list(Event.objects.filter(year=2027).values_list("title", flat=True)) == ["主题党日"]


def test_none_chosen_is_refused_and_nothing_ticked_again(client, bureau, line):
    client.force_login(bureau.officer)
    address = reverse("admin:calendar_events_calendar_roll_over", args=[line.calendar_id])
    text = client.post(address, {}).content.decode()
    assert "请至少保留一个事项" in text
    assert " checked" not in text
    assert not Event.objects.filter(year=2027).exists()


def test_the_import_page_tells_old_and_new_apart(client, bureau, line):
    published_event("去年才有的", due_on=USUAL)
    done = roll(line)
    client.force_login(bureau.officer)
    base = f"/admin/calendar_events/calendar/{done.calendar.pk}/import/"
    rows = "月份\t内容\t责任科室\n3月\t2027年度组织生活会\t办公室\n4月\t清明祭扫\t办公室"
    client.post(base, {"text": rows})
    text = client.get(f"{base}check/").content.decode()
    assert "与沿用上一年的草稿相比：对得上 1 项" in text
    assert "文件里没有的 1 项会去掉" in text
    assert (
        "改动：3月「2027年度组织生活会」（沿用自上一年）：责任科室（原文）由空改为“办公室”" in text
    )
    assert "去掉：3月「去年才有的」（沿用自上一年）" in text
    assert "新增：4月「清明祭扫」" in text


# The command -------------------------------------------------------------------------------------
def command(capsys, *arguments):
    code = 0
    try:
        call_command("roll_over_calendar", *arguments)
    except SystemExit as stopped:
        code = stopped.code
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err


def test_the_command_tries_out_and_then_does_it_once(capsys, line):
    published_event("取消的", state=EventState.CANCELLED)
    code, lines, _ = command(capsys, "--from", "2026", "--dry-run")
    assert (code, Calendar.objects.count()) == (0, 1)
    assert lines[0] == (
        "改动：3月「2026年度组织生活会」→「2027年度组织生活会」，截止 2026-03-31→2027-03-31"
    )
    assert lines[1] == "不带入：3月「取消的」（已取消）"
    assert lines[-2:] == [
        "2027年度党建工作行事历：沿用 0 项，改动 1 项，不带入 1 项",
        "（试运行，没有保存）",
    ]

    code, lines, _ = command(capsys, "--from", "2026")
    assert (code, Event.objects.filter(year=2027).count()) == (0, 1)
    code, lines, refused = command(capsys, "--from", "2026")
    assert (code, lines) == (1, [])
    assert "都已经有了" in refused


def test_the_command_names_a_year_that_is_not_there(db):
    with pytest.raises(CommandError, match="没有 2031 年的行事历"):
        call_command("roll_over_calendar", "--from", "2031")


def test_replacing_a_published_year_says_how_many_schools_each_change_reaches(client, bureau, line):
    gone = published_event("去掉的", due_on=USUAL)
    for organization in (bureau.mine, bureau.other):
        task_of(organization, gone)
    client.force_login(bureau.officer)
    base = f"/admin/calendar_events/calendar/{line.calendar_id}/import/"
    client.post(base, {"text": "三月\n1. 2026年度组织生活会"})
    text = client.get(f"{base}check/").content.decode()
    assert "去掉：3月「去掉的」（2 个未办结的党组织任务取消并收到通知）" in text

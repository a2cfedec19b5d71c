"""The paper: the A4 form with all its parts, the summary on its side, drafts marked, pages turned."""

import io
from datetime import date, timedelta

import pdfplumber
import pytest

from activities.choices import RecordKind
from calendar_events.choices import TaskState
from common.pdf import Pdf, page_texts, render
from organizations.choices import RoleKind
from organizations.models import Organization
from people.models import Person
from reports import services
from reports.jobs import STYLESHEETS
from reports.lines import SECTIONS
from reports.models import Report, ReportFigure
from reports.pdf import report_html, summary_html
from tests.calendar_events.builders import more_schools
from tests.factories import RoleFactory, UserFactory
from tests.reports.builders import (
    NOW,
    THEME_DAY,
    event_of,
    heads_of,
    record_of,
    report_of,
    task_of,
)

MM = 72 / 25.4


def printed(html: str) -> Pdf:
    return render(html, stylesheets=STYLESHEETS)


def words(pdf: Pdf) -> str:
    return "".join("".join(page_texts(pdf.content)).split())


def sizes(pdf: Pdf) -> set[tuple[int, int]]:
    with pdfplumber.open(io.BytesIO(pdf.content)) as held:
        return {(round(page.width / MM), round(page.height / MM)) for page in held.pages}


def hand_in(report, user, **typed):
    values = {"problems": "", "plans": "", "reasons": {THEME_DAY: "外出实践"}}
    return services.submit_report(actor=user, report=report, at=NOW, **{**values, **typed})


@pytest.fixture
def report(bureau) -> Report:
    heads_of(bureau.mine, full=34, probationary=2, candidates=0)
    record_of(
        bureau.mine,
        bureau.secretary,
        kind=RecordKind.PARTY_LESSON,
        entitled=36,
        present=33,
        topic="做“四有”好老师",
        speaker="尉迟㛃",
    )
    record_of(
        bureau.mine,
        bureau.secretary,
        kind=RecordKind.SMALL_WISH,
        counters={"collected": 20, "claimed": 18, "fulfilled": 0},
    )
    task_of(
        bureau.mine,
        event_of("民办学校书记述职"),
        state=TaskState.NOT_APPLICABLE,
        reason="本校为公办学校",
        completed_on=date(2026, 3, 9),
    )
    return report_of(bureau.mine)


def test_an_ordinary_month_is_one_sheet_with_all_its_parts(bureau, report):
    hand_in(report, bureau.secretary, problems="集中学习时间难统一。", plans="清明祭扫。")
    services.approve_report(actor=bureau.officer, report=report, at=NOW)
    pdf = printed(report_html(report, reader=bureau.secretary, at=NOW))
    said = words(pdf)
    assert (pdf.page_count, sizes(pdf)) == (1, {(210, 297)})
    for part in (
        "党建工作月报（2026年3月）",
        "填报单位（盖章）：芙蓉小学党支部",
        "统计周期2026年3月1日—2026年3月31日",
        "书记（主持工作）secretary",
        "填表人secretary",
        *SECTIONS.values(),
        "正式党员预备党员发展对象入党积极分子转入转出班子变动34人2人0人未建档未建档未建档未建档",
        "党课136333月9日《做“四有”好老师》，主讲尉迟㛃",
        "主题党日0——本期未开展：外出实践",
        "1民办学校书记述职3月9日—不适用：本校为公办学校",
        "应完成任务1项，已完成0项，进行中0项，不适用1项",
        "微心愿（征集/认领/完成）",
        "20/18/0",
        "三重一大（议题数）",
        "宣传报道（校/区/市级篇数）",
        "七、问题与建议集中学习时间难统一。",
        "八、下月打算清明祭扫。",
        "书记签字：",
        "审核人：officer",
        "日期：年月日",
        "第1页共1页",
    ):
        assert part in said.replace("／", "/"), part
    assert "草稿" not in said


def test_a_draft_is_marked_on_every_page_and_empty_texts_stay_empty(bureau, report):
    for number in range(60):
        task_of(bureau.mine, event_of(f"第{number}项工作"))
    pdf = printed(report_html(report, reader=bureau.secretary, at=NOW))
    texts = ["".join(text.split()) for text in page_texts(pdf.content)]
    assert len(texts) == 3
    assert ["草稿" in text and "未提交稿" in text for text in texts] == [True] * 3
    assert "七、问题与建议八、下月打算" in "".join(texts)


def test_many_tasks_run_over_pages_with_their_head(bureau, report):
    for number in range(40):
        task_of(bureau.mine, event_of(f"第{number}项：组织全体党员参加专题学习并按要求报送材料"))
    hand_in(report, bureau.secretary, problems="问" * 300, plans="打" * 300)
    pdf = printed(report_html(report, reader=bureau.secretary, at=NOW))
    texts = ["".join(text.split()) for text in page_texts(pdf.content)]
    head = "三、行事历任务序号事项完成日期参加人数完成情况"
    assert [(head in text, "项：组织" in text) for text in texts] == [(True, True)] * 3
    assert "".join(texts).count("问") == 300 + 1
    assert all(f"第{number}项：" in "".join(texts) for number in range(40))
    assert "书记签字：" in texts[-1]


def test_nothing_sticks_out_of_the_page(bureau, report):
    Organization.objects.filter(pk=bureau.mine.pk).update(
        name="中共栖江市澄岚区芙蓉小学（柳汀校区、𪣻桥校区、五里堨校区）联合支部委员会"
    )
    record_of(bureau.mine, bureau.secretary, topic="长" * 200)
    task_of(bureau.mine, event_of("事" * 200))
    report.refresh_from_db()
    pdf = printed(report_html(report, reader=bureau.secretary, at=NOW))
    with pdfplumber.open(io.BytesIO(pdf.content)) as held:
        for page in held.pages:
            inside = [
                char["x0"] > 14 * MM and char["x1"] < page.width - 14 * MM
                for char in page.chars
                if char["upright"]
            ]
            assert all(inside)


def test_a_number_is_whole_for_oneself_and_masked_for_others(bureau, report):
    Person.objects.create(name="secretary", user=bureau.secretary, mobile="13800001111")
    hand_in(report, bureau.secretary)
    assert "13800001111" in report_html(report, reader=bureau.secretary, at=NOW)
    for reader in (bureau.officer, None):
        html = report_html(report, reader=reader, at=NOW)
        assert ("138****1111" in html, "13800001111" in html) == (True, False)


def test_until_when_and_by_what_document_the_head_acts_is_printed(bureau, report):
    acting = UserFactory(name="李某")
    RoleFactory(
        user=acting,
        organization=bureau.mine,
        kind=RoleKind.ACTING_HEAD,
        since=date(2026, 4, 1),
        until=date(2090, 12, 30),
        basis="澄教委〔2026〕7号",
    )
    said = "主持工作：2026年4月1日至2090年12月30日，依据澄教委〔2026〕7号"
    assert said in report_html(report, reader=None, at=NOW)
    hand_in(report, acting)
    acting.is_active = False
    acting.save()
    much_later = NOW + timedelta(days=200)
    assert said in report_html(report, reader=None, at=much_later)


def test_nothing_is_said_of_acting_where_the_secretary_signs(bureau, report):
    hand_in(report, bureau.secretary)
    RoleFactory(organization=bureau.mine, kind=RoleKind.ACTING_HEAD, since=date(2026, 4, 1))
    assert "主持工作：" not in report_html(report, reader=None, at=NOW)


def test_the_acting_head_is_printed_as_such(bureau, report):
    hand_in(report, bureau.secretary)
    services.return_report(actor=bureau.officer, report=report, comments=[("", "请核")], at=NOW)
    acting = UserFactory(name="李某")
    RoleFactory(
        user=acting, organization=bureau.mine, kind=RoleKind.ACTING_HEAD, since=date(2026, 4, 1)
    )
    said = report_html(report, reader=None, at=NOW)
    assert ("李某（主持工作）" in said, "审核人：officer" in said) == (True, False)
    hand_in(report, acting)
    RoleFactory(organization=bureau.mine, kind=RoleKind.ACTING_HEAD, since=date(2026, 4, 2))
    assert "李某（主持工作）" in report_html(report, reader=None, at=NOW)


def test_records_of_earlier_periods_are_named_below_the_form(bureau):
    hand_in(report_of(bureau.mine, 2), bureau.secretary)
    record_of(bureau.mine, bureau.secretary, held_on=date(2026, 2, 26), topic="警示教育")
    pdf = printed(report_html(report_of(bureau.mine), reader=None, at=NOW))
    assert (
        "补录1条（以前各期的工作，本期补报并计入本期）：2026年2月26日主题党日《警示教育》"
        in words(pdf)
    )


def test_what_people_write_is_never_markup(bureau, report):
    hand_in(report, bureau.secretary, problems="<b>粗</b> & <script>")
    assert "&lt;b&gt;粗&lt;/b&gt; &amp; &lt;script&gt;" in report_html(report, reader=None, at=NOW)


# The summary -----------------------------------------------------------------------------------


@pytest.fixture
def many(bureau, report):
    """Sixty organisations, two of which haven't handed in."""
    first = hand_in(report, bureau.secretary)
    for organization in more_schools(bureau.root, 58):
        other = Report.objects.create(
            period=first.period, organization=organization, state="submitted"
        )
        ReportFigure.objects.bulk_create(
            ReportFigure(report=other, key=row.key, value=row.value)
            for row in first.figures.filter(recorded=True)
            if not row.key.startswith("task:")
        )
    return first.period


def test_the_summary_lies_on_its_side_with_a_head_on_every_page(bureau, many):
    ids = list(Report.objects.values_list("organization", flat=True))
    pdf = printed(summary_html(many, ids, at=NOW))
    texts = ["".join(text.split()) for text in page_texts(pdf.content)]
    assert (len(texts), sizes(pdf)) == (12, {(297, 210)})
    assert all("序号党组织" in text for text in texts)
    titles = [text[: text.index("填报单位")] for text in texts[::2]]
    assert titles == [f"2026年3月月报汇总表（{title}）" for title in SECTIONS.values()]
    assert "应报60家，已报59家未定稿，截至2026年4月2日10:00" in texts[0]
    assert all("合计" in text and "审核人：" in text for text in texts[1::2])
    # 59 times 34, 2 and 0; nobody said how many activists.
    assert (
        "合计200611820—" in texts[1].replace("2006118", "20061182") or "合计20061180—" in texts[1]
    )
    assert "荷花小学党支部未报" in "".join(texts)


def test_a_final_summary_says_what_changed_since(bureau, many):
    services.finalise_period(actor=bureau.officer, period=many, at=NOW)
    ReportFigure.objects.filter(report__organization=bureau.mine, key="heads.full").update(value=35)
    pdf = printed(summary_html(many, [bureau.mine.pk], at=NOW))
    said = words(pdf)
    assert "2026年4月2日定稿，以后有变动的注明定稿数" in said
    assert "1芙蓉小学党支部35定稿34" in said
    assert "合计35定稿34" in said

"""The tree as of a day, found and folded; its chart on paper; the history of an organisation."""

from datetime import date

import pytest
from django.conf import settings
from django.utils import timezone

from bureau import closing
from common.errors import DomainError
from common.jobs import execute
from common.models import AuditEntry, Job, JobState
from common.pdf import render, text_of
from organizations.chart import STYLESHEETS, chart_html
from organizations.choices import OrganizationKind, SchoolKind
from organizations.models import HeadCount, Organization
from organizations.queries import forest as forests
from organizations.queries.forest import forest, found_in_forest
from organizations.queries.history import history_of
from organizations.services import (
    Part,
    link_schools,
    move_organization,
    rename_organization,
    split_organization,
)
from tests.factories import OrganizationFactory, SchoolFactory
from tests.personas import build_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
BASIS = "澄教委〔2026〕9号"


@pytest.fixture
def bureau():
    return build_bureau()


def outline(nodes):
    return [(node.name, outline(node.shown)) for node in nodes]


def test_the_tree_of_a_day_has_the_places_and_names_of_that_day(bureau):
    rename_organization(
        actor=None, organization=bureau.mine, name="澄湖小学党支部", short_name="", on=JUNE,
        basis=BASIS,
    )  # fmt: skip
    move_organization(
        actor=None, organization=bureau.mine, parent=bureau.root, on=JUNE, basis=BASIS
    )
    [root] = forest(bureau.leader, MAY).nodes
    assert outline(root.shown) == [
        ("澄岚教育集团党总支", [("芙蓉小学党支部", [])]),
        ("荷花小学党支部", []),
    ]
    [root] = forest(bureau.leader, JUNE).nodes
    assert [node.name for node in root.shown] == [
        "澄岚教育集团党总支", "澄湖小学党支部", "荷花小学党支部",
    ]  # fmt: skip


def test_members_and_subordinates_are_added_up_and_unknown_is_not_zero(bureau):
    HeadCount.objects.create(organization=bureau.mine, on=MAY, full=18, probationary=1)
    [root] = forest(bureau.leader, JUNE).nodes
    assert (root.below, root.members, root.shown[1].members_words) == (3, 19, "人数未填报")


def test_everybody_sees_their_scope(bureau):
    assert outline(forest(bureau.reviewer, MAY).nodes) == [
        ("澄岚教育集团党总支", [("芙蓉小学党支部", [])])
    ]
    with pytest.raises(LookupError):
        forest(bureau.reviewer, MAY, top=bureau.other.pk)
    assert list(found_in_forest(bureau.reviewer, MAY, "荷花")) == []


def test_a_large_tree_shows_one_level_page_by_page(bureau, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(forests, "MOST_UNFOLDED", 2)
    HeadCount.objects.create(organization=bureau.mine, on=MAY, full=18)
    whole = forest(bureau.leader, MAY)
    [root] = whole.nodes
    assert (root.below, root.members, root.shown, whole.page.number) == (3, 18, [], 1)
    below = forest(bureau.leader, MAY, top=bureau.root.pk)
    assert [(node.label, node.below) for node in below.nodes] == [
        ("澄岚教育集团党总支", 1), ("荷花小学党支部", 0),
    ]  # fmt: skip


def test_the_page_is_searched_as_people_type(bureau, client):
    client.force_login(bureau.leader)
    bureau.mine.former_names.create(name="旧芙蓉党支部", until=date(2021, 1, 1))
    for text in ("芙蓉", "旧芙蓉", bureau.mine.code):
        page = client.get("/admin/tree/", {"q": text, "on": "2026-05-01"})
        assert [node.name for node in page.context["found"]] == ["芙蓉小学党支部"]
    # On a day on which the former name was in use, that one is shown.
    page = client.get("/admin/tree/", {"q": "芙蓉", "on": "2020-05-01"})
    assert [node.name for node in page.context["found"]] == ["旧芙蓉党支部"]
    assert "没有叫这个名字" in client.get("/admin/tree/?q=查无").content.decode()


@pytest.mark.parametrize("query", ["on=2026-13-01", "on=9999-01-01", "top=x", "page=x", "q=%20"])
def test_an_odd_address_is_told_or_overlooked(bureau, client, query):
    client.force_login(bureau.leader)
    page = client.get(f"/admin/tree/?{query}")
    assert page.status_code == 200
    assert ("不是 2026-03-25 这样的日期" in page.content.decode()) == query.startswith("on=")


def test_nothing_stood_before_the_beginning(bureau, client):
    client.force_login(bureau.leader)
    assert client.get("/admin/tree/?on=1990-01-01").status_code == 200
    assert client.get(f"/admin/tree/?top={bureau.mine.pk}&on=1990-01-01").status_code == 404


# The chart ----------------------------------------------------------------------------------------
def chart(user, on=MAY, top=None):
    return chart_html(user, {"on": on.isoformat(), "top": top})


def test_the_chart_draws_the_leading_ones_and_lists_all(bureau):
    HeadCount.objects.create(organization=bureau.mine, on=MAY, full=18)
    printed = render(chart(bureau.leader), stylesheets=STYLESHEETS)
    text = text_of(printed).replace("\n", "")
    assert printed.page_count == 1
    for words in (
        "中共澄岚区教育局委员会组织架构图",
        "填报单位（盖章）：中共澄岚区教育局委员会",
        "截至2026年5月1日",
        "下级党组织 3 个，党员 18 人",
        "澄岚教育集团党总支（18 人）",
        "小学（1 个，人数未填报）",
    ):
        assert words in text


def test_the_chart_groups_by_the_schools_of_its_day(bureau):
    """荷花小学党支部 went from a school to a kindergarten in June."""
    HeadCount.objects.create(organization=bureau.other, on=MAY, full=0)
    kindergarten = SchoolFactory(kind=SchoolKind.KINDERGARTEN)
    link_schools(
        actor=None, organization=bureau.other, schools=[kindergarten], on=JUNE, basis=BASIS
    )
    assert "小学（1 个，0 人）" in chart(bureau.leader)
    assert "幼儿园（1 个，0 人）" in chart(bureau.leader, on=JUNE)


def test_many_lie_on_their_side_in_rows_of_one_length(bureau):
    for number in range(30):
        OrganizationFactory(
            name=f"第{number}党总支", kind=OrganizationKind.GENERAL_BRANCH, parent=bureau.root
        )
    html = chart(bureau.leader)
    assert '<body class="organigram landscape">' in html
    rows = [part.count("<td>") for part in html.split('<table class="hang">')[1:]]
    assert rows[0] == 16
    assert len(rows) == 2
    assert render(html, stylesheets=STYLESHEETS).page_count == 2


def test_the_chart_refuses_what_nobody_reads_and_another_school(bureau, monkeypatch):
    with pytest.raises(DomainError, match="没有这个党组织"):
        chart(bureau.reviewer, top=bureau.other.pk)
    monkeypatch.setattr(forests, "MOST_UNFOLDED", 2)
    with pytest.raises(DomainError, match="党组织太多"):
        chart(bureau.leader)


def test_the_chart_is_printed_by_the_worker(bureau, client):
    client.force_login(bureau.leader)
    client.post("/admin/tree/print/?on=2026-05-01")
    job = Job.objects.get()
    assert AuditEntry.objects.filter(verb="organizations.print_chart").count() == 1
    execute(job_id=job.pk, at=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.result_name) == (JobState.DONE, "组织架构图.pdf")
    assert (settings.MEDIA_ROOT / job.result_path).read_bytes().startswith(b"%PDF")
    client.force_login(bureau.reviewer)
    assert client.post(f"/admin/tree/print/?top={bureau.other.pk}").status_code == 404


# History ------------------------------------------------------------------------------------------
def test_a_history_tells_everything_with_its_document(bureau):
    mine = bureau.mine
    second = SchoolFactory(name="乙小学")
    link_schools(
        actor=None, organization=mine, schools=[*mine.schools.all(), second], on=MAY, basis=BASIS
    )
    [made] = split_organization(
        actor=None, organization=mine, on=JUNE, basis=BASIS,
        parts=[Part("乙小学党支部", "branch", "N1", schools=[second])],
    )  # fmt: skip
    rename_organization(
        actor=None, organization=mine, name="澄湖小学党支部", short_name="", on=JUNE, basis=BASIS
    )
    move_organization(actor=None, organization=mine, parent=bureau.root, on=JUNE, basis=BASIS)
    closing.merge_organization(
        actor=None, organization=mine, into=bureau.other, on=JULY, basis="澄教委〔2026〕20号",
        at=timezone.make_aware(timezone.datetime(2026, 7, 2)),
    )  # fmt: skip
    mine.refresh_from_db()
    told = [
        (each.on, each.words)
        for each in history_of(mine, seen=Organization.objects.all())
        if each.on != mine.founded_on
    ]
    assert told == [
        (MAY, "增加「乙小学」"),
        (JUNE, "由隶属「澄岚教育集团党总支」改为隶属「中共澄岚区教育局委员会」"),
        (JUNE, "全称由「芙蓉小学党支部」改为「澄湖小学党支部」"),
        (JUNE, "不再包括「乙小学」"),
        (JUNE, "分设出「乙小学党支部」"),
        (JULY, "并入「荷花小学党支部」"),
        (JULY, "撤销"),
    ]
    entries = history_of(made, seen=Organization.objects.none())
    assert ("从「澄湖小学党支部」分设", BASIS, None) in [
        (each.words, each.basis, each.other) for each in entries
    ]

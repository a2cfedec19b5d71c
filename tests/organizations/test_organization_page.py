"""The page of an organisation: the way up, what stands below, who reports for it."""

from datetime import date

import pytest
from django.urls import reverse

from organizations.admin.filters import UnderFilter
from organizations.models import HeadCount, Organization
from organizations.queries import neighbours
from tests.factories import OrganizationFactory
from tests.personas import build_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DAY = date(2026, 11, 1)


@pytest.fixture
def bureau():
    return build_bureau()


def page(client, organization):
    address = reverse("admin:organizations_organization_change", args=[organization.pk])
    return client.get(address).content.decode()


def test_up_and_down_by_links(bureau, client):
    client.force_login(bureau.officer)
    general = OrganizationFactory(name="三校党总支", parent=bureau.root, kind="general_branch")
    branch = OrganizationFactory(name="三校第一党支部", parent=general)
    OrganizationFactory(name="三校旧党支部", parent=general, closed_on=date(2026, 1, 1))
    HeadCount.objects.create(organization=branch, on=DAY, full=18, probationary=1)
    shown = page(client, general)
    assert "下级党组织 1 个，党员（含下级）19" in shown
    for other in (bureau.root, branch):
        assert reverse("admin:organizations_organization_change", args=[other.pk]) in shown
    assert "三校旧党支部" not in shown
    assert "下级党组织" not in page(client, branch).split("</section>")[0]


def test_a_long_list_leads_to_the_section(bureau, client):
    client.force_login(bureau.officer)
    general = OrganizationFactory(name="大校党总支", parent=bureau.root, kind="general_branch")
    OrganizationFactory.create_batch(21, parent=general)
    assert f"?under={general.pk}" in page(client, general)
    address = reverse("admin:organizations_organization_changelist")
    listed = client.get(address, {"under": general.pk})
    assert listed.context["cl"].result_count == 21
    assert "大校党总支" in listed.content.decode()
    for odd in ("0", "x", "9" * 30, "-1"):
        assert client.get(address, {"under": odd}).status_code in (200, 302)


def test_who_reports(bureau):
    alone = OrganizationFactory(name="无校党支部", parent=bureau.root)
    below = OrganizationFactory(name="芙蓉第二支部", parent=bureau.mine)
    closed = OrganizationFactory(name="旧党支部", parent=bureau.root, closed_on=DAY)
    seen = Organization.objects.all()
    rows = (bureau.mine, below, alone, closed)
    assert [neighbours(each, DAY, seen=seen).reporting for each in rows] == [
        "任务和月报默认发给它，包括它的下级党组织。",
        "任务和月报由「芙蓉小学党支部」一并办理。",
        "没有所在学校（单位），任务和月报不默认发给它。",
        "已于 2026-11-01 撤销。",
    ]


def test_the_head_line_names_the_section_once(bureau, client):
    client.force_login(bureau.officer)
    shown = page(client, bureau.mine)
    head = (
        shown.split('id="header-inner"')[1].split("</header>")[0]
        if "header-inner" in shown
        else shown
    )
    assert head.count("chevron_right</span>") == 1


def test_the_filter_by_a_superior_names_none_that_its_reader_does_not_see(bureau, rf):
    request = rf.get("/")
    for user, shown in ((bureau.officer, [bureau.other.label]), (bureau.reviewer, [])):
        request.user = user
        given = {"under": [str(bureau.other.pk)]}
        found = UnderFilter(request, given, Organization, None).lookup_choices
        assert [label for _pk, label in found] == shown

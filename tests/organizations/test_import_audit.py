"""What a list overwrote stays in the log; figures with the subordinates in them are pointed out."""

from datetime import date

import pytest
from django.urls import reverse

from common import audit
from common.models import AuditEntry
from organizations.imports import head_counts, organizations
from organizations.models import HeadCount
from organizations.queries import swollen_counts
from tests.factories import OrganizationFactory, SchoolFactory
from tests.organizations.lists import xlsx
from tests.personas import build_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DAY = date(2026, 11, 1)


def count(*rows, head=("党组织", "正式党员", "预备党员"), **extra):
    data = xlsx(head, *rows)
    options = {"actor": None, "dry_run": False, "on": DAY, **extra}
    return head_counts.run(data=data, filename="人数.xlsx", **options)


def entries(verb):
    return list(AuditEntry.objects.filter(verb=verb).order_by("pk"))


def test_an_overwritten_figure_stays_in_the_log():
    bureau = build_bureau()
    count((bureau.mine.name, 30, 1), (bureau.other.name, 8, 0))
    count((bureau.mine.name, 31, 1), (bureau.other.name, 8, 0))
    first, second = entries("organizations.import_head_counts")
    assert (first.before, first.object_type) == ({}, "organizations.headcount")
    assert first.after == {"on": ["2026-11-01"], "created": 2, "changed": 0}
    assert first.object_ids == sorted([bureau.mine.pk, bureau.other.pk])
    label = f"{bureau.mine.name}（{bureau.mine.code}）2026-11-01"
    assert second.before == {audit.ROWS: {label: {"full": 30}}}
    assert second.after == {
        "on": ["2026-11-01"],
        "created": 0,
        "changed": 1,
        audit.ROWS: {label: {"full": 31}},
    }
    assert second.object_ids == [bureau.mine.pk]


def test_many_changes_go_into_several_entries(monkeypatch):
    monkeypatch.setattr(audit, "ROWS_AN_ENTRY", 2)
    rows = OrganizationFactory.create_batch(3)
    count(*((row.code, 5, 0) for row in rows))
    count(*((row.code, 6, 0) for row in rows))
    _new, first, second = entries("organizations.import_head_counts")
    assert (first.object_label, second.object_label) == (
        "人数.xlsx（第 1／2 批）",
        "人数.xlsx（第 2／2 批）",
    )
    assert [len(each.before[audit.ROWS]) for each in (first, second)] == [2, 1]
    assert (first.after["changed"], "changed" in second.after) == (3, False)


def test_what_a_list_completed_stands_in_the_log():
    bureau = build_bureau()
    school = SchoolFactory(name="北园小学")
    mine = bureau.mine
    data = xlsx(
        ("党组织全称", "简称", "曾用名", "学校", "学校类别"),
        (mine.name, "芙小", "老芙蓉小学党支部", f"{mine.schools.get().name}、北园小学", None),
        ("新小学党支部", None, None, "新小学", "小学"),
    )
    organizations.run(actor=None, data=data, filename="名册.xlsx", dry_run=False, on=DAY)
    entry = entries("organizations.import")[0]
    label = f"{mine.name}（{mine.code}）"
    held = mine.schools.exclude(pk=school.pk).get().name
    assert entry.before == {audit.ROWS: {label: {"short_name": mine.short_name, "schools": [held]}}}
    assert entry.after[audit.ROWS] == {
        label: {
            "short_name": "芙小",
            "schools": [held, "北园小学"],
            "former_names": ["老芙蓉小学党支部"],
        }
    }
    assert entry.after["new_schools"] == 1
    assert entries("organizations.add_schools")[0].object_label == "1 个学校（单位）"


@pytest.fixture
def family():
    """A general branch over two branches, of which one never stated figures."""
    general = OrganizationFactory(name="城东小学党总支", kind="general_branch")
    below = [OrganizationFactory(parent=general, name=f"城东第{n}党支部") for n in "一二三"]
    for branch, full in zip(below[:2], (20, 24), strict=True):
        HeadCount.objects.create(organization=branch, on=DAY, full=full, probationary=1)
    return general


@pytest.mark.parametrize(("own", "told"), [(45, False), (46, True), (47, True), (0, False)])
def test_own_figures_that_hold_the_subordinates_are_pointed_out(family, own, told):
    HeadCount.objects.create(organization=family, on=DAY, full=own)
    found = swollen_counts([family.pk], DAY)
    assert [(each.own, each.below, each.units) for each in found] == [(own, 46, 2)] * told


def test_the_import_warns_and_saves_all_the_same(family):
    outcome = count((family.name, 47, 1))
    assert (outcome.is_saved, outcome.problems) == (True, [])
    assert "".join(outcome.result.warnings) == (
        "「城东小学党总支」填的党员是 48 人，它的 2 个下级党组织已另填合计 46 人，加起来是 94 人。"
        "人数不含下级党组织：如果 48 人里已算进下级，请改填只属于它自己的党员（应是 2 人）。"
    )


def test_the_superiors_of_a_list_of_branches_are_looked_at_too(family):
    HeadCount.objects.create(organization=family, on=DAY, full=60)
    outcome = count(("城东第三党支部", 3, 0), dry_run=True)
    assert [warning[:24] for warning in outcome.result.warnings] == [
        "「城东小学党总支」填的党员是 60 人，它的 3"
    ]


def test_the_form_warns_too(client):
    bureau = build_bureau()
    HeadCount.objects.create(organization=bureau.mine, on=DAY, full=20)
    client.force_login(bureau.officer)
    values = {"organization": bureau.mine.parent_id, "on": "2026-11-01", "full": "22"}
    address = reverse("admin:organizations_headcount_add")
    page = client.post(address, values, follow=True)
    assert HeadCount.objects.get(organization=bureau.mine.parent_id).full == 22
    told = [str(message) for message in page.context["messages"]]
    assert any("应是 2 人" in message for message in told)

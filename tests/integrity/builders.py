"""Checklists for tests: a small one in force, assigned to the two schools of the small bureau."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from calendar_events.services import AudienceChoice
from integrity import services
from integrity.models import Assignment, Edition, Item, SelfCheck
from integrity.queries import parts_of
from integrity.services import Given, Wording
from organizations.models import Organization
from tests.personas import Bureau

AT = datetime(2026, 3, 10, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DUE = date(2026, 3, 31)
SOURCE = """一、学校党建
1. 每学期专题研究廉政工作
引用：支委会、月报
分值：4
2. 书记和校长会前沟通有记录
二、课程
1. 每班一节廉洁教育课
适用：小学
2. 绘本和游戏中讲诚信
适用：幼儿园
三、否决项
1. 上级查实违规收费"""


def published(bureau: Bureau, *, source: str = SOURCE, name: str = "2026年版", **more) -> Edition:
    """A checklist in force."""
    wording = Wording(
        more.get("title", "清廉学校清单"), more.get("subject", "school"), name, "", source
    )
    edition = services.save_draft(actor=bureau.officer, wording=wording, at=AT)
    return services.publish_edition(actor=bureau.officer, edition=edition, at=AT)


def assigned(
    bureau: Bureau, edition: Edition | None = None, *, year: int = 2026, due_on: date = DUE
) -> Assignment:
    """Assigned to all schools."""
    return services.assign(
        actor=bureau.officer,
        edition=edition or published(bureau),
        year=year,
        due_on=due_on,
        choice=AudienceChoice(),
        at=AT,
    )


def check_of(organization: Organization) -> SelfCheck:
    """The newest self-check of an organisation."""
    rows = SelfCheck.objects.filter(organization=organization)
    return rows.select_related("assignment__edition__checklist", "organization", "school").latest(
        "pk"
    )


def item(text: str) -> Item:
    """The item whose text holds ``text``."""
    return Item.objects.filter(text__contains=text).latest("pk")


def answer_all(bureau: Bureau, self_check: SelfCheck, **verdicts: str) -> SelfCheck:
    """Answer every item as met, or as ``verdicts`` say by section title."""
    for part in parts_of(self_check):
        verdict = verdicts.get(part.section.title, "met")
        services.save_answers(
            actor=bureau.secretary,
            self_check=self_check,
            section_id=part.section.pk,
            given={line.item.pk: Given(verdict, reason="还在完善") for line in part.lines},
            seen=services.fingerprint(part),
            at=AT,
        )
    self_check.refresh_from_db()
    return self_check

"""Honours of the demonstration bureau: of schools' organisations, of secretaries and teachers.

Some wait to be confirmed, some look like one another, one was withdrawn; some people have none.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

from bureau.seed.context import Context
from common.cells import PartialDate
from honours import services
from honours.choices import Level
from honours.models import Honour
from honours.services import Entry, Facts
from organizations.models import Organization
from people.models import Person

_BUREAU, _CITY, _DISTRICT = "澄岚区教育局", "栖江市教育局", "中共澄岚区委"
_OF_PLACES = (
    ("先进基层党组织", Level.DISTRICT, _DISTRICT, 7),
    ("清廉学校建设成绩突出单位", Level.DISTRICT, _BUREAU, 5),
    ("五星级党支部", Level.CITY, "中共栖江市委教育工作委员会", 6),
    ("党建品牌示范点", Level.PROVINCIAL, "省委教育工作委员会", 9),
    ("文明校园", Level.CITY, "栖江市精神文明建设指导委员会", 9),
)
_OF_PEOPLE = (
    ("优秀党务工作者", Level.DISTRICT, _DISTRICT, ""),
    ("优秀共产党员", Level.DISTRICT, _DISTRICT, ""),
    ("优秀教师", Level.CITY, _CITY, ""),
    ("优质课评比一等奖", Level.DISTRICT, "澄岚区教育研究院", "《背影》课例"),
    ("骨干教师", Level.CITY, _CITY, ""),
    ("师德楷模", Level.PROVINCIAL, "省教育厅", ""),
    ("教坛新秀", Level.DISTRICT, _BUREAU, ""),
)


def build(context: Context) -> None:
    """Enter them by the services, as an import does; then what schools report themselves."""
    rng = random.Random(11)  # noqa: S311 - reproducible on purpose
    at = context.at(context.ago(days=20))
    entries = [*_of_places(context, rng), *_of_people(context, rng)]
    services.enter_honours(actor=None, entries=entries, at=at, label="示范局荣誉")
    _reported(context)


def _of_places(context: Context, rng: random.Random) -> Iterator[Entry]:
    """Yield honours of the organisations that report, spread over five years."""
    for number, place in enumerate(Organization.objects.reporting().order_by("order")):
        for title, level, body, every in _OF_PLACES:
            if number % every == 0:
                year = context.day.year - 1 - rng.randrange(5)
                awarded = PartialDate(year, rng.choice((None, 6, 7)))
                document = f"澄委发〔{year}〕{rng.randint(3, 40)}号" if body == _DISTRICT else ""
                yield Entry(place, Facts(title, level, awarded, body, document))


def _of_people(context: Context, rng: random.Random) -> Iterator[Entry]:
    """Yield up to three honours of those who answer for an organisation; every fourth has none."""
    heads = Person.objects.filter(user__in=context.heads.values()).order_by("pk")
    for number, person in enumerate(heads):
        for title, level, body, work in rng.sample(_OF_PEOPLE, number % 4):
            year = context.day.year - 1 - rng.randrange(4)
            facts = Facts(title, level, PartialDate(year, rng.choice((5, 7, 9))), body, work=work)
            if title == "骨干教师":
                facts = replace(facts, valid_until=facts.awarded.first.replace(year=year + 4))
            yield Entry(person, facts)


def _reported(context: Context) -> None:
    """What two schools report: one alike to one that is there, one at another level, one wrong."""
    secretary, place = context.users["secretary"], context.organizations["芙蓉小学"]
    year = context.day.year
    own = Person.objects.get(user=secretary)
    core = Facts("栖江市骨干教师", Level.CITY, PartialDate(year - 1, 5), _CITY)
    valid = replace(core, title="骨干教师", valid_until=context.day.replace(year=year + 2, day=1))
    lesson = Facts("优质课评比二等奖", Level.CITY, PartialDate(year - 1, 11), _CITY,
                   work="《背影》课例")  # fmt: skip
    for holder, facts in (
        (own, valid),
        (own, replace(lesson, title="优质课评比一等奖", level=Level.DISTRICT)),
        (place, Facts("书香校园", Level.DISTRICT, PartialDate(year - 1, 4), _BUREAU)),
    ):
        if not Honour.objects.filter(**_same(holder, facts)).exists():
            services.enter_honour(
                actor=None, holder=holder, facts=facts, at=context.at(context.ago(days=15))
            )
    for days, holder, facts in (
        (6, own, core),
        (5, own, lesson),
        (2, place, Facts("巾帼文明岗", Level.CITY, PartialDate(year - 1), "栖江市妇女联合会")),
    ):
        at = context.at(context.ago(days=days), 16, 20)
        services.enter_honour(actor=secretary, holder=holder, facts=facts, at=at)
    wrong = services.enter_honour(
        actor=context.users["two_posts"],
        holder=context.organizations["荷花小学"],
        facts=Facts("先进集体", Level.SCHOOL, PartialDate(year - 1, 9)),
        at=context.at(context.ago(days=4)),
    )
    services.withdraw_honour(
        actor=context.users["officer"], honour=wrong, reason="证书上是荷花小学工会，不是党支部",
        at=context.at(context.ago(days=3)),
    )  # fmt: skip


def _same(holder: Person | Organization, facts: Facts) -> dict[str, object]:
    of = "person" if isinstance(holder, Person) else "organization"
    return {of: holder, "title": facts.title, "level": facts.level}

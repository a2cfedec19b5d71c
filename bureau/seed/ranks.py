"""Files of the demonstration bureau's cadres: qualifications, training, the plan; some unknown.

Stands on the posts that were entered before; what is not known of some stays empty on purpose.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from bureau.seed.context import Context
from cadres.choices import COMMITTEE, PostKind
from cadres.models import Post
from cadres.qualities import FactKind
from cadres.services import facts as fact_services
from cadres.services import hours as hour_services
from cadres.services import training
from cadres.services.facts import Fact
from cadres.services.hours import Hours
from cadres.services.plan import set_target
from cadres.services.training import ClassPlan
from common.cells import PartialDate
from organizations.models import Organization
from people.models import Person

_TITLES = ("first", "senior", "senior", "first", "professor", "second")
_DEGREES = ("bachelor", "bachelor", "master", "bachelor", "college")
_SUBJECTS = ("chinese", "maths", "morals", "english", "sports", "science", "preschool", "none")
_BACKBONE = ("澄岚区骨干教师", "栖江市骨干教师", "澄岚区学科带头人", "栖江市教坛新秀")
_PIECES = 9


@dataclass(frozen=True)
class Course:
    """A class of the bureau: how long ago, for whom, how many in a hundred came."""

    title: str
    days_ago: int
    days: int
    hours: int
    kinds: tuple[PostKind, ...]
    came: int
    place: str


COURSES = (
    Course("党组织书记集中轮训", 40, 3, 24, (PostKind.SECRETARY,), 92, "区委党校"),
    Course("新任书记岗前培训", 170, 2, 16, COMMITTEE[:2], 85, "区教育研究院"),
    Course("支部委员履职能力培训", 110, 1, 8, COMMITTEE, 78, "区教育研究院报告厅"),
    Course("党务干部网络培训班", 230, 5, 20, COMMITTEE, 70, "线上"),
    Course("党组织书记年度示范培训", 400, 3, 24, (PostKind.SECRETARY,), 95, "市委党校"),
)  # fmt: skip
TARGETS = (
    ("committees", "age", "to_34", "at_least", 15),
    ("committees", "title", "senior", "at_least", 30),
    ("committees", "degree", "master", "at_least", 20),
    ("secretaries", "age", "from_55", "at_most", 25),
    ("secretaries", "title", "senior", "at_least", 40),
    ("secretaries", "sex", "female", "at_least", 40),
)


def build(context: Context) -> None:
    """Fill the files by the services, as imports and pages do."""
    rng = random.Random(13)  # noqa: S311 - reproducible on purpose
    posts = list(Post.objects.current().select_related("person", "organization").order_by("pk"))
    people = list({post.person_id: post.person for post in posts}.values())
    at = context.at(context.ago(days=30))
    _complete(rng, people)
    facts = list(_facts(rng, people, context.day))
    stated = fact_services.state_facts(actor=None, facts=facts, at=at, label="示范局干部任职资格")
    _check_taken(stated.refused)
    for course in COURSES:
        _hold(context, rng, course, posts)
    _own_class(context, posts)
    entries = list(_elsewhere(rng, people, timezone.localdate(at)))
    credited = hour_services.credit_hours(actor=None, entries=entries, at=at, label="示范局学时")
    _check_taken(credited.refused)
    for group, dimension, band, comparison, percent in TARGETS:
        values = {
            "group": group, "dimension": dimension, "band": band, "comparison": comparison,
            "percent": percent, "year": context.day.year + 2,
            "basis": "党组织书记队伍建设三年行动计划",
        }  # fmt: skip
        set_target(actor=None, target=None, values=values)


def _check_taken(refused: Sequence[tuple[int, str, str]]) -> None:
    """Fail where the services refused something: they enter nothing then."""
    if refused:
        raise ValueError(f"The demonstration bureau lacks {len(refused)} rows: {refused[0]}.")


def _complete(rng: random.Random, people: Sequence[Person]) -> None:
    """Give sex and birth to most of those of whom neither is known."""
    changed = []
    for person in people:
        if rng.randrange(_PIECES) == 0 or (person.sex and person.born_on):
            continue
        person.sex = person.sex or rng.choice(("male", "female"))
        person.born_on = person.born_on or date(rng.randint(1966, 1994), rng.randint(1, 12), 1)
        changed.append(person)
    Person.objects.bulk_update(changed, ["sex", "born_on"])


def _facts(rng: random.Random, people: Sequence[Person], day: date) -> Iterator[Fact]:
    """Yield what is known: of every ninth somebody nothing, of others a part."""
    for place, person in enumerate(people):
        if place % _PIECES == 0:
            continue
        began = (person.born_on.year if person.born_on else 1980) + 23
        yield Fact(person, FactKind.DEGREE, rng.choice(_DEGREES), PartialDate(began, 6))
        if place % 5:
            title = PartialDate(min(began + rng.randint(8, 15), day.year - 1), rng.choice((11, 12)))
            yield Fact(person, FactKind.TITLE, rng.choice(_TITLES), title)
        yield Fact(person, FactKind.SUBJECT, rng.choice(_SUBJECTS))
        if place % 4:
            yield Fact(person, FactKind.LOAD, str(rng.randrange(0, 13)))
        if place % 3 == 0:
            since = PartialDate(day.year - rng.randint(1, 5), 9)
            until = date(since.year + 4, 8, 31) if place % 2 else None
            yield Fact(person, FactKind.BACKBONE, rng.choice(_BACKBONE), since, until)


def _hold(context: Context, rng: random.Random, course: Course, posts: Sequence[Post]) -> None:
    since = context.ago(days=course.days_ago)
    plan = ClassPlan(
        course.title, since, since + timedelta(days=course.days - 1), course.hours, course.place
    )
    at = context.at(plan.until, 17)
    root = Organization.objects.get(parent=None)
    made = training.hold_class(actor=None, organization=root, plan=plan, at=at)
    people = {post.person_id: post.person for post in posts if post.kind in course.kinds}
    training.enrol(actor=None, training_class=made, people=list(people.values()), at=at)
    records = list(made.records.order_by("pk").values_list("pk", flat=True))
    came = {pk for pk in records if rng.randrange(100) < course.came}
    training.take_attendance(
        actor=None, training_class=made, present=came, absent=set(records) - came, at=at
    )


def _own_class(context: Context, posts: Sequence[Post]) -> None:
    """A class that 芙蓉小学 holds itself, whose attendance is still to be taken."""
    place = context.organizations["芙蓉小学"]
    day = context.ago(days=1)
    plan = ClassPlan("党员教师校本培训：党章专题", day, day, 4, "党员活动室")
    secretary, at = context.users["secretary"], context.at(day, 8)
    made = training.hold_class(actor=secretary, organization=place, plan=plan, at=at)
    people = [each.person for each in place.standings.current().select_related("person")]
    people += [post.person for post in posts if post.organization_id == place.pk]
    training.enrol(actor=secretary, training_class=made, people=people, at=at)


def _elsewhere(rng: random.Random, people: Sequence[Person], day: date) -> Iterator[Hours]:
    """Yield hours of other places that ended by ``day``, for every second one."""
    for place, person in enumerate(people):
        if place % 2:
            spring = date(day.year - place % 3, 3, 1) - timedelta(days=rng.randrange(40))
            held_on = min(spring, day)
            yield Hours(
                person, "中小学党务干部远程培训", held_on, rng.choice((8, 12, 16, 24)),
                "省教育行政培训中心",
            )  # fmt: skip

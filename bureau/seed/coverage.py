"""Schools without an organisation of their own, instructors there, and what became of others."""

from bureau.seed.context import Context
from organizations import services
from organizations.choices import Ownership, SchoolKind, SuccessionKind
from organizations.models import Succession
from people.services import assign_instructor

KINDERGARTEN, TRAINING = SchoolKind.KINDERGARTEN, SchoolKind.TRAINING
# Name, kind, full members (None: nobody knows), whether an instructor is there.
ALONE = (
    ("晨星幼儿园", KINDERGARTEN, 0, True),
    ("蒲公英幼儿园", KINDERGARTEN, None, False),
    ("三叶草幼儿园", KINDERGARTEN, 4, True),
    ("博雅培训学校", TRAINING, 1, True),
    ("启明培训学校", TRAINING, 0, False),
)
# Full members of schools that share a branch; of one of the four nobody has said.
SHARED = {
    "芦塘幼儿园": 1,
    "荷花幼儿园": 3,
    "柳汀幼儿园": 1,
    "石塘幼儿园": 2,
    "横塘幼儿园": 2,
    "梅溪幼儿园": 2,
}
# One came out of the other when the younger was founded.
SPLIT = ("紫阳小学", "望湖小学")


def build(context: Context) -> None:
    """Add them; the instructor is the deputy of a private school nearby."""
    for number, (name, kind, full, sent) in enumerate(ALONE, start=1):
        school = services.add_school(
            actor=None,
            code=f"CL9{number:03}",
            name=name,
            kind=kind,
            ownership=Ownership.PRIVATE,
            order=9000 + number * 10,
        )
        context.schools[name] = school
        if full is not None:
            _count(context, name, full)
        if sent:
            _send(context, name)
    for name, full in SHARED.items():
        _count(context, name, full)
    _send(context, "小云朵幼儿园")
    _split(context)


def _count(context: Context, name: str, full: int) -> None:
    school, on = context.schools[name], context.ago(days=120)
    services.record_school_members(actor=None, school=school, on=on, full=full)


def _send(context: Context, name: str) -> None:
    since = context.ago(days=200)
    assign_instructor(
        actor=None,
        person=context.users["instructor"].person,
        school=context.schools[name],
        sent_by=context.organizations["青禾学校"],
        since=since,
        basis=f"澄教委〔{since.year}〕7号",
        at=context.at(context.day),
    )


def _split(context: Context) -> None:
    """Remember a split of long ago: the older one first, whichever that is."""
    pair = [context.organizations[name] for name in SPLIT]
    older, younger = sorted(pair, key=lambda each: (str(each.founded_on), each.pk))
    on = younger.founded_on or context.day
    Succession.objects.create(
        predecessor=older,
        successor=younger,
        kind=SuccessionKind.SPLIT,
        on=on,
        basis=f"澄教委〔{on.year}〕6号",
    )

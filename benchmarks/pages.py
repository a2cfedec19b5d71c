"""Pages at 605 and at 30,000 organisations, views that cost more, lists beside Unfold's own."""

from collections.abc import Iterator
from urllib.parse import quote

from django.urls import reverse

from benchmarks.bare import LISTS
from benchmarks.harness import Result, at_most, take_turns, within
from benchmarks.lab import LARGE, SMALL, Lab
from benchmarks.seeding import OFFICER, REVIEWER
from organizations.models import Organization
from reports.models import Period

SECRETARY = "secretary"
ROLES = {"reviewer": REVIEWER, "officer": OFFICER}
# Part of the names of just three schools of those that somebody sees, as it is typed: a page with
# more rows takes longer whatever the database does.
SOUGHT = {SMALL: "望溪", LARGE: "望溪"}
SOUGHT_BY_OFFICER = {**SOUGHT, LARGE: "第8横望"}
DEFAULT = {
    "matrix": "/admin/matrix/",
    "matrix_search": "/admin/matrix/?q={sought}",
    "organizations": "/admin/organizations/organization/",
    "search": "/admin/organizations/organization/?q={sought}",
    "tasks": "/admin/calendar_events/task/",
    "people": "/admin/people/person/",
    "ledger": "/admin/cadres/ledgerrow/",
    "ledger_search": "/admin/cadres/ledgerrow/?q={sought}",
    "posts": "/admin/cadres/post/",
    "review": "/admin/review/",
}
OWN = {"month": "/month/", "records": "/records/"}
VIEWS = {
    "home_chart": "/admin/",
    "matrix_by_late": "/admin/matrix/?sort=-late",
    "matrix_late_only": "/admin/matrix/?state=late",
    "matrix_by_pinyin": "/admin/matrix/?sort=name",
    "tasks_late": "/admin/calendar_events/task/?late=1",
    "tasks_by_day": "/admin/calendar_events/task/?o=2",
    "tasks_done": "/admin/calendar_events/task/?state__exact=done",
    "tree": "/admin/tree/",
    "organizations_by_code": "/admin/organizations/organization/?o=-2",
    "organizations_primary": "/admin/organizations/organization/?school_kind=primary",
}


def default_pages(lab: Lab) -> Iterator[Result]:
    """Each page in its default order, at both sizes in turn, and its queries at the larger one."""
    for role, username in ROLES.items():
        sought = SOUGHT_BY_OFFICER if username == OFFICER else SOUGHT
        for name, path in DEFAULT.items():
            users = dict.fromkeys((SMALL, LARGE), username)
            paths = {size: path.format(sought=quote(word)) for size, word in sought.items()}
            yield from _page(lab, f"pages.{name}.{role}", paths, users)
    for name, path in OWN.items():
        users = {size: _secretary(lab, size) for size in (SMALL, LARGE)}
        paths = dict.fromkeys(users, path)
        yield from _page(lab, f"pages.{name}.{SECRETARY}", paths, users)


def _page(lab: Lab, name: str, paths: dict[str, str], users: dict[str, str]) -> Iterator[Result]:
    visitors = {size: lab.visitor(size, username) for size, username in users.items()}
    works = {size: visitor.opener(paths[size]) for size, visitor in visitors.items()}
    found = take_turns(works, times=lab.requests)
    yield within(name, found[LARGE] * 1000, found[SMALL] * 1000, "ms", 1.3)
    yield at_most(f"{name}.queries", visitors[LARGE].queries(paths[LARGE]), "queries", 12)


def _secretary(lab: Lab, size: str) -> str:
    """A secretary in the middle of the bureau."""
    lab.bureau(size)
    with lab.databases.using(size):
        schools = Organization.objects.reporting().order_by("order")
        return f"s{schools[300].pk}"


def views(lab: Lab) -> Iterator[Result]:
    """Sorted, filtered and chart views at the larger size."""
    for role, username in ROLES.items():
        visitor = lab.visitor(LARGE, username)
        paths = {**VIEWS, "summary": _summary(lab)}
        for name, path in paths.items():
            found = take_turns({name: visitor.opener(path)}, times=lab.requests)
            yield at_most(f"views.{name}.{role}", found[name] * 1000, "ms", 250)


def _summary(lab: Lab) -> str:
    with lab.databases.using(LARGE):
        period = Period.objects.filter(reports__state="submitted").order_by("-starts_on")[0]
    return reverse("admin:summary", args=[period.pk])


def lists(lab: Lab) -> Iterator[Result]:
    """Lists of the admin beside bare Unfold, at the larger size, as an officer who sees all."""
    visitor = lab.visitor(LARGE, OFFICER)
    for label in LISTS:
        place = label.replace(".", "/")
        works = {
            "ours": visitor.opener(f"/admin/{place}/"),
            "bare": visitor.opener(f"/bare/{place}/"),
        }
        found = take_turns(works, times=lab.requests)
        ours, bare = found["ours"] * 1000, found["bare"] * 1000
        yield within(f"lists.{label}", ours, bare, "ms", 1.3)

"""Finding posts and organisations by who leads them."""

from django.db.models import Q

from cadres.models import FindingQuerySet, Post, PostQuerySet
from organizations.models import Organization, OrganizationQuerySet
from organizations.queries import search_organizations
from people.models import Person
from people.queries import search_people


def search_posts(queryset: PostQuerySet, text: str) -> PostQuerySet:
    """Return those of ``queryset`` whose person or organisation ``text`` names; blank: all."""
    if not text.strip():
        return queryset
    people = search_people(Person.objects.all(), text).values("pk")
    places = search_organizations(Organization.objects.all(), text).values("pk")
    mine = Post.objects.order_by().filter(person__in=people).values("pk")
    there = Post.objects.order_by().filter(organization__in=places).values("pk")
    return queryset.filter(pk__in=mine.union(there))


def search_ledger(queryset: OrganizationQuerySet, text: str) -> OrganizationQuerySet:
    """Return the organisations that ``text`` names, or whose posts somebody of that name holds."""
    if not text.strip():
        return queryset
    people = search_people(Person.objects.all(), text).values("pk")
    led = Post.objects.current().order_by().filter(person__in=people).values("organization")
    named = search_organizations(Organization.objects.order_by(), text).values("pk")
    return queryset.filter(Q(pk__in=named.union(led)))


def search_findings(queryset: FindingQuerySet, text: str) -> FindingQuerySet:
    """Return those about organisations that ``text`` names; blank: all."""
    if not text.strip():
        return queryset
    places = search_organizations(Organization.objects.order_by(), text)
    return queryset.filter(organization__in=places.values("pk"))

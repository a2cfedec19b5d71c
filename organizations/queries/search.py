"""Finding organisations the way people name them."""

import unicodedata

from django.db.models import Exists, OuterRef, Q

from organizations.models import FormerName, OrganizationQuerySet, SchoolLink


def search_organizations(queryset: OrganizationQuerySet, text: str) -> OrganizationQuerySet:
    """Return those of ``queryset`` that match every word of ``text``.

    A word may be part of the full, short or a former name, of a school's name, of a code, or
    pinyin (``furong``, ``frxx``), in any case and width. A blank text changes nothing.
    """
    for word in unicodedata.normalize("NFKC", text).split():
        queryset = queryset.filter(_matches(word))
    return queryset


def _matches(word: str) -> Q:
    former = FormerName.objects.filter(organization=OuterRef("pk"), name__icontains=word)
    school = SchoolLink.objects.filter(
        Q(school__name__icontains=word)
        | Q(school__short_name__icontains=word)
        | Q(school__code__istartswith=word),
        organization=OuterRef("pk"),
    )
    found = (
        Q(name__icontains=word)
        | Q(short_name__icontains=word)
        | Q(code__istartswith=word)
        | Exists(former)
        | Exists(school)
    )
    return found | Q(pinyin__contains=word.lower()) if word.isascii() else found

"""Finding organisations the way people name them."""

import unicodedata

from django.db.models import Q

from organizations.models import FormerName, Organization, OrganizationQuerySet, SchoolLink


def search_organizations(queryset: OrganizationQuerySet, text: str) -> OrganizationQuerySet:
    """Return those of ``queryset`` that match every word of ``text``.

    A word may be part of the full, short or a former name, of a school's name, of a code, or
    pinyin (``furong``, ``frxx``), in any case and width. A blank text changes nothing.
    """
    for word in unicodedata.normalize("NFKC", text).split():
        queryset = queryset.filter(_matches(word))
    return queryset


def _matches(word: str) -> Q:
    """Put the finds of each table together, each by an index of its own.

    A condition over all of them at once would be asked of every organisation.
    """
    own = Organization.objects.filter(_named(word) | _coded(word))
    former = FormerName.objects.filter(name__holds=word)
    links = SchoolLink.objects.filter(_named(word, "school__") | _coded(word, "school__"))
    finds = [
        own.order_by().values("pk"),
        former.values("organization"),
        links.values("organization"),
    ]
    if word.isascii():
        spelt = Organization.objects.filter(pinyin__contains=word.lower())
        finds.append(spelt.order_by().values("pk"))
    return Q(pk__in=finds[0].union(*finds[1:]))


def _named(word: str, prefix: str = "") -> Q:
    return Q(**{f"{prefix}name__holds": word}) | Q(**{f"{prefix}short_name__holds": word})


def _coded(word: str, prefix: str = "") -> Q:
    # Where there is no upper and lower case the index of the codes serves.
    lookup = "istartswith" if word.isascii() else "startswith"
    return Q(**{f"{prefix}code__{lookup}": word})

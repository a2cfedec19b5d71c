"""For whom something is meant: one type for events, notices and whatever comes."""

from datetime import date

from django.db import models

from organizations.choices import AudienceKind, SchoolKind
from organizations.models.organization import Organization, OrganizationQuerySet
from organizations.models.school import SchoolGroup


class Audience(models.Model):
    """All schools, schools of some kinds, some groups, or organisations chosen one by one.

    The first three name reporting organisations (the topmost of each school); chosen ones are
    taken as they are, whatever their level.
    """

    kind = models.CharField(
        "范围", max_length=10, choices=AudienceKind.choices, default=AudienceKind.ALL
    )
    school_kinds = models.JSONField("学校类别", default=list, blank=True)
    groups = models.ManyToManyField(SchoolGroup, verbose_name="分组", blank=True, related_name="+")
    organizations = models.ManyToManyField(
        Organization, verbose_name="党组织", blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "范围"
        verbose_name_plural = "范围"

    def __str__(self) -> str:
        if self.kind == AudienceKind.KINDS:
            return "、".join(SchoolKind(kind).label for kind in self.school_kinds)
        if self.kind == AudienceKind.GROUPS:
            return "、".join(group.name for group in self.groups.all())
        if self.kind == AudienceKind.CHOSEN:
            return f"指定的 {self.organizations.count()} 个党组织"
        return AudienceKind.ALL.label

    def members(self, *, on: date) -> OrganizationQuerySet:
        """Return the organisations meant, among those that exist on the day ``on``."""
        if self.kind == AudienceKind.CHOSEN:
            chosen = self.organizations.values("pk")
            return Organization.objects.filter(pk__in=chosen).open_on(on)
        everyone = Organization.objects.open_on(on).reporting()
        if self.kind == AudienceKind.KINDS:
            wanted = models.Q(schools__kind__in=self.school_kinds)
        elif self.kind == AudienceKind.GROUPS:
            wanted = models.Q(schools__groups__in=self.groups.values("pk"))
        else:
            return everyone
        return everyone.filter(pk__in=Organization.objects.filter(wanted).values("pk"))

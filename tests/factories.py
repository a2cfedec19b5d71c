"""Rows for tests: small, explicit, without hidden cleverness."""

from datetime import date

import factory

from accounts.models import User
from common.fields import blind_index
from organizations.choices import OrganizationKind, RoleKind, SchoolKind
from organizations.models import Office, Organization, Placement, Role, School, SchoolLink
from organizations.models.role import STEP_LENGTH
from people.models import Person

SINCE = date(2020, 1, 1)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"用户{n}")
    password = factory.django.Password("pass-word-9")


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"人员{n}")
    mobile = ""
    mobile_index = factory.LazyAttribute(lambda o: blind_index(o.mobile) if o.mobile else "")


class SchoolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = School

    code = factory.Sequence(lambda n: f"S{n:04}")
    name = factory.Sequence(lambda n: f"第{n}小学")
    kind = SchoolKind.PRIMARY
    order = factory.Sequence(int)


class OfficeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Office

    name = factory.Sequence(lambda n: f"科室{n}")


class OrganizationFactory(factory.django.DjangoModelFactory):
    """An organisation with its place in the tree; ``school`` links it to a school."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"O{n:04}")
    name = factory.Sequence(lambda n: f"第{n}小学党支部")
    kind = OrganizationKind.BRANCH
    order = factory.Sequence(int)
    founded_on = SINCE
    parent = None

    @factory.post_generation
    def place(self, create, _extracted, **_kwargs):
        above = self.parent.path if self.parent else ""
        self.path = above + str(self.pk).zfill(STEP_LENGTH)
        Organization.objects.filter(pk=self.pk).update(path=self.path)
        Placement.objects.create(
            organization=self, parent=self.parent, path=self.path, since=self.founded_on
        )

    @factory.post_generation
    def school(self, create, extracted, **_kwargs):
        if extracted:
            SchoolLink.objects.create(organization=self, school=extracted)


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Role

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    kind = RoleKind.SECRETARY
    since = SINCE

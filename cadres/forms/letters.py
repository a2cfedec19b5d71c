"""The letter that reminds chosen organisations of their elections."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cadres import services
from cadres.services import MOST_REMINDED
from common.admin_verbs import VerbForm
from common.intake import row_number

_SHOWN = 20


class LetterStep(VerbForm):
    """To whom the letter goes: ids of organisations, parted by commas."""

    organizations = forms.CharField(widget=forms.HiddenInput, max_length=20_000)

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.title = ""

    def clean_organizations(self) -> list[int]:
        """Refuse what is no id."""
        found = [row_number(each) for each in self.cleaned_data["organizations"].split(",")]
        if None in found:
            raise ValidationError("没有收到完整的选择，请回到台账重新选择。")
        return [each for each in found if each is not None]

    def preview(self) -> list[str]:
        """Name them, with their days."""
        at = timezone.now()
        on = timezone.localdate(at)
        terms = services.terms_to_remind(
            actor=self.actor, organization_ids=self.cleaned_data["organizations"], at=at
        )
        named = [f"{term.organization.name}：{term.countdown(on)}" for term in terms[:_SHOWN]]
        more = [f"……共 {len(terms)} 个党组织。"] if len(terms) > _SHOWN else []
        return [
            *named,
            *more,
            f"起草一份信函（最多 {MOST_REMINDED} 个），发文字号空着；在“公文”里核对、排版、印发。",
        ]

    def perform(self) -> str:
        notice = services.draft_reminder(
            actor=self.actor, organization_ids=self.cleaned_data["organizations"],
            at=timezone.now(),
        )  # fmt: skip
        return f"已起草《{notice.title}》，请到“公文”里核对、编号、排版。"

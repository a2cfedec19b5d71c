"""Setting a finding aside, bringing it back, checking again."""

from typing import Any

from django import forms
from django.utils import timezone

from cadres import services
from common.admin_fields import dress
from common.admin_verbs import VerbForm
from common.days import chinese_date


class DismissStep(VerbForm):
    """Why a finding is no matter."""

    reason = forms.CharField(
        label="忽略的原因", max_length=200, help_text="例如：经局党委批准，保留党总支建制"
    )

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        dress(self)

    def preview(self) -> list[str]:
        """Say until when."""
        return [
            f"{self.obj.words}（{self.obj.reference}）。",
            "忽略后不再提示；人数、班子或任期有变化时会重新提示。原因和经办人大家都看得到。",
        ]

    def perform(self) -> str:
        services.dismiss_finding(
            actor=self.actor, finding=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"已忽略「{self.obj}」。"


class RestoreStep(VerbForm):
    """It matters after all."""

    def preview(self) -> list[str]:
        """Say what comes back."""
        return [f"「{self.obj}」重新列入待处理。"]

    def perform(self) -> str:
        services.restore_finding(actor=self.actor, finding=self.obj, at=timezone.now())
        return f"「{self.obj}」已重新列入待处理。"


class CheckStep(VerbForm):
    """Nothing is asked: what is checked is said."""

    def preview(self) -> list[str]:
        """Say what is checked by what."""
        return ["按规章库逐一检查全部党组织：党员人数、委员会、班子空缺、任期和换届提醒。",
                "每天夜里自动检查一次；结果不再成立的自动消除。"]  # fmt: skip


class CheckOneStep(VerbForm):
    """The same for one organisation, at once."""

    def preview(self) -> list[str]:
        """Say which, as of which day."""
        today = chinese_date(timezone.localdate())
        return [f"按规章库检查「{self.obj}」在 {today} 的设置、班子和任期。"]

    def perform(self) -> str:
        done = services.check_now(actor=self.actor, organization=self.obj, at=timezone.now())
        return f"已检查「{self.obj}」：{done.sentence}"

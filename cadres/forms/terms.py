"""Elections, their extension, the seats of a committee: steps on the row of an organisation."""

from typing import Any

from django import forms
from django.utils import timezone

from cadres import services
from cadres.deadlines import due_day, last_extension
from cadres.models import Term
from cadres.services import MOST_SEATS
from common.admin_fields import dress
from common.admin_verbs import VerbForm
from common.days import chinese_date
from common.errors import DomainError
from organizations.queries import tightenings_of
from rulebook import terms
from rulebook.checking import check
from rulebook.model import Verdict
from rulebook.setup import Kind

_BASIS_HELP = "如 澄教委〔2026〕3号"
_SEATS_HELP = "选举产生的委员会人数，含书记、副书记；不设委员会的填 0，不清楚的留空"


class _TermStep(VerbForm):
    """A step on the running term of an organisation; ``obj`` is the organisation."""

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.term = Term.objects.current().filter(organization=obj).first()
        dress(self)

    @property
    def running(self) -> Term:
        """The running term; DomainError where none was entered."""
        if self.term is None:
            raise DomainError(f"「{self.obj}」还没有登记本届任期，请先“登记换届”。")
        return self.term


class BeginTermStep(_TermStep):
    """An election took place."""

    since = forms.DateField(label="选举日期")
    seats = forms.IntegerField(
        label="委员应有数", required=False, min_value=0, max_value=MOST_SEATS,
        help_text=_SEATS_HELP,
    )  # fmt: skip
    basis = forms.CharField(label="依据文件", max_length=200, required=False, help_text=_BASIS_HELP)

    def preview(self) -> list[str]:
        """Say when the new term is over, and how the election compares with the last one."""
        since = self.cleaned_data["since"]
        due = chinese_date(due_day(self.obj.kind, since))
        told = [f"「{self.obj}」新一届从 {chinese_date(since)} 起，{due} 届满。"]
        if self.term:
            told += [
                f"上一届随之结束（{chinese_date(self.term.due_on)} 届满）。",
                *self._compared(),
            ]
        return [*told, "班子成员请逐人登记任职、卸任；留任的不用动。"]

    def _compared(self) -> list[str]:
        assert self.term is not None
        since, put_off = self.cleaned_data["since"], self.term.extended_until
        approved = True if put_off and since <= put_off else None
        facts = terms.Term(Kind(self.obj.kind), self.term.since, since, approved)
        found = check(terms.TERM, facts, on=since)
        if found.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE):
            return []
        return [f"请核：{found.words}（{found.reference}）。"]

    def perform(self) -> str:
        term = services.begin_term(
            actor=self.actor, organization=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"已登记「{self.obj}」换届，{chinese_date(term.due_on)} 届满。"


class ExtendStep(_TermStep):
    """The superior agreed to put the election off."""

    until = forms.DateField(label="延期到")
    basis = forms.CharField(label="批准文件", max_length=200, help_text=_BASIS_HELP)

    def preview(self) -> list[str]:
        """Say until when, and how far it may go."""
        term, until = self.running, self.cleaned_data["until"]
        asked = tightenings_of([self.obj.pk], timezone.localdate())[self.obj.pk]
        last = chinese_date(last_extension(term.due_on, asked))
        return [
            f"「{self.obj}」{chinese_date(term.due_on)} 届满，换届延期到 {chinese_date(until)}。",
            f"延期最长到 {last}。",
        ]

    def perform(self) -> str:
        services.extend_term(
            actor=self.actor, term=self.running, at=timezone.now(), **self.cleaned_data
        )
        return f"已登记「{self.obj}」延期换届。"


class SeatsStep(_TermStep):
    """How many were elected into the committee."""

    seats = forms.IntegerField(
        label="委员应有数", required=False, min_value=0, max_value=MOST_SEATS,
        help_text=_SEATS_HELP,
    )  # fmt: skip

    def preview(self) -> list[str]:
        """Say it in words."""
        seats, before = self.cleaned_data["seats"], self.running.seats
        was, now = ("未登记" if each is None else f"{each} 名" for each in (before, seats))
        return [f"「{self.obj}」委员应有数由{was}改为{now}。"]

    def perform(self) -> str:
        services.correct_seats(
            actor=self.actor, term=self.running, at=timezone.now(), **self.cleaned_data
        )
        return f"已更正「{self.obj}」的委员应有数。"


class WithdrawTermStep(_TermStep):
    """A term was entered by mistake."""

    danger = True

    def preview(self) -> list[str]:
        """Say which, and what comes back."""
        since = chinese_date(self.running.since)
        return [f"「{self.obj}」{since} 起的这一届作废；由它结束的上一届恢复。任职记录不变。"]

    def perform(self) -> str:
        services.withdraw_term(actor=self.actor, term=self.running, at=timezone.now())
        return f"已作废「{self.obj}」登记有误的任期。"

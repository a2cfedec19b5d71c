"""What happens to a record form that was sent, whichever page it stood on."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from activities.choices import RecordKind
from activities.models import Record
from activities.queries import label_of, made_by
from activities.services import Content
from calendar_events.forms.filing import FiledRecordForm
from calendar_events.models import Task
from calendar_events.services import file_record, refile_record
from calendar_events.views.record_page import ChangePage, RecordPage, keys_of, task_stem
from common import drafts
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.portal import PortalRequest

CLEAR_KEY = "autosave_clear"


def show_form(page: RecordPage, form: FiledRecordForm) -> HttpResponse:
    """Show the form, empty, prefilled or with what is wrong."""
    if form.is_bound:
        form.offer(page.others)
    return render(page.request, "calendar_events/record_form.html", page.context(form))


def posted_kind(request: PortalRequest) -> str:
    """Return the kind that a sent form is about; an invented one is found by the form itself."""
    kind = request.POST.get("kind", "")
    return kind if kind in RecordKind.values else RecordKind.OTHER


def file_new(page: RecordPage) -> HttpResponse:
    """File a new record with its tasks; the same form sent again shows the same result."""
    request = page.request
    form = page.bound(request.POST, request.FILES)
    if not form.is_valid():
        return show_form(page, form)
    made = made_by(request.user, form.cleaned_data["token"])
    if made is not None and Content.of(made) != form.content():
        return _typed_on(page, made)
    try:
        record = file_record(
            actor=request.user,
            organization=page.organization,
            content=form.content(),
            token=form.cleaned_data["token"],
            uploads=form.uploads(),
            tasks=form.tasks(),
            values=form.answers(),
            at=timezone.now(),
        )
    except ForbiddenError as error:
        raise PermissionDenied from error
    except DomainError as error:
        form.add_error(None, error.message)
        return show_form(page, form)
    return _filed(page, record, form.tasks())


def file_change(page: ChangePage) -> HttpResponse:
    """Save the change of a record, with what its tasks ask."""
    request = page.request
    form = page.bound(request.POST, request.FILES)
    if not form.is_valid():
        return show_form(page, form)
    try:
        refile_record(
            actor=request.user,
            record=page.record,
            version=form.cleaned_data["version"],
            content=form.content(),
            uploads=form.uploads(),
            removed=form.removed(),
            tasks=form.tasks(),
            values=form.answers(),
            at=timezone.now(),
        )
    except ConflictError as error:
        return _changed_meanwhile(page, form, error)
    except ForbiddenError as error:
        raise PermissionDenied from error
    except DomainError as error:
        form.add_error(None, error.message)
        return show_form(page, form)
    return _filed(page, page.record, form.tasks())


def keep_as_new(page: RecordPage, message: str) -> HttpResponse:
    """Show what was typed on a page that is no longer open, as a record that may stand alone."""
    request = page.request
    alone = RecordPage(request, page.organization, page.on, page.kind)
    form = alone.bound(_with(request.POST, **alone.identity()))
    form.add_error(None, message)
    return show_form(alone, form)


def _typed_on(page: RecordPage, made: Record) -> HttpResponse:
    """The record was saved, then more was typed on the same page and sent: offer it as a change."""
    if made.withdrawn_at is not None:
        return keep_as_new(page, "刚才保存的记录已经撤回；您填写的内容还在，可以另存为新记录。")
    change = ChangePage(page.request, made.organization, page.on, page.kind, made)
    form = change.bound(_with(page.request.POST, **change.identity()))
    form.add_error(None, "这条记录刚才已经保存过。下面是您后来改的内容，核对后再点保存。")
    return show_form(change, form)


def _changed_meanwhile(page: ChangePage, form: FiledRecordForm, error: DomainError) -> HttpResponse:
    """Somebody else was first: show what differs, and let the next tap decide."""
    now = Record.objects.get(pk=page.record.pk)
    if now.withdrawn_at is not None:
        return keep_as_new(page, "这条记录刚刚被撤回；您填写的内容还在，可以另存为新记录。")
    if now.version == form.cleaned_data["version"]:
        form.add_error(None, error.message)
        return show_form(page, form)
    fresh = ChangePage(page.request, page.organization, page.on, page.kind, now)
    again = fresh.bound(_with(page.request.POST, **fresh.identity()))
    again.add_error(None, "这条记录刚刚被别人修改过，请核对；再点一次保存，就以您填的为准。")
    for sentence in _differences(Content.of(now), form.content()):
        again.add_error(None, sentence)
    return show_form(fresh, again)


def _differences(held: Content, wanted: Content) -> Iterable[str]:
    for name, value in held.fields().items():
        mine = wanted.fields()[name]
        if value != mine:
            yield f"「{label_of(name)}」现在是“{_words(value)}”，您填的是“{_words(mine)}”"
    if dict(held.counters) != dict(wanted.counters):
        yield "要填的数也有不同，请核对"


def _words(value: object) -> str:
    return "（空）" if value in (None, "") else str(value)


def _with(data: QueryDict, **fields: object) -> QueryDict:
    """Return a copy of what was sent with some fields replaced."""
    copy = data.copy()
    for name, value in fields.items():
        copy[name] = str(value)
    return copy


def _filed(page: RecordPage, record: Record, tasks: Iterable[Task]) -> HttpResponse:
    """Drop what was typed, here and on the pages of the tasks done, and show what it did."""
    request = page.request
    stems = [task_stem(request, task) for task in tasks]
    keys = [*page.used_keys, *(key for stem in stems for key in keys_of(stem))]
    drafts.discard_all(owner=request.user, keys=keys)
    request.session[CLEAR_KEY] = page.key
    return redirect("calendar_events:record_saved", pk=record.pk)

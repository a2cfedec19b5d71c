"""The front office's own doors: the way in, drafts, jobs, the inbox."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.models import Draft, Job
from notifications.models import Digest, Due
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Bureau:
    return build_bureau()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backends.UsernameBackend")
    return client


@pytest.mark.parametrize(
    ("persona", "place"),
    [
        ("secretary", "bureau:month"),
        ("clerk", "bureau:month"),
        ("officer", "admin:index"),
        ("leader", "admin:index"),
        ("auditor", "admin:index"),
        ("stranger", "organizations:mine"),
    ],
)
def test_everybody_is_sent_to_their_work(bureau: Bureau, persona: str, place: str):
    page = client_of(getattr(bureau, persona)).get(reverse("bureau:home"))
    assert (page.status_code, page.headers["Location"]) == (302, reverse(place))


# Drafts ----------------------------------------------------------------------------------------
def save(client: Client, version: int, **data: str):
    typed = json.dumps({name: [value] for name, value in data.items()})
    return client.post(
        reverse("bureau:draft"), {"key": "record:1:new", "version": version, "data": typed}
    )


def test_typing_is_kept_under_a_version(bureau: Bureau):
    client = client_of(bureau.secretary)
    first = save(client, 0, topic="主题")
    second = save(client, first.json()["version"], topic="主题党日")
    assert (first.status_code, second.status_code) == (200, 200)
    assert Draft.objects.get().data == {"topic": ["主题党日"]}
    assert second.json()["version"] == 2


def test_a_second_device_is_given_both_texts(bureau: Bureau):
    client = client_of(bureau.secretary)
    save(client, 0, topic="手机上写的")
    late = save(client, 0, topic="电脑上写的")
    assert late.status_code == 409
    assert late.json()["data"] == {"topic": ["手机上写的"]}
    assert Draft.objects.get().data == {"topic": ["手机上写的"]}


def test_drafts_are_one_s_own(bureau: Bureau):
    save(client_of(bureau.secretary), 0, topic="书记写的")
    answer = save(client_of(bureau.other_secretary), 0, topic="别人写的")
    assert answer.status_code == 200
    assert Draft.objects.count() == 2


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"key": "x" * 101, "version": "0", "data": "{}"},
        {"key": "k", "version": "-1", "data": "{}"},
        {"key": "k", "version": "0", "data": "[]"},
        {"key": "k", "version": "0", "data": "no json"},
        {"key": "k", "version": "0", "data": json.dumps({"a": "长" * 100_000})},
    ],
)
def test_an_odd_draft_is_refused_in_chinese(bureau: Bureau, posted: dict[str, str]):
    answer = client_of(bureau.secretary).post(reverse("bureau:draft"), posted)
    assert answer.status_code == 400
    assert answer.json()["message"] == "自动保存的内容不完整，请刷新页面后再填。"
    assert not Draft.objects.exists()


# Jobs ----------------------------------------------------------------------------------------
@pytest.fixture
def job(bureau: Bureau) -> Job:
    path = settings.MEDIA_ROOT / "jobs" / "result.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.7 result")
    return Job.objects.create(
        kind="reports.print_report",
        label="打印月报",
        state="done",
        owner=bureau.secretary,
        done=1,
        total=1,
        result_path="jobs/result.pdf",
        result_name="月报.pdf",
    )


def test_the_owner_sees_the_job_and_its_result(bureau: Bureau, job: Job):
    client = client_of(bureau.secretary)
    page = client.get(reverse("bureau:job", args=[job.pk])).content.decode()
    assert "打开月报.pdf" in page
    assert "http-equiv" not in page
    result = client.get(reverse("bureau:job_result", args=[job.pk]))
    assert b"".join(result.streaming_content) == b"%PDF-1.7 result"
    assert result.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("persona", ["deputy", "officer", "auditor", "stranger"])
def test_nobody_else_sees_it(bureau: Bureau, job: Job, persona: str):
    client = client_of(getattr(bureau, persona))
    doors = ("bureau:job", "bureau:job_result")
    assert [client.get(reverse(d, args=[job.pk])).status_code for d in doors] == [404, 404]


def test_a_running_job_reloads_and_has_no_result_yet(bureau: Bureau, job: Job):
    Job.objects.update(state="running")
    client = client_of(bureau.secretary)
    assert "http-equiv" in client.get(reverse("bureau:job", args=[job.pk])).content.decode()
    assert client.get(reverse("bureau:job_result", args=[job.pk])).status_code == 404


def test_a_result_that_was_tidied_away_is_not_found(bureau: Bureau, job: Job):
    (settings.MEDIA_ROOT / job.result_path).unlink()
    client = client_of(bureau.secretary)
    assert client.get(reverse("bureau:job_result", args=[job.pk])).status_code == 404


# Inbox ----------------------------------------------------------------------------------------
@pytest.fixture
def digest(bureau: Bureau) -> Digest:
    now = timezone.now()
    row = Digest.objects.create(
        key="d", recipient=bureau.secretary, subject="您有 101 件事待办", text="…", created_at=now
    )
    Due.objects.bulk_create(
        Due(
            key=f"k{number}",
            recipient=bureau.secretary,
            room="reports",
            subject=f"事项{number}",
            stage="on_day",
            due_at=now,
            digest=row,
        )
        for number in range(101)
    )
    return row


def test_opening_a_reminder_marks_it_read_once(bureau: Bureau, digest: Digest):
    client = client_of(bureau.secretary)
    assert "1 条未读" in client.get(reverse("bureau:inbox")).content.decode()
    client.get(reverse("bureau:digest", args=[digest.pk]))
    first = Digest.objects.get().read_at
    client.get(reverse("bureau:digest", args=[digest.pk]))
    assert first is not None
    assert Digest.objects.get().read_at == first
    assert "没有未读" in client.get(reverse("bureau:inbox")).content.decode()


def test_a_long_reminder_has_pages(bureau: Bureau, digest: Digest):
    client = client_of(bureau.secretary)
    place = reverse("bureau:digest", args=[digest.pk])
    pages = [client.get(f"{place}?page={number}").context["dues"] for number in (1, 2)]
    assert [len(page.object_list) for page in pages] == [100, 1]


@pytest.mark.parametrize("persona", ["deputy", "other_secretary", "officer"])
def test_a_reminder_is_private(bureau: Bureau, digest: Digest, persona: str):
    client = client_of(getattr(bureau, persona))
    assert client.get(reverse("bureau:digest", args=[digest.pk])).status_code == 404
    assert Digest.objects.get().read_at is None

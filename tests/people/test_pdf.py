"""Slips: made by the worker, with links that open and end the older ones."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLink, LinkPurpose
from common.jobs import execute
from common.models import Job, JobState
from common.pdf import page_texts
from people import pdf, services
from people.letters import Letter
from tests.factories import UserFactory


def test_a_job_prints_links_that_open(bureau, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    bureau.clerk.set_unusable_password()
    bureau.clerk.save()
    job = services.order_slips(actor=bureau.reviewer, users=[bureau.clerk, bureau.secretary])
    assert AccessLink.objects.count() == 0
    execute(job_id=job.pk, at=timezone.now())
    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.result_name) == (JobState.DONE, "账号纸条（2人）.pdf")
    path = tmp_path / job.result_path
    assert path.stat().st_mode & 0o777 == 0o600
    [page] = page_texts(path.read_bytes())
    assert "用户名：clerk" in page
    assert "芙蓉小学党支部书记" in page
    assert "请妥善保管" in page.replace("\n", "")
    assert page.count("中共澄岚区教育局委员会") == page.count("党建工作平台") == 2
    assert f"以后登录：{settings.SITE_URL}" in page.replace("\n", "")
    tokens = re.findall(r"/link/([a-z0-9]{20})/", page)
    assert len(tokens) == 2
    assert {Client().get(f"/link/{token}/").status_code for token in tokens} == {200}
    assert not set(tokens) & set(repr(list(Job.objects.values())).split("'"))


def test_a_job_run_again_ends_the_links_of_the_lost_print(bureau, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for _ in range(2):
        job = services.order_slips(actor=bureau.reviewer, users=[bureau.clerk])
        execute(job_id=job.pk, at=timezone.now())
    now = timezone.now()
    assert AccessLink.objects.count() == 2
    assert AccessLink.objects.usable(at=now).count() == 1


def test_rights_lost_before_printing_stop_it(bureau, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    job = services.order_slips(actor=bureau.reviewer, users=[bureau.clerk])
    bureau.reviewer.roles.all().delete()
    execute(job_id=job.pk, at=timezone.now())
    assert Job.objects.get(pk=job.pk).state == JobState.FAILED
    assert AccessLink.objects.count() == 0


@pytest.mark.django_db
def test_eight_slips_a_page():
    at = timezone.now()
    letters = [
        Letter(UserFactory(name="尉迟堃"), LinkPurpose.ACTIVATE, f"{number:020}", at)
        for number in range(9)
    ]
    pages = page_texts(pdf.slips(letters, at=timezone.localtime(at)).content)
    assert [page.count("尉迟堃") for page in pages] == [8, 1]

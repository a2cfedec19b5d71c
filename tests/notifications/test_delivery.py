"""E-mails against a real mail server that takes them, refuses them or dies in the middle."""

import email
import email.policy
import socket
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from notifications.models import Delivery
from notifications.services import Mailed, send_deliveries
from tests.notifications.mail_server import HANG_UP, Post, mail_server
from tests.notifications.rows import NOW, delivery

pytestmark = pytest.mark.django_db
UNKNOWN_BECAUSE = "交给邮件服务器时中断，可能已送达，也可能没有"


@pytest.fixture
def smtp(settings):
    """Send by SMTP to a port of this machine."""

    def use(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_TIMEOUT = 5

    return use


@pytest.fixture
def post(smtp) -> Iterator[Post]:
    with mail_server() as (running, port):
        smtp(port)
        yield running


def send() -> Mailed:
    return send_deliveries(at=NOW)


def state(row: Delivery) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.error


def test_a_digest_arrives_as_it_stands_and_once(post):
    row = delivery()
    assert send() == Mailed(sent=1)
    assert send() == Mailed()

    assert state(row) == ("sent", "")
    assert row.sent_at is not None
    (text,) = post.taken
    message = email.message_from_bytes(text.encode(), policy=email.policy.default)
    assert message["To"] == "shuji@example.org"
    assert message["Subject"] == "您有 1 件事待办，约需 3 分钟"
    body = message.get_content().replace("\r\n", "\n")
    assert body.startswith("1. 〔快到期〕主题党日\n\n登录办理：http")


def test_many_go_over_one_connection(post):
    for number in range(5):
        delivery(f"p{number}@example.org")
    assert send() == Mailed(sent=5)
    assert (len(post.taken), post.connections) == (5, 1)


def test_interrupted_at_hand_over_it_is_unknown_and_not_sent_again(post):
    post.answers["MESSAGE"] = HANG_UP
    row = delivery()
    assert send() == Mailed(unknown=1)
    assert state(row) == ("unknown", UNKNOWN_BECAUSE)

    del post.answers["MESSAGE"]
    assert send() == Mailed()
    assert post.taken == []


def test_one_interruption_does_not_touch_the_others(post):
    rows = [delivery(f"p{number}@example.org") for number in range(3)]
    post.answers["MESSAGE"] = HANG_UP
    # The server comes back to life once the first message has broken off.
    post.before_answer = lambda: post.connections > 1 and post.answers.clear()
    assert send() == Mailed(sent=2, unknown=1)
    assert [state(row)[0] for row in rows] == ["unknown", "sent", "sent"]
    assert len(post.taken) == 2


def test_a_server_that_never_answers_leaves_it_unknown(post, settings):
    settings.EMAIL_TIMEOUT = 0.3
    released = Barrier(2)
    post.before_answer = lambda: released.wait(5)
    row = delivery()
    assert send() == Mailed(unknown=1)
    released.wait(5)
    assert state(row) == ("unknown", UNKNOWN_BECAUSE)


@pytest.mark.parametrize("where", ["RCPT", "MAIL", "DATA", "MESSAGE"])
def test_refused_for_good_it_is_marked_not_sent(post, where):
    post.answers[where] = "550 no such person here"
    row = delivery()
    assert send() == Mailed(refused=1)
    assert state(row) == ("failed", "邮件服务器拒收（550），请核对地址")
    del post.answers[where]
    assert send() == Mailed()


@pytest.mark.parametrize("where", ["RCPT", "MAIL", "MESSAGE"])
def test_asked_to_come_again_it_waits(post, where):
    post.answers[where] = "451 try again later"
    row = delivery()
    assert send() == Mailed(waiting=1)
    assert state(row) == ("pending", "邮件服务器暂时不收（451），稍后再试")
    del post.answers[where]
    assert send() == Mailed(sent=1)
    assert state(row) == ("sent", "")


def test_a_server_that_hangs_up_between_two_messages_loses_none(post):
    rows = [delivery(f"p{number}@example.org") for number in range(3)]
    post.answers["NOOP"] = HANG_UP
    assert send() == Mailed(sent=3)
    assert [state(row)[0] for row in rows] == ["sent"] * 3
    assert post.connections == 3


def test_while_the_server_cannot_be_reached_everything_waits(smtp):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        smtp(closed.getsockname()[1])
        rows = [delivery(), delivery("zweite@example.org")]
        assert send() == Mailed(waiting=2)
    assert [state(row) for row in rows] == [("pending", "")] * 2


def test_a_server_that_is_full_at_the_door_makes_everything_wait(post):
    post.answers["CONNECT"] = "421 too busy"
    row = delivery()
    assert send() == Mailed(waiting=1)
    assert state(row) == ("pending", "")


def test_after_three_days_nobody_needs_the_email_any_more(smtp):
    smtp(1)
    row = delivery()
    send_deliveries(at=NOW + timedelta(days=2))
    assert state(row)[0] == "pending"
    send_deliveries(at=NOW + timedelta(days=3, minutes=1))
    assert state(row) == ("failed", "三天内没能交给邮件服务器，不再发送")


def test_an_address_that_is_none_is_marked_not_sent(post):
    row = delivery("not an address@@")
    assert send() == Mailed(refused=1)
    assert state(row) == ("failed", "地址写得不对，没有发出")


def test_killed_at_hand_over_it_is_unknown_after_ten_minutes(post):
    """What a worker killed with SIGKILL leaves behind: claimed, and nobody knows more."""
    now = timezone.now()
    old = delivery(state="sending", claimed_at=now - timedelta(minutes=11))
    young = delivery("b@example.org", state="sending", claimed_at=now - timedelta(minutes=9))
    assert send() == Mailed(unknown=1)
    assert state(old) == ("unknown", UNKNOWN_BECAUSE)
    assert state(young)[0] == "sending"
    assert post.taken == []


def test_without_smtp_letters_go_into_files(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    delivery()
    assert send() == Mailed(sent=1)
    (letter,) = tmp_path.iterdir()
    assert "To: shuji@example.org" in letter.read_text()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_once(post):
    for number in range(12):
        delivery(f"p{number}@example.org")
    start = Barrier(3)
    counts = []

    def run() -> None:
        try:
            start.wait()
            counts.append(send())
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(count.sent for count in counts) == 12
    addresses = [email.message_from_string(text)["To"] for text in post.taken]
    assert sorted(addresses) == sorted(f"p{n}@example.org" for n in range(12))

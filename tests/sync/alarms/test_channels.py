"""Webhooks over a real socket, and mail over a real SMTP server: what arrives, and what each failure means."""

import socket
from collections.abc import Iterator

import pytest

from moderation.errors import NotAllowedError, RefusedError, TryLaterError, UnclearError, UnreachableError
from sync.alarms.mail import AlarmMail, server_of
from sync.alarms.webhook import Webhook, checked
from tests.support.channel import Room, channel
from tests.tickets.mail_server import running


@pytest.fixture(scope="module")
def served() -> Iterator[Room]:
    with channel() as room:
        yield room


@pytest.fixture
def room(served: Room) -> Room:
    served.said.clear()
    served.answers.clear()
    return served


def test_what_arrives_is_what_slack_takes(room: Room) -> None:
    Webhook(room.url).say("Quillby: 2 alarms", ["“A & <!channel>” is overdue", "二つ目"], "k1")
    assert room.said == [{"text": "*Quillby: 2 alarms*\n• “A &amp; &lt;!channel&gt;” is overdue\n• 二つ目"}]
    assert room.paths[-1] == "/services/T0/B0/secret-of-the-channel"


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (429, TryLaterError, "alarm_channel_busy"),
        (503, TryLaterError, "alarm_channel_busy"),
        (404, RefusedError, "alarm_channel_refused"),
        (302, RefusedError, "alarm_channel_refused"),
        (500, UnclearError, "alarm_channel_unclear"),
        (0, UnclearError, "answer_broke_off"),
    ],
)
def test_what_each_answer_means(room: Room, answer: int, error: type[Exception], code: str) -> None:
    room.answers.append(answer)
    with pytest.raises(error) as raised:
        Webhook(room.url).say("Quillby", ["One"], "k1")
    assert getattr(raised.value, "code", "") == code
    assert len(room.said) == 1
    assert "secret-of-the-channel" not in str(raised.value)
    if answer == 429:
        assert isinstance(raised.value, TryLaterError)
        assert raised.value.seconds == 120


def test_who_does_not_listen_has_taken_nothing() -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with pytest.raises(UnreachableError) as raised:
        Webhook(f"http://127.0.0.1:{port}/hidden").say("Quillby", ["One"], "k1")
    assert raised.value.code == "connection_refused"
    assert "hidden" not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    ["http://chat.example.com/hook", "ftp://127.0.0.1/x", "https://user:word@chat.example.com/x", "https://", "hook",
     "https://chat.example.com/a b", "https://[1"],
)  # fmt: skip
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(NotAllowedError) as raised:
        checked(address)
    assert raised.value.code == "alarm_address_odd"
    assert raised.value.facts == {}


def test_the_address_shows_nowhere(room: Room) -> None:
    assert "secret" not in repr(Webhook(room.url))


def test_mail_arrives_once_with_a_name_of_its_own() -> None:
    with running() as box:
        mail = AlarmMail(
            server_of("127.0.0.1", str(box.port), "none", "", ""), "marquee@quillby.example", "lead@quillby.example"
        )
        mail.say("Quillby: an alarm", ["Nobody looks after ルーター."], "018f-7")
        (arrived,) = box.mails
        assert arrived["Subject"] == "Quillby: an alarm"
        assert arrived["Message-ID"] == "<alarm.018f-7@quillby.example>"
        assert arrived.get_content().strip() == "- Nobody looks after ルーター."
        box.on_data = "451 Later please"
        with pytest.raises(TryLaterError):
            mail.say("Quillby: an alarm", ["One"], "018f-8")
        box.on_data = ""
        box.cut_after_data = True
        with pytest.raises(UnclearError):
            mail.say("Quillby: an alarm", ["One"], "018f-9")
        assert len(box.mails) == 2

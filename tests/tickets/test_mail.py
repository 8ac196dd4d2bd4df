"""Mail as a ticket system, against a real SMTP server."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderation.errors import (
    MarqueeError,
    NotAllowedError,
    RefusedError,
    SignInError,
    TryLaterError,
    UnclearError,
    UnreachableError,
)
from moderation.tickets import Attachment, TicketCan, TicketDraft, TicketState, TicketSystem, Word
from sync.tickets import open_system
from tests.support.certificate import self_signed, server_tls
from tests.tickets import mail_server

DRAFT = TicketDraft(
    "k-1", "case-7", "https://community.example/topic/7", "Order 「注文」\r\nBcc: all@example.org",
    "注文番号が表示されたままです。\n.\nA line with a single dot above", "customer@example.org",
    (Attachment("手順.txt", "text/plain", "手順\n".encode()),),
)  # fmt: skip


def opened(at: int, **values: str) -> TicketSystem:
    """Without encryption, which loopback alone may do."""
    usual = {"host": "127.0.0.1", "port": str(at), "security": "none"}
    return open_system("mail", {**usual, "sender": "community@example.com", "to": "support@example.com", **values})


def test_a_ticket_is_one_mail_with_case_link_and_customer() -> None:
    with mail_server.running() as box:
        system = opened(box.port)
        assert system.check().queue == "support@example.com"
        assert not box.mails
        made = system.create(DRAFT)
    (mail,) = box.mails
    assert (made.id, made.state) == (mail["Message-ID"], TicketState.NEW)
    assert mail["Subject"] == "[case-7] Order 「注文」 Bcc: all@example.org"
    assert (mail["Reply-To"], mail["Bcc"], mail["X-Marquee-Case"]) == ("customer@example.org", None, "case-7")
    body = mail.get_body()
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert text == f"{DRAFT.text}\n\n{DRAFT.link}\n"
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == ("手順.txt", "手順\n".encode())


def test_a_repeat_has_the_same_message_id_and_an_answer_is_in_its_thread() -> None:
    with mail_server.running() as box:
        system = opened(box.port)
        first, again = system.create(DRAFT), system.create(DRAFT)
        answer = system.say(first.id, Word("w-1", "We go on here."))
    assert first.id == again.id
    assert (box.mails[2]["Message-ID"], box.mails[2]["In-Reply-To"]) == (answer, first.id)
    assert box.mails[2]["References"] == first.id
    assert box.mails[2]["Subject"] == "Re: [case-7]"


def test_mail_knows_no_notes_and_reads_nothing() -> None:
    system = opened(1)
    assert system.can == {TicketCan.ATTACH}
    word = Word("w", "For staff", internal=True)
    now = datetime(2026, 11, 1, tzinfo=UTC)
    for ask in (
        lambda: system.say("<x@y>", word), lambda: system.find("case-7", ""), lambda: system.read("1"),
        lambda: system.messages("1"), lambda: system.said("1", word, now), lambda: system.changed(now),
        lambda: system.set_state("1", TicketState.SOLVED, ""),
    ):  # fmt: skip
        with pytest.raises(NotAllowedError, match="ticket_system_cannot"):
            ask()


@pytest.mark.parametrize(
    ("told", "error", "code"),
    [
        ({"on_rcpt": "550 No such user here"}, RefusedError, "ticket_refused"),
        ({"on_rcpt": "451 Try again later"}, TryLaterError, "mail_not_now"),
        ({"on_data": "554 Message refused"}, RefusedError, "ticket_refused"),
        ({"on_data": "452 Out of space"}, TryLaterError, "mail_not_now"),
    ],
)
def test_what_the_server_says_no_to(told: dict[str, str], error: type[MarqueeError], code: str) -> None:
    with mail_server.running() as box:
        for name, value in told.items():
            setattr(box, name, value)
        with pytest.raises(error, match=code):
            opened(box.port).create(DRAFT)
    assert not box.mails


def test_a_mail_that_may_have_left_is_unclear() -> None:
    with mail_server.running() as box:
        box.cut_after_data = True
        with pytest.raises(UnclearError, match="mail_broke_off"):
            opened(box.port).create(DRAFT)
    assert len(box.mails) == 1


def test_no_server_no_mail() -> None:
    with mail_server.running() as box:
        port = box.port
    with pytest.raises(UnreachableError, match="mail_server_away"):
        opened(port).check()


def test_a_password_never_goes_in_clear() -> None:
    with pytest.raises(NotAllowedError, match="ticket_password_in_clear"):
        opened(25, user="desk", password="s3cret")
    with mail_server.running(password="s3cret") as box, pytest.raises(UnreachableError, match="tls_failed"):
        opened(box.port, user="desk", password="s3cret", security="starttls").check()
    assert not box.signed_in


@pytest.mark.parametrize(
    "values",
    [
        {"port": "70000"},
        {"port": "x"},
        {"security": "some"},
        {"to": "no address"},
        {"sender": "a@b\r\nBcc: c@d.example"},
    ],
)
def test_settings_that_make_no_sense(values: dict[str, str]) -> None:
    with pytest.raises(NotAllowedError, match="ticket_setting_odd"):
        opened(25, **values)


def test_a_wrong_password_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_logs: list[str]) -> None:
    expected_logs.append("mail.log")  # the test server's own
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server.running(password="s3cret", tls=server_tls(certificate)) as box:
        with pytest.raises(SignInError, match="ticket_key_not_accepted"):
            opened(box.port, user="desk", password="wrong", security="tls").check()
        opened(box.port, user="desk", password="s3cret", security="tls").create(DRAFT)
    assert box.signed_in == ["desk"]
    assert len(box.mails) == 1

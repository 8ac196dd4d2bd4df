"""A mail that was not delivered: reports of mail servers, and what the case shows then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.bounces import Bounce, Fate, envelope_id, read_bounce
from moderation.case_tickets import Question
from moderation.conversation import Standing
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.tickets import TicketDraft, Word
from sync.tickets import open_system
from tests.faults.ground import NAME
from tests.tickets import mail_server
from tests.tickets.flow import TicketStage

REPORT = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: community@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

This is the mail system at host mx.example.com.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
{envelope}
Final-Recipient: rfc822; support@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <support@example.com>: Recipient address
    rejected: User unknown

--b1
{returned}
--b1--
"""
HEADERS = "Content-Type: text/rfc822-headers\n\nSubject: Re: [case-7]\nReferences: {id}\nMessage-ID: <w@example.com>\n"
WHOLE = "Content-Type: message/rfc822\n\nMessage-ID: {id}\nSubject: [case-7] x\n\nThe text.\n"
NOTHING = "Content-Type: text/plain\n\nThe mail is not attached.\n"
ID = "<case-7.forum.example=k@example.com>"


def report(returned: str, *, action: str = "failed", status: str = "5.1.1", envelope: str = "", of: str = ID) -> bytes:
    body = returned.format(id=of)
    return REPORT.format(returned=body, action=action, status=status, envelope=envelope).encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(report(HEADERS), id="headers"),
        pytest.param(report(WHOLE), id="whole mail"),
        pytest.param(report(NOTHING, envelope=f"Original-Envelope-Id: {envelope_id(ID)}\n"), id="envelope"),
        pytest.param(report(WHOLE).replace(b"\n", b"\r\n"), id="line ends of the wire"),
    ],
)
def test_a_report_names_the_mail_that_it_is_about(data: bytes) -> None:
    found = read_bounce(data)
    assert ID in found.ids
    assert (found.fate, found.status, found.recipient) == (Fate.FAILED, "5.1.1", "support@example.com")
    assert found.said == "550 5.1.1 <support@example.com>: Recipient address rejected: User unknown"


def test_what_is_late_is_not_lost_and_of_several_the_worst_counts() -> None:
    assert read_bounce(report(HEADERS, action="delayed", status="4.4.1")).fate is Fate.DELAYED
    assert read_bounce(report(HEADERS, action="relayed (to mx2)", status="2.0.0")).fate is Fate.DELIVERED
    two = report(HEADERS, action="delivered").replace(
        b"--b1\nContent-Type: text/rfc822", b"\nFinal-Recipient: rfc822; b@example.com\nAction: failed\n\n--b1\n"
        b"Content-Type: text/rfc822",
    )  # fmt: skip
    assert (read_bounce(two).fate, read_bounce(two).recipient) == (Fate.FAILED, "b@example.com")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\0", b"Subject: I am away\n\nUntil Monday.", WHOLE.encode()])
def test_any_other_mail_is_none(data: bytes) -> None:
    with pytest.raises(NotAllowedError, match="bounce_not_one"):
        read_bounce(data)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[TicketStage]:
    with mail_server.running() as box:
        values = {"host": "127.0.0.1", "port": str(box.port), "security": "none"}
        system = open_system("mail", {**values, "sender": "community@example.com", "to": "support@example.com"})
        made = TicketStage(tmp_path / "home", system)
        made.begin()
        made.settle()
        assert [mail["Message-ID"] for mail in box.mails] == [made.kept().ticket]
        yield made
        made.close()


def standing(stage: TicketStage) -> Standing:
    (found,) = stage.desk.conversing.standings()
    return found


def test_the_case_shows_it_until_somebody_has_seen_it(stage: TicketStage) -> None:
    tickets, case, sent = stage.desk.ticketing, stage.case(), stage.kept().ticket
    late = read_bounce(report(WHOLE, action="delayed", of=sent))
    assert tickets.not_delivered(late, [NAME]).key == case.key
    assert standing(stage).question == ""
    assert tickets.not_delivered(read_bounce(report(HEADERS, of=sent)), [NAME]).key == case.key
    assert standing(stage).question == Question.NOT_DELIVERED
    assert [one.key for one, _ in tickets.questions([NAME])] == [case.key]
    tickets.keep_as_it_is(case)
    assert standing(stage).question == ""
    with pytest.raises(UnknownIdError, match="bounce_unknown"):
        tickets.not_delivered(Bounce(Fate.FAILED, frozenset({"<other@example.com>"})), [NAME])


def test_every_mail_of_a_case_says_of_which_and_asks_for_reports_where_the_server_knows_them() -> None:
    with mail_server.running(dsn=True) as box:
        values = {"host": "127.0.0.1", "port": str(box.port), "security": "none"}
        system = open_system("mail", {**values, "sender": "community@example.com", "to": "support@example.com"})
        made = system.create(TicketDraft("k", "case-7", "https://forum.example/7", "Order", "Where is it?"))
        system.say(made.id, Word("w", "We go on here."))
    assert [one["X-Marquee-Case"] for one in box.mails] == ["case-7", "case-7"]
    wanted = {f"ENVID={envelope_id(made.id)}", "RET=HDRS"}
    assert box.options == [(wanted, {"NOTIFY=FAILURE,DELAY"})] * 2

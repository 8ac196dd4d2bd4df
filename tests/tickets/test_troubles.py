"""What goes wrong: keys without rights, answers that are none, connections that break, settings that are missing."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from moderation.errors import (
    MarqueeError,
    NotAllowedError,
    PayloadError,
    RefusedError,
    SignInError,
    TryLaterError,
    UnclearError,
    UnreachableError,
)
from moderation.tickets import TicketDraft, TicketState, TicketSystem, Word
from sync.http import Limits
from sync.http.client import Client
from sync.tickets import open_system, rest, systems
from sync.tickets.rt import system
from tests.sync.http.wire import Heard, reply, wire
from tests.tickets.conftest import Office
from tests.tickets.rt_server import Tracker
from tests.tickets.zendesk_face import Face

DRAFT = TicketDraft("k", "case-1", "https://community.example/topic/1", "Subject", "Text", "customer@example.org")
RT_VALUES = {"token": "1-31-" + "0" * 32, "queue": "Community"}
ZENDESK_VALUES = {"user": "agent@example.org", "token": "s3cret"}


@pytest.fixture(params=["rt", "zendesk"])
def at(request: pytest.FixtureRequest, expected_logs: list[str]) -> Iterator[Callable[[str], TicketSystem]]:
    """Opens one of them at an address."""
    values = RT_VALUES if request.param == "rt" else ZENDESK_VALUES
    opened: list[TicketSystem] = []
    expected_logs.append("sync.http.pacing")

    def open_at(url: str) -> TicketSystem:
        opened.append(open_system(request.param, {**values, "url": url}))
        return opened[-1]

    yield open_at
    for each in opened:
        each.close()


def html(heard: Heard, sock: socket.socket) -> None:
    reply(sock, b"<html>Sign in</html>", kind="text/html")


def broken(heard: Heard, sock: socket.socket) -> None:
    reply(sock, b'{"ticket": {"id": ')


def gateway(heard: Heard, sock: socket.socket) -> None:
    reply(sock, b"<html>Bad gateway</html>", "502 Bad Gateway", "text/html")


def own_error(heard: Heard, sock: socket.socket) -> None:
    reply(sock, b'{"message": "x", "error": "x"}', "500 Internal Server Error")


def limited(heard: Heard, sock: socket.socket) -> None:
    reply(sock, b"{}", "429 Too Many Requests", Retry_After="30")


def cut(heard: Heard, sock: socket.socket) -> None:
    sock.close()


def moved(heard: Heard, sock: socket.socket) -> None:
    reply(sock, b"", "302 Found", Location="http://127.0.0.2/elsewhere")


@pytest.mark.parametrize(
    ("answers", "reading", "writing"),
    [
        (html, PayloadError, UnclearError),
        (broken, PayloadError, UnclearError),
        (gateway, TryLaterError, UnclearError),
        (own_error, TryLaterError, UnclearError),
        (limited, TryLaterError, TryLaterError),
        (cut, TryLaterError, UnclearError),
        (moved, NotAllowedError, NotAllowedError),
    ],
)
def test_answers_that_are_none(
    at: Callable[[str], TicketSystem],
    answers: Callable[[Heard, socket.socket], None],
    reading: type[MarqueeError],
    writing: type[MarqueeError],
) -> None:
    with wire(answers) as server:
        for asks, error in (
            (lambda: at(server.url).check(), reading),
            (lambda: at(server.url).create(DRAFT), writing),
        ):
            with pytest.raises(error) as found:
                asks()
            assert "s3cret" not in str(found.value)
            assert RT_VALUES["token"] not in str(found.value)
            assert DRAFT.requester is not None
            assert DRAFT.requester not in str(found.value)


def test_one_that_is_slow_is_given_up_and_a_write_may_have_happened(
    at: Callable[[str], TicketSystem], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "Client", partial(Client, limits=Limits(seconds=0.4)))
    over = threading.Event()
    with wire(lambda heard, sock: over.wait(20) and None) as server:
        with pytest.raises(TryLaterError, match="answer_timed_out"):
            at(server.url).check()
        with pytest.raises(UnclearError):
            at(server.url).create(DRAFT)
        over.set()


def test_nobody_there(at: Callable[[str], TicketSystem]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for asks in (at(f"http://127.0.0.1:{port}").check, lambda: at(f"http://127.0.0.1:{port}").create(DRAFT)):
        with pytest.raises(UnreachableError):
            asks()


def test_settings_are_asked_for() -> None:
    assert set(systems()) >= {"rt", "zendesk", "mail"}
    with pytest.raises(NotAllowedError, match="ticket_system_unknown"):
        open_system("paper", {})
    with pytest.raises(NotAllowedError, match="ticket_setting_missing"):
        open_system("rt", {"url": "https://rt.example", "token": " ", "queue": "General"})
    with pytest.raises(SignInError, match="ticket_key_not_accepted"):
        open_system("rt", {"url": "https://rt.example", "token": "pasted wrongly", "queue": "General"})


class TestRequestTracker:
    """Against the real one."""

    def test_an_account_without_rights(self, tracker: Tracker) -> None:
        bare = open_system("rt", {"url": tracker.url, "token": tracker.bare_token, "queue": "Community"})
        with pytest.raises(NotAllowedError, match=r"ticket_right_missing|ticket_queue_unknown"):
            bare.check()

    def test_a_queue_that_is_not_there(self, tracker: Tracker) -> None:
        agent = open_system("rt", {"url": tracker.url, "token": tracker.token, "queue": "Nowhere"})
        with pytest.raises(NotAllowedError, match=r"ticket_right_missing|ticket_queue_unknown"):
            agent.check()
        with pytest.raises((NotAllowedError, RefusedError)):
            agent.create(DRAFT)

    def test_values_that_would_change_the_search_are_refused(self, rt_office: Office) -> None:
        with pytest.raises(NotAllowedError, match="ticket_setting_odd"):
            rt_office.system.find("case-1' OR id > 0 OR Subject = '", "https://community.example")

    def test_found_by_its_link_when_the_subject_was_changed(self, tracker: Tracker, rt_office: Office) -> None:
        draft = TicketDraft("k", "case-renamed", "https://community.example/topic/renamed", "Subject", "Text")
        made = rt_office.system.create(draft)
        tracker.as_root("PUT", f"/ticket/{made.id}", {"Subject": "Something else", "CustomFields": {"Case": ""}})
        (found,) = rt_office.system.find(draft.case, draft.link)
        assert (found.id, found.subject) == (made.id, "Something else")

    def test_a_merged_ticket_is_read_where_it_went(self, tracker: Tracker, rt_office: Office) -> None:
        one, other = rt_office.system.create(DRAFT), rt_office.system.create(DRAFT)
        tracker.as_root("PUT", f"/ticket/{other.id}", {"MergeInto": one.id})
        assert rt_office.system.read(other.id).id == one.id
        assert one.id in {ticket.id for ticket in rt_office.system.find(DRAFT.case, DRAFT.link)}

    def test_a_change_that_it_passes_over_is_not_taken_for_done(
        self, rt_office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """RT answers 200 to a state that its lifecycle does not know."""
        made = rt_office.system.create(DRAFT)
        monkeypatch.setitem(system._NAMES, TicketState.PENDING, "parked")
        with pytest.raises(RefusedError, match="ticket_refused") as found:
            rt_office.system.set_state(made.id, TicketState.PENDING, made.version)
        assert "isn't a valid status" in str(found.value.facts["said"])
        assert rt_office.system.read(made.id).state is TicketState.NEW


class TestZendesk:
    """Against a server that answers as its reference says."""

    def test_a_customers_key_is_no_agents(self, zendesk: Face, zendesk_office: Office) -> None:
        zendesk.role = "end-user"
        with pytest.raises(NotAllowedError, match="ticket_right_missing"):
            zendesk_office.system.check()

    def test_a_group_that_is_not_there(self, zendesk: Face) -> None:
        values = {**ZENDESK_VALUES, "url": zendesk.url, "group": "Nowhere"}
        with pytest.raises(NotAllowedError, match="ticket_queue_unknown"):
            open_system("zendesk", values).check()
        assert not zendesk.tickets

    def test_an_oauth_token(self, zendesk: Face) -> None:
        zendesk.key = "Bearer oauth-token"
        assert open_system("zendesk", {"url": zendesk.url, "token": "oauth-token"}).check().account == "Agent"

    def test_its_own_sentence_is_told(self, zendesk_office: Office) -> None:
        with pytest.raises(RefusedError, match="ticket_refused") as found:
            zendesk_office.system.create(TicketDraft("k", "case-1", DRAFT.link, " ", "T"))
        assert found.value.facts["said"] == "Record validation errors"

    def test_a_closed_ticket_takes_no_word(self, zendesk: Face, zendesk_office: Office) -> None:
        made = zendesk_office.system.create(DRAFT)
        zendesk.tickets[int(made.id)]["status"] = "closed"
        with pytest.raises(RefusedError, match="ticket_refused") as found:
            zendesk_office.system.say(made.id, Word("w", "Hello"))
        assert "closed" in str(found.value.facts["said"])

    def test_a_new_ticket_carries_its_key(self, zendesk: Face, zendesk_office: Office) -> None:
        zendesk_office.system.create(DRAFT)
        writes = [heard for heard in zendesk.heard if heard.line.startswith(("POST", "PUT"))]
        keys = [{k.lower(): v for k, v in heard.headers.items()}.get("idempotency-key") for heard in writes]
        assert keys == [DRAFT.key]
        asked = json.loads(writes[0].body)["ticket"]
        assert (asked["external_id"], asked["group_id"]) == (DRAFT.case, 5)
        assert DRAFT.link in asked["comment"]["body"]

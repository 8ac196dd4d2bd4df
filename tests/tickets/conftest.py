"""Ticket systems under test: a real Request Tracker, and one that answers as Zendesk says it does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from moderation.tickets import TicketSystem
from sync.tickets import open_system
from tests.tickets import rt_server, zendesk_face


@dataclass
class Office:
    """One ticket system: as the agent, with a wrong key, with a key without rights; and what others do there."""

    system: TicketSystem
    wrong_key: TicketSystem
    customer_writes: Callable[[str, str], None]
    colleague_writes: Callable[[str], None]


@pytest.fixture(scope="session")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rt_server.Tracker]:
    """A running Request Tracker."""
    if why := rt_server.lacking():
        pytest.skip(why)
    with rt_server.running(tmp_path_factory.mktemp("rt")) as found:
        yield found


@pytest.fixture
def zendesk() -> Iterator[zendesk_face.Face]:
    """A running face of Zendesk."""
    with zendesk_face.running() as face:
        yield face


@pytest.fixture
def rt_office(tracker: rt_server.Tracker, tmp_path: Path) -> Iterator[Office]:
    """Request Tracker's queue as the agent."""
    values = {"url": tracker.url, "token": tracker.token, "queue": "Community", "case_field": "Case"}
    system = open_system("rt", values)
    wrong = open_system("rt", {**values, "token": "1-31-" + "0" * 32})

    def customer(ticket: str, text: str) -> None:
        tracker.as_customer(ticket, text)

    def colleague(ticket: str) -> None:
        tracker.as_root("POST", f"/ticket/{ticket}/comment", {"Content": "I look at it", "ContentType": "text/plain"})

    yield Office(system, wrong, customer, colleague)
    system.close()
    wrong.close()


@pytest.fixture
def zendesk_office(zendesk: zendesk_face.Face) -> Iterator[Office]:
    """Zendesk as the agent."""
    values = {"url": zendesk.url, "user": "agent@example.org", "token": "s3cret", "group": "Community"}
    system, wrong = open_system("zendesk", values), open_system("zendesk", {**values, "token": "other"})

    def customer(ticket: str, text: str) -> None:
        zendesk.write(int(ticket), zendesk_face.CUSTOMER, text)

    def colleague(ticket: str) -> None:
        zendesk.write(int(ticket), zendesk_face.OTHER, "I look at it", public=False)

    yield Office(system, wrong, customer, colleague)
    system.close()
    wrong.close()


@pytest.fixture(params=["rt", "zendesk"])
def office(request: pytest.FixtureRequest) -> Office:
    """Each of them in turn."""
    found: Office = request.getfixturevalue(f"{request.param}_office")
    return found

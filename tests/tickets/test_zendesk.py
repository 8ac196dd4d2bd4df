"""What is Zendesk's own: whose keys see its export, whom it writes to by itself, what its key of idempotency guards."""

from datetime import UTC, datetime, timedelta
from typing import cast

from moderation.actions import Action
from moderation.intents import Identities
from moderation.ports import Team
from moderation.tickets import TicketDraft, Word
from sync.connector import Connection
from sync.engine.ticketing import WithTickets
from tests.fakes.clock import FakeClock
from tests.tickets.conftest import Office
from tests.tickets.flow import OneOffice
from tests.tickets.zendesk_face import CUSTOMER, Face

DRAFT = TicketDraft("k-1", "case-7", "https://community.example/topic/7", "Order", "Where is my order?")
ADDRESS = "maren@oakhollow.example"


def asked(face: Face, what: str) -> int:
    return sum(what in heard.line for heard in face.heard)


def test_with_an_agents_key_the_named_tickets_are_looked_at(zendesk: Face, zendesk_office: Office) -> None:
    zendesk.role = "agent"
    first = zendesk_office.system.create(DRAFT)
    second = zendesk_office.system.create(TicketDraft("k-2", "case-8", DRAFT.link, "Other", "x"))
    assert first.updated_at is not None
    since = first.updated_at - timedelta(minutes=5)
    for _ in range(2):
        told = zendesk_office.system.changed(since, {first.id: 1, second.id: 2}.keys())
        assert {ticket.id for ticket in told} == {first.id, second.id}
    later = first.updated_at + timedelta(seconds=1)
    assert [one.id for one in zendesk_office.system.changed(later, [first.id, second.id])] == [second.id]
    assert asked(zendesk, "/incremental/") == 1, "who may not export is not asked again"


def test_an_export_is_asked_for_up_to_a_minute_ago(zendesk: Face, zendesk_office: Office) -> None:
    zendesk_office.system.create(DRAFT)
    assert list(zendesk_office.system.changed(datetime.now(UTC))) == []
    assert asked(zendesk, "/incremental/") == 1


def test_a_customer_who_is_known_keeps_their_name_and_gets_no_mail(zendesk: Face, zendesk_office: Office) -> None:
    made = zendesk_office.system.create(DRAFT)
    zendesk.users.append({"id": 501, "name": "Maren Oakhollow", "email": ADDRESS, "role": "end-user"})
    assert zendesk_office.system.set_requester(made.id, ADDRESS.upper()).requester == "501"
    assert zendesk.users[0]["name"] == "Maren Oakhollow"
    assert zendesk_office.system.set_requester(made.id, "new@example.org").requester == str(CUSTOMER)
    assert zendesk.verified == []


def test_a_word_is_not_guarded_and_a_new_ticket_is(zendesk: Face, zendesk_office: Office) -> None:
    made = zendesk_office.system.create(DRAFT)
    zendesk_office.system.say(made.id, Word("w", "On its way."))
    keys = [{name.lower() for name in heard.headers} for heard in zendesk.heard if heard.line.startswith("PUT")]
    assert keys
    assert all("idempotency-key" not in names for names in keys)
    offices = OneOffice(lambda: zendesk_office.system)
    ways = WithTickets("forum", lambda kind: cast(Connection, None), offices, cast(Team, None), FakeClock())
    joined = ways(Identities.ME)
    assert joined.guards_repeats(Action.TICKET)
    assert not joined.guards_repeats(Action.TICKET_WORD)


def test_messages_say_who_wrote_them(zendesk: Face, zendesk_office: Office) -> None:
    made = zendesk_office.system.create(DRAFT)
    zendesk.write(int(made.id), CUSTOMER, "Thank you")
    assert [one.name for one in zendesk_office.system.messages(made.id)] == ["Agent", "Customer"]

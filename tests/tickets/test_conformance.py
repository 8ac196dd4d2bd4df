"""What every ticket system that can be read back gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from moderation.errors import ConflictError, NotAllowedError, RefusedError, SignInError, UnknownIdError
from moderation.tickets import Attachment, Side, Ticket, TicketCan, TicketDraft, TicketState, Word
from tests.tickets.conftest import Office

_NUMBERS = count(1)
TEXT = "You wrote in the community:\n\n> 注文番号 QB-48213 が表示されたままです。\n\nWe go on here."
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def draft() -> TicketDraft:
    """A ticket of a case of its own."""
    number = next(_NUMBERS)
    return TicketDraft(
        key=f"key-{number}", case=f"case-{number}", link=f"https://community.example/topic/{number}",
        subject="Order number in public 「注文」", text=TEXT, requester=f"customer{number}@example.org",
    )  # fmt: skip


@pytest.fixture
def ticket(office: Office, draft: TicketDraft) -> Ticket:
    """One that was just made."""
    return office.system.create(draft)


def test_a_check_tells_as_whom_and_where(office: Office) -> None:
    desk = office.system.check()
    assert (desk.account.lower(), desk.queue) == ("agent", "Community")


def test_a_wrong_key_is_said_before_anything_is_written(office: Office, draft: TicketDraft) -> None:
    with pytest.raises(SignInError, match="ticket_key_not_accepted"):
        office.wrong_key.check()
    with pytest.raises(SignInError, match="ticket_key_not_accepted"):
        office.wrong_key.create(draft)
    assert office.system.find(draft.case, draft.link) == ()


def test_a_ticket_carries_case_and_customer_and_is_found_again(office: Office, draft: TicketDraft) -> None:
    assert office.system.find(draft.case, draft.link) == ()
    made = office.system.create(draft)
    assert made.subject == f"[{draft.case}] {draft.subject}"
    assert (made.state, made.requester is not None, made.last_by) == (TicketState.NEW, True, Side.STAFF)
    (found,) = office.system.find(draft.case, draft.link)
    assert (found.id, found.url) == (made.id, made.url)
    assert found.url.startswith("http")


def test_a_longer_key_is_another_case(office: Office, draft: TicketDraft) -> None:
    office.system.create(draft)
    assert office.system.find(draft.case + "0", draft.link + "0") == ()


def test_nobody_is_guessed(office: Office, draft: TicketDraft) -> None:
    made = office.system.create(replace(draft, requester=None))
    assert made.requester is None


def test_words_go_to_the_customer_and_notes_to_staff(office: Office, ticket: Ticket) -> None:
    file = Attachment("手順.txt", "text/plain", "手順\n".encode())
    answer = office.system.say(ticket.id, Word("w1", "Please try this.\n\nよろしくお願いします。", attachments=(file,)))
    note = office.system.say(ticket.id, Word("w2", "Contract runs out in May", internal=True))
    first, *others = office.system.messages(ticket.id)
    assert "注文番号 QB-48213" in first.text
    assert [(each.id, each.internal, each.side) for each in others] == [
        (answer, False, Side.STAFF), (note, True, Side.STAFF),
    ]  # fmt: skip
    assert "よろしくお願いします" in others[0].text
    assert others[0].attachments == (file.name,)


def test_who_is_waiting_for_whom(office: Office, ticket: Ticket) -> None:
    office.system.say(ticket.id, Word("w1", "Please send the serial number"))
    assert office.system.read(ticket.id).waits_for is Side.CUSTOMER
    office.customer_writes(ticket.id, "It is 4711")
    now = office.system.read(ticket.id)
    assert (now.last_by, now.waits_for) == (Side.CUSTOMER, Side.STAFF)
    office.system.say(ticket.id, Word("w2", "Nobody must see this", internal=True))
    assert office.system.read(ticket.id).waits_for is Side.STAFF
    assert office.system.messages(ticket.id)[-2].side is Side.CUSTOMER


def test_what_was_said_is_found_and_what_was_not_is_not(office: Office, ticket: Ticket) -> None:
    word, note = Word("w1", "Thank you.\n\nA second line."), Word("w2", "Thank you.", internal=True)
    assert office.system.said(ticket.id, word, LONG_AGO) is None
    made = office.system.say(ticket.id, word)
    assert office.system.said(ticket.id, word, LONG_AGO) == made
    assert office.system.said(ticket.id, note, LONG_AGO) is None
    assert office.system.said(ticket.id, word, datetime.now(UTC) + timedelta(days=1)) is None
    office.customer_writes(ticket.id, "The same words")
    assert office.system.said(ticket.id, Word("w3", "The same words"), LONG_AGO) is None


@pytest.mark.parametrize("state", [TicketState.OPEN, TicketState.PENDING, TicketState.SOLVED])
def test_a_state_is_set_and_read_back(office: Office, ticket: Ticket, state: TicketState) -> None:
    done = office.system.set_state(ticket.id, state, ticket.version)
    assert done.state is state
    assert office.system.read(ticket.id).state is state
    assert done.version != ticket.version


def test_a_colleague_who_was_first_is_a_conflict(office: Office, ticket: Ticket) -> None:
    office.colleague_writes(ticket.id)
    with pytest.raises(ConflictError, match="ticket_changed"):
        office.system.set_state(ticket.id, TicketState.SOLVED, ticket.version)
    now = office.system.read(ticket.id)
    assert now.state is not TicketState.SOLVED
    assert office.system.set_state(ticket.id, TicketState.SOLVED, now.version).state is TicketState.SOLVED


def test_a_state_that_cannot_be_set_is_said(office: Office, ticket: Ticket) -> None:
    with pytest.raises(NotAllowedError, match="ticket_state_unknown"):
        office.system.set_state(ticket.id, TicketState.NEW, ticket.version)


def test_a_ticket_that_is_not_there(office: Office) -> None:
    for ask in (office.system.read, office.system.messages):
        with pytest.raises(UnknownIdError, match="ticket_unknown"):
            ask("987654")
    with pytest.raises((UnknownIdError, RefusedError)):  # RT says "Permission Denied"
        office.system.say("987654", Word("w", "Hello"))


def test_changes_since_a_moment(office: Office, draft: TicketDraft) -> None:
    made = [office.system.create(replace(draft, key=f"{draft.key}.{n}", case=f"{draft.case}.{n}")) for n in range(5)]
    newest = max(ticket.updated_at for ticket in made if ticket.updated_at is not None)
    told = {ticket.id for ticket in office.system.changed(newest - timedelta(minutes=10))}
    assert {ticket.id for ticket in made} <= told
    assert not list(office.system.changed(newest + timedelta(days=2)))


def test_what_guards_against_a_repeat_says_so(office: Office, draft: TicketDraft) -> None:
    office.system.create(draft)
    office.system.create(draft)
    tickets = office.system.find(draft.case, draft.link)
    assert len(tickets) == (1 if TicketCan.GUARDS in office.system.can else 2)


def test_a_ticket_belongs_to_whom_was_confirmed(office: Office, draft: TicketDraft) -> None:
    made = office.system.create(replace(draft, requester=None))
    address = f"confirmed.{draft.case}@example.org"
    done = office.system.set_requester(made.id, address)
    assert done.requester is not None
    assert office.system.set_requester(made.id, address).requester == done.requester
    assert office.system.read(made.id).last_by is Side.STAFF


def test_changes_of_some_tickets_alone(office: Office, draft: TicketDraft) -> None:
    made = [office.system.create(replace(draft, key=f"{draft.key}.{n}", case=f"{draft.case}.{n}")) for n in range(2)]
    since = min(ticket.updated_at for ticket in made if ticket.updated_at is not None) - timedelta(minutes=10)
    assert {ticket.id for ticket in office.system.changed(since, {made[1].id})} == {made[1].id}

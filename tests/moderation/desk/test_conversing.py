"""Private conversations on the sample community: whose turn it is, and an answer goes to the private place alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from moderation.cases import Case, CaseState
from moderation.content import Forum
from moderation.conversation import NoteKind, Party, Status
from moderation.conversion import Place, Shape
from moderation.desk.conversing import Conversing
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.intents import Identities, IntentState, Plan
from moderation.records import Batch, Records
from moderation.tickets import Side, Ticket, TicketState
from sync.engine.case_places import CasePlaces
from sync.mirror.index import Indexer
from sync.sandbox.state import rooms, threads
from tests.conversion.on_discourse import DiscourseStage
from tests.conversion.stage import ADMIN, BYSTANDER, CUSTOMER, NAME, OUTSIDER, SECRET, Stage, ref

ANSWER = f"We have found your order {SECRET}. It arrives on Tuesday."


class Talk:
    """A conversion that is over, and both sides of the conversation behind it."""

    def __init__(self, folder: Path, place: Place = Place.CATEGORY, shape: Shape = Shape.CONTINUE) -> None:
        self.stage = DiscourseStage(folder) if place is Place.MESSAGE else Stage(folder)
        self.stage.convert(place, shape)
        self.stage.settle()
        self.places = CasePlaces(NAME, self.stage.team, self.stage.clock)
        self.read_forums()
        self.pull()

    @property
    def desk(self) -> Conversing:
        return self.stage.desk.conversing

    @property
    def case(self) -> Case:
        return self.desk.case(NAME, self.stage.case().key)

    @property
    def place(self) -> Ref:
        found = self.desk.conversation(NAME, self.case.key).standing.place
        assert found is not None
        return found

    def read_forums(self) -> None:
        """As the walk does at its beginning."""
        connection, forum = self.stage.connections[Identities.ME], ref(Kind.FORUM, self.stage.forum("Billing"))
        self.stage.copy.write(connection.fetch([forum], self.stage.copy.known))

    def pull(self, seconds: float = 61.0) -> None:
        """Time passes, and the engine reads the places of cases."""
        self.stage.ground.pass_time(seconds)
        self.places.asked()
        connection = self.stage.connections[Identities.ME]
        self.stage.copy.write(self.places.read(connection, self.stage.copy.known))

    def says(self, who: str, text: str) -> None:
        """Somebody writes there."""
        community, place = self.stage.community, self.place
        if place.native.startswith("chat-"):
            room = community.state.tables.rooms[int(place.native.removeprefix("chat-"))]
            rooms.say(community.state, community.uid(who), room, text)
        else:
            community.reply_as(who, int(place.native), text)

    def answer(self, text: str = ANSWER) -> Plan:
        """An answer, sent."""
        plan, findings = self.desk.reply(self.case, text)
        assert plan is not None, findings
        self.stage.settle()
        self.pull()
        return self.stage.plan(plan)

    def public_text(self) -> str:
        """All that outsiders read."""
        return "".join(self.stage.seen_by(who) for who in (None, OUTSIDER, BYSTANDER))


@pytest.fixture
def talks(tmp_path: Path) -> Iterator[dict[tuple[Place, Shape], Talk]]:
    """Conversions by place and shape, each made when it is asked for."""

    class Made(dict[tuple[Place, Shape], Talk]):
        def __missing__(self, key: tuple[Place, Shape]) -> Talk:
            self[key] = Talk(tmp_path / f"home{len(self)}", *key)
            return self[key]

    made = Made()
    yield made
    for talk in made.values():
        talk.stage.close()


CATEGORY, MESSAGE, CHAT, TAKE = (
    (Place.CATEGORY, Shape.CONTINUE),
    (Place.MESSAGE, Shape.CONTINUE),
    (Place.CHAT, Shape.CONTINUE),
    (Place.CATEGORY, Shape.TAKE),
)


@pytest.mark.parametrize("way", [CATEGORY, CHAT, MESSAGE], ids=["category", "chat", "message"])
def test_whose_turn_it_is_and_since_when(talks: dict[tuple[Place, Shape], Talk], way: tuple[Place, Shape]) -> None:
    talk = talks[way]
    first = talk.desk.standings()[0]
    assert (first.status, first.last_by) == (Status.WAITING_STAFF, None), "the copy is nobody's word"
    assert first.waiting_since == talk.case.opened_at
    assert [one.party for one in first.participants][:2] == [Party.CUSTOMER, Party.STAFF]
    sent = talk.answer()
    assert sent.state is IntentState.CONFIRMED
    second = talk.desk.standings()[0]
    assert second.status is Status.WAITING_CUSTOMER
    assert second.last_by is not None
    assert (second.last_by.id, second.last_by.party) == (str(talk.stage.identity.member), Party.STAFF)
    assert second.waiting_since == second.last_at
    assert second.messages == first.messages + 1
    talk.says(CUSTOMER, "Thank you, but it was not in the post.")
    talk.pull(20.0)
    talk.says(CUSTOMER, "Still not there.")
    talk.pull()
    third = talk.desk.standings()[0]
    assert third.status is Status.WAITING_STAFF
    assert third.last_by is not None
    assert (third.last_by.id, third.last_by.party) == (talk.case.customer, Party.CUSTOMER)
    assert third.waiting_since is not None
    assert third.last_at is not None
    assert third.waiting_since < third.last_at, "since the first word that nobody has answered"
    lies_in_private(talk)


def test_a_thread_that_was_taken_is_its_own_place_until_it_is_public_again(
    talks: dict[tuple[Place, Shape], Talk],
) -> None:
    talk = talks[TAKE]
    assert talk.place == talk.stage.thread
    assert talk.desk.standings()[0].status is Status.WAITING_STAFF
    assert talk.answer().state is IntentState.CONFIRMED
    lies_in_private(talk)
    waiting, _ = talk.desk.reply(talk.case, "And the second one on Friday.")
    assert waiting is not None
    community = talk.stage.community
    thread = community.state.thread(int(talk.stage.thread.native))
    threads.move(community.state, community.uid(ADMIN), thread, talk.stage.forum("Billing"))
    talk.stage.settle()
    assert talk.stage.plan(waiting).state is IntentState.CONFLICT
    assert "And the second one" not in talk.public_text() + talk.stage.seen_by(CUSTOMER)


def lies_in_private(talk: Talk) -> None:
    """The answer reached the customer and no outsider, and lies in the store for what is private."""
    assert "It arrives on Tuesday" in talk.stage.seen_by(CUSTOMER)
    assert "It arrives on Tuesday" not in talk.public_text()
    shown = talk.desk.conversation(NAME, talk.case.key)
    assert any("It arrives on Tuesday" in (post.body or post.body_html) for post in shown.posts)
    indexer = Indexer(talk.stage.copy.vault)
    try:
        while indexer.feed(500):
            pass
    finally:
        indexer.close()
    reader = talk.stage.copy.reader
    assert reader.search("arrives Tuesday") == []
    assert len(reader.search("arrives Tuesday", private=True)) == 1


def test_what_is_not_the_customers_private_place_gets_no_answer(talks: dict[tuple[Place, Shape], Talk]) -> None:
    talk = talks[CATEGORY]
    forum, community = talk.case.forum(), talk.stage.community
    assert forum is not None
    known = next(one for one in talk.stage.copy.reader.forums(NAME) if one.id == forum)
    rewrite(talk, replace(known, private=False))
    assert refused(talk) == "place_not_private"
    rewrite(talk, known)
    thread = community.state.thread(int(talk.place.native))
    threads.move(community.state, community.uid(ADMIN), thread, talk.stage.forum("Private cases"))
    talk.pull(3600.0)
    assert refused(talk) == "case_place_moved"
    # nor does the public thread, or another one, whatever a receipt says
    steps = talk.case.steps
    for step in steps:
        if step.made == "thread":
            talk.stage.team.note_step(replace(step, receipt=f"thread:{talk.stage.thread.native}@post.1"))
    assert refused(talk) == "case_place_missing"
    other = community.open_thread_as(CUSTOMER, talk.stage.forum("Billing"), "Something else", "In public.")
    talk.stage.pull(other.id, [])
    for step in steps:
        if step.made == "thread":
            talk.stage.team.note_step(replace(step, receipt=f"thread:{other.id}@post.1"))
    assert refused(talk) == "place_not_private"
    assert talk.stage.journal.unfinished() == []


def refused(talk: Talk) -> str:
    """Why an answer is refused."""
    with pytest.raises(NotAllowedError) as error:
        talk.desk.reply(talk.case, ANSWER)
    return error.value.code


def rewrite(talk: Talk, forum: Forum) -> None:
    """The server says this of a forum now."""
    writer = talk.stage.copy.writer
    writer.apply(Batch((Records(writer.next_seq(), forums=(forum,)),), {}), NAME)


def test_limits_are_said_before_and_notes_stay_with_the_team(talks: dict[tuple[Place, Shape], Talk]) -> None:
    talk = talks[CHAT]
    assert {one.rule for one in talk.desk.check(talk.case, "x" * 1001)} == {"too_long"}
    assert talk.desk.check(talk.case, "ok") == [], "a line may be short, and hold what is private"
    plan, findings = talk.desk.reply(talk.case, "Dear {name}, thank you")
    assert plan is None
    assert [one.rule for one in findings] == ["placeholder"]
    shown = talk.desk.conversation(NAME, talk.case.key)
    talk.says(CUSTOMER, "One more thing")
    talk.pull()
    assert [one.rule for one in talk.desk.check(talk.case, "Thank you", shown.seen)] == ["thread_changed"]
    before = len(talk.stage.community.effects())
    talk.desk.note(talk.case, "  Prefers mail in the evening. ")
    with pytest.raises(NotAllowedError):
        talk.desk.note(talk.case, "  ")
    talk.stage.settle()
    assert len(talk.stage.community.effects()) == before
    assert talk.stage.journal.unfinished() == []
    (note,) = talk.desk.conversation(NAME, talk.case.key).notes
    assert (note.text, note.author_name, note.kind) == ("Prefers mail in the evening.", "osric_vale", NoteKind.NOTE)
    in_a_ticket(talk)


def test_closing_needs_a_reason_and_ends_answers(talks: dict[tuple[Place, Shape], Talk]) -> None:
    talk = talks[CHAT]
    with pytest.raises(NotAllowedError) as error:
        talk.desk.close(talk.case, " ")
    assert error.value.code == "case_reason_missing"
    with pytest.raises(NotAllowedError) as error:
        talk.desk.reopen(talk.case)
    assert error.value.code == "case_not_closed"
    talk.desk.close(talk.case, "Solved by telephone.")
    assert talk.desk.standings() == []
    assert talk.desk.count([NAME]) == 0
    assert [one.status for one in talk.desk.standings(every=True)] == [Status.CLOSED]
    for again in (lambda: talk.desk.reply(talk.case, ANSWER), lambda: talk.desk.close(talk.case, "Again")):
        with pytest.raises(NotAllowedError) as error:
            again()
        assert error.value.code == "case_over"
    talk.desk.reopen(talk.case, "She wrote again.")
    assert talk.case.state is CaseState.OPEN
    assert talk.answer().state is IntentState.CONFIRMED
    kinds = [note.kind for note in talk.desk.notes(talk.case)]
    assert kinds == [NoteKind.CLOSED, NoteKind.REOPENED]
    logged = {(entry.action, entry.reason) for entry in talk.stage.team.audit() if entry.action.startswith("case_")}
    assert ("case_closed", "Solved by telephone.") in logged


def test_a_case_that_moves_is_neither_answered_nor_closed(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "home")
    try:
        stage.convert()
        found = stage.desk.conversing.standings()[0]
        assert (found.status, found.place) == (Status.MOVING, None)
        with pytest.raises(NotAllowedError) as error:
            stage.desk.conversing.reply(found.case, ANSWER)
        assert error.value.code == "case_place_missing"
        with pytest.raises(NotAllowedError) as error:
            stage.desk.conversing.close(found.case, "Done")
        assert error.value.code == "case_under_way"
        assert stage.desk.conversing.find(str(stage.thread)).key == found.case.key
        with pytest.raises(UnknownIdError):
            stage.desk.conversing.find("case-0")
    finally:
        stage.close()


class Tickets:
    """A ticket system that knows one ticket."""

    def __init__(self, ticket: Ticket | None) -> None:
        self.ticket = ticket

    def asked_of(self, case: Case) -> str:
        """Nothing."""
        return ""

    def ticket_of(self, case: Case) -> Ticket | None:
        """The one."""
        return self.ticket


def in_a_ticket(talk: Talk) -> None:
    """The same case, where it lives in a ticket."""
    at = talk.stage.clock.now() - timedelta(hours=2)
    ticket = Ticket("7", "https://rt.example/7", "Invoice", TicketState.OPEN, "1", last_by=Side.CUSTOMER, last_at=at)
    desk = talk.stage.desk
    here = Conversing(desk.bench, desk.privately, desk.proving, Tickets(ticket))
    found = here.standings()[0]
    assert (found.status, found.waiting_since, found.place) == (Status.WAITING_STAFF, at, None)
    assert found.in_ticket
    with pytest.raises(NotAllowedError) as error:
        here.reply(talk.case, ANSWER)
    assert error.value.code == "place_is_ticket"
    assert here.conversation(NAME, talk.case.key).why_not == "place_is_ticket"
    solved = Conversing(desk.bench, desk.privately, desk.proving, Tickets(replace(ticket, state=TicketState.PENDING)))
    assert solved.standings()[0].status is Status.WAITING_CUSTOMER


def test_whom_a_customer_brings_into_a_chat_is_not_staff(talks: dict[tuple[Place, Shape], Talk]) -> None:
    talk = talks[CHAT]
    talk.answer()
    community = talk.stage.community
    room = community.state.tables.rooms[int(talk.place.native.removeprefix("chat-"))]
    rooms.invite(community.state, community.uid(CUSTOMER), room, [community.uid(OUTSIDER)])
    talk.says(OUTSIDER, "I am a friend and have the same.")
    talk.pull()
    found = talk.desk.standings()[0]
    assert found.status is Status.WAITING_STAFF
    assert found.last_by is not None
    assert found.last_by.party is Party.OTHER
    colleague = str(ref(Kind.MEMBER, community.uid("rolf_quarrier")))
    talk.says("rolf_quarrier", "We look into both.")
    talk.pull()
    last = talk.desk.standings()[0].last_by
    assert last is not None
    assert (last.id, last.party) == (colleague, Party.STAFF)

"""A thread goes on in a ticket: one ticket a case whatever breaks, mirrored, and taken back whole."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.case_tickets import Question
from moderation.conversion import Place, Wanted
from moderation.desk.bringing import Bringing
from moderation.errors import NotAllowedError
from moderation.ids import Kind
from moderation.intents import IntentState, Plan
from moderation.tickets import Side, TicketDraft, TicketState, TicketSystem, Word
from sync.sandbox.state import rooms
from sync.tickets import open_system
from tests.conversion.on_discourse import DiscourseStage
from tests.conversion.stage import CUSTOMER, WORDING, ref
from tests.faults.ground import NAME
from tests.tickets import mail_server
from tests.tickets.conftest import Office
from tests.tickets.flow import TicketStage
from tests.tickets.rt_server import Tracker
from tests.tickets.torn import Killed, Torn
from tests.tickets.zendesk_face import Face

ADDRESS = "maren@oakhollow.example"
POINTER = "we go on with this in private"
_S = IntentState


@pytest.fixture
def made() -> Iterator[list[TicketStage]]:
    """Stages, closed at the end."""
    found: list[TicketStage] = []
    yield found
    for one in found:
        one.close()


@pytest.fixture
def empty_rt(tracker: Tracker) -> None:
    """Request Tracker without tickets of other tests: their cases have the same names."""
    rows = tracker.as_root("GET", "/tickets?query=Queue%3D'Community'&per_page=100").json()["items"]
    for row in rows:
        tracker.as_root("PUT", f"/ticket/{row['id']}", {"Status": "deleted"})


def stage_with(made: list[TicketStage], folder: Path, system: TicketSystem) -> TicketStage:
    made.append(TicketStage(folder / "home", system))
    return made[-1]


def customer_says(stage: TicketStage, text: str) -> None:
    """The customer writes in the chat of the case, and it is read."""
    room = next(iter(stage.community.state.tables.rooms.values()))
    rooms.say(stage.community.state, stage.community.uid(CUSTOMER), room, text)
    place = stage.case().made("thread")
    assert place is not None
    stage.copy.write(stage.connections_me().fetch([place], stage.copy.known))


def pointers(stage: TicketStage) -> int:
    return len([post for post in stage.community.state.tables.posts.values() if POINTER in post.text])


def test_from_the_first_word_to_the_way_back(
    made: list[TicketStage], tmp_path: Path, tracker: Tracker, empty_rt: None, rt_office: Office
) -> None:
    """With a real Request Tracker."""
    stage = stage_with(made, tmp_path, rt_office.system)
    plan = stage.begin()
    assert list(stage.states(plan)) == ["hide", "place", "people", "ask", "ticket", "pointer"]
    stage.settle()
    assert stage.done(plan), stage.states(plan)
    (ticket,) = stage.tickets()
    assert (ticket.id, ticket.requester, stage.kept().url) == (stage.kept().ticket, None, ticket.url)
    shown = tracker.as_root("GET", f"/ticket/{ticket.id}").json()
    thread = stage.desk.mirror.thread(stage.thread)
    assert thread is not None
    assert thread.url in str(shown["_hyperlinks"])
    assert "QB-48213-77" in rt_office.system.messages(ticket.id)[0].text

    case = stage.case()
    assert "invoice" not in str(case.steps).lower(), "the team's store keeps no words of a title"
    with pytest.raises(NotAllowedError, match="address_not_confirmed"):
        stage.desk.ticketing.confirm(case, ADDRESS)
    customer_says(stage, f"Please write to {ADDRESS}")
    stage.desk.ticketing.confirm(case, ADDRESS)
    stage.settle()
    assert rt_office.system.read(ticket.id).requester is not None
    assert stage.kept().confirmed_in.startswith(f"{NAME}:post:")
    said = stage.desk.ticketing.say(case, "It is on its way.")
    note = stage.desk.ticketing.say(case, "Ask the carrier", internal=True)
    stage.settle()
    assert [stage.plan(one).state for one in (said, note)] == [_S.CONFIRMED, _S.CONFIRMED]
    assert stage.desk.conversing.standings()[0].ticket is not None
    assert stage.kept().shown().waits_for is Side.CUSTOMER
    assert stage.case().steps == case.steps

    tracker.as_root("PUT", f"/ticket/{ticket.id}", {"Status": "resolved"})
    stage.watch.wake()
    assert stage.watch.look() == []
    assert [(one.key, kept.question) for one, kept in stage.desk.ticketing.questions([NAME])] == [
        (case.key, Question.CLOSED_ELSEWHERE)
    ]
    stage.desk.ticketing.keep_as_it_is(case)
    stage.watch.wake()
    stage.watch.look()
    assert stage.desk.ticketing.questions([NAME]) == []

    tracker.as_root("PUT", f"/ticket/{ticket.id}", {"Status": "open"})
    back, undo = stage.desk.privately.undo(stage.thread)
    assert back is not None
    assert "ticket_mails_stay" in {remark.code for remark in undo.remarks}
    stage.settle()
    assert stage.done(back), stage.states(back)
    assert rt_office.system.read(ticket.id).state is TicketState.SOLVED
    assert rt_office.system.messages(ticket.id)[-1].internal
    assert not any(stage.community.state.post(int(post.native)).hidden for post in stage.posts)


def test_a_ticket_system_that_is_down_in_the_middle(
    made: list[TicketStage],
    tmp_path: Path,
    tracker: Tracker,
    empty_rt: None,
    rt_office: Office,
    expected_logs: list[str],
) -> None:
    expected_logs.append("sync.http.pacing")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    away = open_system("rt", {"url": f"http://127.0.0.1:{port}", "token": tracker.token, "queue": "Community"})
    stage = stage_with(made, tmp_path, away)
    plan = stage.begin()
    stage.settle(looks=8)
    states = stage.states(plan)
    assert (states["ask"], states["ticket"], states["pointer"]) == (_S.CONFIRMED, _S.WAITING, _S.BLOCKED)
    waiting = stage.step(plan, "ticket")
    assert waiting.trouble is not None
    assert waiting.trouble["code"] == "connection_refused"
    assert all(stage.community.state.post(int(post.native)).hidden for post in stage.posts)
    replied, _ = stage.desk.answering.reply(stage.thread, "We are looking into it.")
    stage.settle(looks=4)
    assert replied is not None
    assert stage.done(replied), "a reply in the community waits for the ticket system"
    stage.system = rt_office.system
    assert stage.desk.ticketing.try_now() == 1
    assert stage.step(plan, "ticket").next_try is None
    stage.settle()
    assert stage.done(plan), stage.states(plan)
    assert len(stage.tickets()) == 1


def test_a_colleague_in_the_very_moment_is_a_conflict(
    made: list[TicketStage], tmp_path: Path, empty_rt: None, rt_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Request Tracker answers 412: how it stands now is shown, and nothing was changed."""
    stage = stage_with(made, tmp_path, rt_office.system)
    stage.begin()
    stage.settle()
    ticket, case = stage.kept().ticket, stage.case()
    set_state = rt_office.system.set_state

    def slower(*args: object) -> object:
        rt_office.colleague_writes(ticket)
        return set_state(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(rt_office.system, "set_state", slower)
    plan = stage.desk.ticketing.set_state(case, TicketState.SOLVED)
    stage.settle()
    (intent,) = stage.plan(plan).intents
    assert intent.state is _S.CONFLICT
    assert intent.trouble is not None
    told = {name: intent.trouble.get(name) for name in ("code", "state", "wanted")}
    assert told == {"code": "ticket_changed_to", "state": "new", "wanted": "solved"}, intent.trouble
    monkeypatch.undo()
    seen = stage.kept()
    rt_office.colleague_writes(ticket)
    assert rt_office.system.read(ticket).version != seen.version
    early = stage.desk.ticketing.set_state(case, TicketState.SOLVED)
    stage.settle()
    assert stage.plan(early).state is _S.CONFLICT
    again = stage.desk.ticketing.set_state(case, TicketState.SOLVED)
    stage.settle()
    assert stage.done(again)


def test_tickets_of_the_case_that_are_there_already(
    made: list[TicketStage], tmp_path: Path, empty_rt: None, rt_office: Office
) -> None:
    """Two of this case, one of an earlier case of the same thread: the older of the two is taken, the other named."""
    stage = stage_with(made, tmp_path, rt_office.system)
    plan = stage.begin()
    thread = stage.desk.mirror.thread(stage.thread)
    assert thread is not None
    case, link = stage.case().key, str(thread.url)
    rt_office.system.create(TicketDraft("k0", f"{case}-2.{NAME}", link, "An earlier case", "Text"))
    first = rt_office.system.create(TicketDraft("k1", f"{case}.{NAME}", link, "By hand", "Text"))
    second = rt_office.system.create(TicketDraft("k2", f"{case}.{NAME}", link, "By hand", "Text"))
    stage.settle()
    assert stage.done(plan), stage.states(plan)
    assert (stage.kept().ticket, stage.kept().others) == (first.id, (second.id,))
    assert len(stage.tickets()) == 3


@pytest.mark.parametrize("seed", [0, 2, 5, 7])
def test_one_ticket_whatever_breaks(made: list[TicketStage], tmp_path: Path, zendesk: Face, seed: int) -> None:
    """Against a system that makes another for each repeat, as Request Tracker does."""
    zendesk.forgets = True
    values = {"url": zendesk.url, "user": "agent@example.org", "token": "s3cret", "group": "Community"}
    torn = Torn(open_system("zendesk", values), seed, faults=5)
    stage = stage_with(made, tmp_path, torn)  # type: ignore[arg-type]
    plan = stage.begin()
    through(stage, plan)
    assert stage.done(plan), (torn.story, stage.states(plan))
    assert [row["external_id"] for row in zendesk.tickets.values()] == [f"{stage.case().key}.{NAME}"], torn.story
    assert pointers(stage) == 1
    torn.left = 4
    back, _ = stage.desk.privately.undo(stage.thread)
    assert back is not None
    through(stage, back)
    assert stage.done(back), (torn.story, stage.states(back))
    (ticket,) = zendesk.tickets.values()
    notes = [one for one in zendesk.comments[ticket["id"]] if not one["public"]]
    assert (ticket["status"], len(notes)) == ("solved", 1), torn.story


def through(stage: TicketStage, plan: Plan) -> None:
    """To the end, with a new process after each kill; what is proven absent a person sends again."""
    for _ in range(60):
        try:
            stage.settle(looks=20)
        except Killed:
            stage.outbox = stage.make_outbox(stage.journal)
        for intent in stage.plan(plan).intents:
            if intent.question in {"absent", "stale"}:
                stage.desk.outbox.retry(intent.id)
        if stage.plan(plan).done:
            return


def removed(kind: str, language: str) -> str:
    return f"[{kind} removed]"


def stops(bringing: Bringing, stage: TicketStage, draft: str) -> list[str]:
    """What keeps a sentence from being posted."""
    opened = bringing.propose(stage.thread, removed)
    return [one.rule for one in bringing.check(opened, draft) if one.stops]


def test_the_answer_comes_back_from_the_ticket_and_nothing_internal_with_it(
    made: list[TicketStage], tmp_path: Path, office: Office, request: pytest.FixtureRequest
) -> None:
    if "tracker" in request.fixturenames:
        request.getfixturevalue("empty_rt")
    stage, system = stage_with(made, tmp_path, office.system), office.system
    plan = stage.begin()
    stage.settle()
    assert stage.done(plan)
    ticket = stage.kept().ticket
    system.set_requester(ticket, ADDRESS)
    stage.desk.bench.read_ticket = lambda name, ident: system.messages(ident)
    bringing = Bringing(stage.desk.bench)
    customer_says(stage, f"Write to {ADDRESS}, my cat is ill and I am at the vet's all day.")
    office.customer_writes(ticket, "My neighbour took the parcel in and has moved away since.")
    system.say(ticket, Word("k1", "Promised a refund of ninety pounds, do not tell.", internal=True))
    system.say(
        ticket, Word("k2", f"Hello,\n\nwe wrote to {ADDRESS}. Open Account, then Addresses, and set the new one.")
    )
    opened = bringing.propose(stage.thread, removed)
    assert opened.texts.why_not == ""
    assert opened.texts.known.complete
    assert "Open Account, then Addresses, and set the new one." in opened.proposal.text
    assert "refund" not in opened.proposal.text
    assert ADDRESS not in opened.proposal.text
    copy, words = opened.texts.messages[0], opened.texts.messages[1:]
    assert copy.copied, "the quoted copy opened it"
    assert not [one for one in words if one.copied]
    assert stops(bringing, stage, "The promised refund is ninety pounds.") == ["private_words_note"]
    assert stops(bringing, stage, "A neighbour took the parcel in and has moved away.") == ["private_words_customer"]
    assert stops(bringing, stage, "My cat is ill and I am at the vet's all day.") == ["private_words_customer"]
    assert stops(bringing, stage, "Whoever has moved lately can do that alone.") == []


def test_a_ticket_that_cannot_be_read_lets_every_sentence_ask(
    made: list[TicketStage], tmp_path: Path, zendesk_office: Office
) -> None:
    stage = stage_with(made, tmp_path, zendesk_office.system)
    stage.begin()
    stage.settle()
    stage.desk.bench.read_ticket = lambda name, ident: zendesk_office.wrong_key.messages(ident)
    bringing = Bringing(stage.desk.bench)
    opened = bringing.propose(stage.thread, removed)
    assert (opened.texts.why_not, opened.proposal.text) == ("ticket_unread", "")
    assert [one.rule for one in bringing.check(opened, "A harmless sentence.")] == ["ticket_unread", "private_unread"]
    plan, _ = bringing.post(stage.thread, "A harmless sentence.", (), removed)
    assert plan is None
    mail = open_system("mail", {"host": "127.0.0.1", "security": "none", "sender": "a@b.example", "to": "c@b.example"})
    stage.desk.bench.read_ticket = lambda name, ident: mail.messages(ident)
    assert bringing.propose(stage.thread, removed).texts.why_not == "ticket_unreadable"


def test_mail_that_may_have_left_is_asked_about_and_never_sent_again(made: list[TicketStage], tmp_path: Path) -> None:
    with mail_server.running() as box:
        box.cut_after_data = True
        stage = stage_with(made, tmp_path, mail(box.port))
        plan = stage.begin()
        stage.settle(looks=40)
        intent = stage.step(plan, "ticket")
        assert (intent.state, intent.question) == (_S.IN_DOUBT, "unclear")
        assert len(box.mails) == 1
        box.cut_after_data = False
        stage.desk.outbox.retry(intent.id)
        stage.settle()
        assert stage.done(plan)
        first, second = box.mails
        assert first["Message-ID"] == second["Message-ID"]
        assert stage.kept().ticket == first["Message-ID"]
        back, undo = stage.desk.privately.undo(stage.thread)
        assert back is not None
        assert [step.what for step in undo.steps if step.key == "ticket"] == ["ticket_back"]
        stage.settle()
        assert stage.done(back)
        assert box.mails[-1]["In-Reply-To"] == first["Message-ID"]


def test_an_address_that_the_mail_server_refuses(made: list[TicketStage], tmp_path: Path) -> None:
    with mail_server.running() as box:
        box.on_rcpt = "550 no such mailbox"
        stage = stage_with(made, tmp_path, mail(box.port))
        plan = stage.begin()
        stage.settle()
        intent = stage.step(plan, "ticket")
        assert intent.state is _S.REFUSED
        assert intent.trouble is not None
        assert "no such mailbox" in intent.trouble["said"]
        assert (box.mails, pointers(stage)) == ([], 0)
        box.on_rcpt = ""
        stage.ground.pass_time(90.0)
        again = stage.desk.privately.resume(stage.thread)
        stage.settle()
        assert stage.done(again), stage.states(again)
        assert (len(box.mails), pointers(stage)) == (1, 1)


def mail(port: int) -> TicketSystem:
    values = {"host": "127.0.0.1", "port": str(port), "security": "none", "sender": "community@example.org"}
    return open_system("mail", {**values, "to": "support@example.org"})


def test_a_case_belongs_to_the_address_that_its_customer_confirmed(
    made: list[TicketStage], tmp_path: Path, zendesk_office: Office
) -> None:
    """A post of somebody else, or in public, confirms nothing."""
    stage = stage_with(made, tmp_path, zendesk_office.system)
    stage.begin()
    stage.settle()
    case = stage.case()
    public = ref(Kind.POST, int(stage.posts[0].native))
    for post in (public, ref(Kind.POST, 987654)):
        with pytest.raises(NotAllowedError, match="address_not_confirmed"):
            stage.desk.ticketing.confirm(case, ADDRESS, post)
    early = stage.desk.ticketing.say(case, "Nobody would read this.")
    stage.settle()
    (unread,) = stage.plan(early).intents
    assert unread.state is _S.REFUSED
    assert unread.trouble is not None
    assert unread.trouble["code"] == "ticket_without_requester"
    with pytest.raises(NotAllowedError, match="address_odd"):
        stage.desk.ticketing.confirm(case, "maren at oakhollow")
    customer_says(stage, "Yes, that one.")
    place = case.made("thread")
    assert place is not None
    named = stage.desk.mirror.posts(place)[-1]
    plan = stage.desk.ticketing.confirm(case, ADDRESS, named.id)
    stage.settle()
    assert stage.done(plan)
    assert stage.kept().confirmed_in == str(named.id)


class OnDiscourse(TicketStage, DiscourseStage):
    """The same on Discourse."""


def test_on_discourse_the_customer_is_asked_in_a_message(
    made: list[TicketStage], tmp_path: Path, zendesk: Face, zendesk_office: Office
) -> None:
    stage = OnDiscourse(tmp_path / "home", zendesk_office.system)
    made.append(stage)
    plan = stage.begin()
    assert list(stage.states(plan)) == ["redact", "hide", "ask", "people", "ticket", "pointer"]
    stage.settle()
    assert stage.done(plan), stage.states(plan)
    place = stage.case().made("thread")
    assert place is not None
    said = [stage.community.state.post(post).text for post in stage.community.state.thread(int(place.native)).posts]
    assert [("address" in text, "QB-48213-77" in text) for text in said] == [(True, False)]
    assert "QB-48213-77" in zendesk.comments[int(stage.kept().ticket)][0]["body"]
    back, _ = stage.desk.privately.undo(stage.thread)
    assert back is not None
    stage.settle()
    assert stage.done(back), stage.states(back)
    assert stage.kept().state is TicketState.SOLVED


def test_without_a_ticket_system_there_is_no_ticket(made: list[TicketStage], tmp_path: Path, zendesk: Face) -> None:
    values = {"url": zendesk.url, "user": "agent@example.org", "token": "s3cret"}
    stage = stage_with(made, tmp_path, open_system("zendesk", values))
    stage.desk.bench.office = lambda community: None
    plan = stage.desk.privately.plan(stage.thread, Wanted(place=Place.TICKET), WORDING, stage.around)
    assert next(one.code for one in plan.blocked) == "place_not_offered"

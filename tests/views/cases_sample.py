"""Private cases beside the rows of the pictures: in a forum of the customer's, in a chat, on the way, over. All people
are invented.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from moderation.case_tickets import CaseTicket, TicketOffice
from moderation.cases import Case, CaseState, CaseStep
from moderation.content import Forum, Post, Thread
from moderation.conversation import CaseNote, NoteKind
from moderation.ids import Kind, Ref
from moderation.intents import IntentState
from moderation.tickets import Side, TicketCan, TicketState
from tests.views.sample import EN, NOW
from tests.views.stage import Stage

STAFF_FORUM, CUSTOMER_FORUM, CHATS = (Ref(EN, Kind.FORUM, name) for name in ("90", "91", "chats"))
PUBLIC, PRIVATE = Ref(EN, Kind.THREAD, "500"), Ref(EN, Kind.THREAD, "700")
OTHER_PUBLIC, ROOM = Ref(EN, Kind.THREAD, "504"), Ref(EN, Kind.THREAD, "chat-12")
MAREN, ODETTE, BENNO, PIPPA = (Ref(EN, Kind.MEMBER, str(n)) for n in (100, 104, 105, 107))
INES, ROLF = Ref(EN, Kind.MEMBER, "2"), Ref(EN, Kind.MEMBER, "3")
SECRET = "QB-48213"
_NAMES = {MAREN: "Maren Oakhollow", ODETTE: "Odette Marrowby", INES: "Ines Lanternby", ROLF: "Rolf Quarrier"}


def minutes(number: float) -> datetime:
    """So long ago."""
    return NOW - timedelta(minutes=number)


def post(native: str, thread: Ref, forum: Ref, author: Ref, ago: float, text: str, position: int = 0) -> Post:
    """A post of the private place."""
    where = Ref(EN, Kind.POST, native)
    return Post(where, thread, forum, author, _NAMES[author], minutes(ago), f"<p>{text}</p>", position=position)


def thread(ref: Ref, forum: Ref, title: str, ago: float, posts: int, last: float) -> Thread:
    """A private thread, read to its end."""
    url = f"https://{EN}/topic/{ref.native}"
    made, newest = minutes(ago), minutes(last)
    return Thread(ref, forum, title, INES, "Ines Lanternby", made, newest, posts, complete=True, url=url)


def case(key: str, public: Ref, title: str, customer: Ref, name: str, ago: float, place: str = "category") -> Case:
    """A case that Ines opened."""
    return Case(
        key, EN, str(public), title, str(customer), name, "continue", place, str(INES), "Ines Lanternby", minutes(ago)
    )


def step(case: Case, made: str, receipt: str, target: Ref, ago: float, action: str = "place") -> CaseStep:
    """A step that was taken."""
    confirmed = IntentState.CONFIRMED
    ident = f"{case.key}-{made or receipt}"
    return CaseStep(ident, case.key, EN, action, str(target), confirmed, made, receipt, minutes(ago))


def in_a_forum(stage: Stage, place: str = "category") -> Case:
    """Maren's case: the copy, an answer, two words of hers, a note."""
    made = case("case-500", PUBLIC, "Invoice still shows my old address", MAREN, "Maren Oakhollow", 300, place)
    forums = [
        Forum(STAFF_FORUM, "Private cases", private=True),
        Forum(CUSTOMER_FORUM, "Private: Maren Oakhollow", STAFF_FORUM, private=True, moderators=(ROLF,)),
    ]
    quoted = (
        f"From the public thread.<br><blockquote>My order number is {SECRET} and you can reach me on …</blockquote>"
    )
    posts = [
        post("7001", PRIVATE, CUSTOMER_FORUM, INES, 298, quoted),
        post(
            "7002", PRIVATE, CUSTOMER_FORUM, ROLF, 240, "We see both invoices. Which of the two flats is yours now?", 1
        ),
        post("7003", PRIVATE, CUSTOMER_FORUM, MAREN, 192, f"The one in the second letter, order {SECRET}.", 2),
        post("7004", PRIVATE, CUSTOMER_FORUM, MAREN, 64, "And the hotline hung up on me again.", 3),
    ]
    head = thread(PRIVATE, CUSTOMER_FORUM, "Private: Invoice still shows my old address", 298, 4, 64)
    stage.apply(EN, forums=forums, threads=[head], posts=posts)
    stage.team.open_case(made)
    for one in (
        step(made, "forum", "forum:91@place.1", MAREN, 299),
        step(made, "thread", "thread:700@post.7001", CUSTOMER_FORUM, 298, "x:open"),
        step(made, "pointer", "post:9009", PUBLIC, 297, "reply"),
    ):
        stage.team.note_step(one)
    note = CaseNote("n1", EN, made.key, str(ROLF), "Rolf Quarrier", minutes(200), "Prefers mail in the evening.")
    stage.team.add_case_note(note)
    return made


def in_a_chat(stage: Stage) -> Case:
    """Odette's case: she was answered and has the next word."""
    made = case("case-504", OTHER_PUBLIC, "My contract ends in March", ODETTE, "Odette Marrowby", 2000, "chat")
    lines = [
        post("chat-12.1", ROOM, CHATS, INES, 1999, "From the public thread: my contract ends in March …"),
        post("chat-12.2", ROOM, CHATS, INES, 1500, "We can waive the fee. Is the end of February early enough?", 1),
    ]
    forum = Forum(CHATS, "Chats", private=True, messages=True)
    stage.apply(EN, forums=[forum], threads=[thread(ROOM, CHATS, "case-504 Odette", 2000, 2, 1500)], posts=lines)
    stage.team.open_case(made)
    for one in (
        step(made, "thread", "thread:chat-12@room.1", ODETTE, 1999),
        step(made, "", "chat:12.1", ROOM, 1999, "reply"),
        step(made, "pointer", "post:9049", OTHER_PUBLIC, 1998, "reply"),
    ):
        stage.team.note_step(one)
    return made


OFFICE = TicketOffice("tickets.example", "rt", "Request Tracker", "agent", "Community", frozenset(TicketCan))


def in_a_ticket(stage: Stage, question: str = "", state: TicketState = TicketState.OPEN) -> Case:
    """Maren's case, in a ticket this time: the private place is for the address only, and she has named one there."""
    made = in_a_forum(stage, "ticket")
    says(stage, "7005", "Please use maren@oakhollow.example for this.", 40)
    says(stage, "7006", "Thank you, that is right.", 35)
    stage.desk.bench.office = lambda community: OFFICE
    ticket = CaseTicket(
        EN, made.key, OFFICE.name, "7", "https://tickets.example/7", state, "1", last_by=Side.CUSTOMER,
        last_at=minutes(30), question=question,
    )  # fmt: skip
    stage.team.keep_ticket(ticket)
    return made


def the_others(stage: Stage) -> None:
    """One that is on its way, and one that is over."""
    public = Ref(EN, Kind.THREAD, "505")
    stage.team.open_case(
        case("case-505", public, "Here is the log, password is in line 14", BENNO, "Benno Crabtree", 6)
    )
    over = case(
        "case-507", Ref(EN, Kind.THREAD, "507"), "Try 192.0.2.44, that is my address", PIPPA, "Pippa Thistlewood", 9000
    )
    stage.team.open_case(over)
    stage.team.note_step(step(over, "thread", "thread:701@post.7101", CUSTOMER_FORUM, 8990, "x:open"))
    stage.team.set_case_state(EN, over.key, CaseState.CLOSED)
    text = "Solved by telephone."
    note = CaseNote("n2", EN, over.key, str(INES), "Ines Lanternby", minutes(4000), text, NoteKind.CLOSED)
    stage.team.add_case_note(note)


def all_cases(stage: Stage) -> tuple[Case, Case]:
    """All four; gives Maren's and Odette's."""
    made = in_a_forum(stage), in_a_chat(stage)
    the_others(stage)
    return made


def says(stage: Stage, native: str, text: str, ago: float = 0.0) -> None:
    """Maren writes once more, and the engine tells it."""
    place = stage.desk.mirror.thread(PRIVATE)
    assert place is not None
    count = place.post_count + 1
    head = replace(place, last_post_at=minutes(ago), post_count=count)
    stage.news(EN, threads=[head], posts=[post(native, PRIVATE, CUSTOMER_FORUM, MAREN, ago, text, count)])

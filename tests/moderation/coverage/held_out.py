"""A small community whose figures were worked out by hand, thread by thread.

All times are written as they stand on the wall in Berlin, where the forums are; the clock there goes forward in the
night to 29 March 2026 and back in the night to 25 October 2026. The period is March 2026, looked at on 1 April at noon.
"""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from moderation.coverage.deriving import Line, line_of
from moderation.coverage.facts import PostBit, PostFact, ThreadBit, ThreadFacts
from moderation.coverage.hours import Hours, Period
from moderation.coverage.lines import Lines, pack
from moderation.coverage.marks import Marks
from moderation.coverage.rules import ForumRules
from moderation.coverage.staff import Crew, StaffDays, Term

HERE = "community.example"
BERLIN = ZoneInfo("Europe/Berlin")


def wall(text: str) -> int:
    """Milliseconds of a time in Berlin: ``03-09 10:00`` of 2026."""
    return round(datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN).timestamp() * 1000)


def member(name: str) -> str:
    """Id text."""
    return f"{HERE}:member:{name}"


STAFF = StaffDays(
    {
        member("sara"): (Term(),),
        member("leo"): (Term(None, date(2026, 3, 15)),),
        member("nia"): (Term(date(2026, 3, 20)),),
    },
    bots=frozenset({member("robot")}),
    confirmed=True,
)
CREW = STAFF.crew(HERE)
MARKS = Marks(
    pointers=frozenset({"p-pointer"}),
    threads=frozenset({"continued"}),
    converted={"continued": wall("03-11 10:30")},
    for_customers=frozenset({"for-customer"}),
)

OFFICE = tuple(period for day in range(5) for period in (Period(day, 9 * 60, 12 * 60), Period(day, 13 * 60, 17 * 60)))
"""Monday to Friday, 9 to 12 and 13 to 17."""
NIGHT = (Period(5, 22 * 60, 28 * 60),)
"""From Saturday 22:00 to Sunday 04:00."""
RULES = {
    "help": ForumRules(Hours("Europe/Berlin", OFFICE, frozenset({date(2026, 3, 17)})), goal_s=4 * 3600, grace_s=3600),
    "night": ForumRules(Hours("Europe/Berlin", NIGHT), goal_s=3600.0),
    "chat": ForumRules(Hours("Europe/Berlin")),
    "news": ForumRules(Hours("Europe/Berlin"), answers=False),
}
SINCE, UNTIL = wall("03-01 00:00"), wall("04-01 12:00")


class Made:
    """A thread that is being written down."""

    def __init__(
        self, name: str, at: str, *, forum: str = "help", by: str | None = "carl", **facts: int | None
    ) -> None:
        submitted = wall(at)
        opening = PostFact(f"{name}-0", by, submitted)
        given = {"public_ms": submitted} | facts
        self.facts = ThreadFacts(name, forum, by, opening.id, submitted, posts=(opening,), **given)  # type: ignore[arg-type]

    def says(self, by: str | None, at: str, bits: int = 0, post: str = "") -> "Made":
        """A later post."""
        name = post or f"{self.facts.thread}-{len(self.facts.posts)}"
        posts = (*self.facts.posts, PostFact(name, by, wall(at), bits))
        self.facts = replace(self.facts, posts=posts)
        return self

    def opening(self, bits: int) -> "Made":
        """The opening post has these bits."""
        first = replace(self.facts.posts[0], bits=bits)
        self.facts = replace(self.facts, posts=(first, *self.facts.posts[1:]))
        return self


def threads() -> list[ThreadFacts]:
    """All threads, by submission."""
    away, note, answer = PostBit.AWAY, PostBit.NOTE, PostBit.ANSWER
    made = [
        # Monday 2 March. Answered by the staff within the hour; the asker thanks: the asker has the last word.
        Made("plain", "03-02 09:00").says("sara", "03-02 10:00").says("carl", "03-02 11:00"),
        # The asker's own later posts never answer.
        Made("monologue", "03-02 10:00").says("carl", "03-02 10:30").says("carl", "03-03 10:30"),
        # A customer is first, the staff later: answered by staff, first by a customer.
        Made("customer-first", "03-03 09:00").says("dora", "03-03 09:10").says("sara", "03-03 11:00"),
        Made("customer-only", "03-03 09:00").says("dora", "03-03 09:40"),
        # A note and a pointer are a touch, and no answer.
        Made("noted", "03-04 09:00").says("sara", "03-04 09:30", note),
        # Gone on in private: a pointer, then nothing in public; the opening post was hidden.
        Made("continued", "03-11 09:00").opening(away).says("sara", "03-11 10:40", 0, "p-pointer"),
        # Deleted and hidden answers do not count; the thread of the first is unanswered.
        Made("answer-deleted", "03-04 10:00").says("sara", "03-04 11:00", away).says("dora", "03-04 12:00", away),
        # Moved to a private forum at 12:00: what is said there is no answer, what was said before is.
        Made("moved-private", "03-05 09:00", left_ms=wall("03-05 12:00")).says("sara", "03-05 12:30"),
        Made("answered-then-private", "03-05 09:00", left_ms=wall("03-05 12:00")).says("sara", "03-05 11:59"),
        # Leo was staff until the 15th (of UTC): what he answers that day is the staff's, what he says on the 17th not.
        Made("leo-last-day", "03-15 22:00").says("leo", "03-15 23:59"),
        Made("leo-left", "03-16 09:00").says("leo", "03-17 09:00"),
        # Nia came on the 20th: opened by her before that is a customer's thread, after that it is not counted.
        Made("nia-before", "03-19 09:00", by="nia").says("sara", "03-19 09:30"),
        Made("nia-after", "03-20 09:00", by="nia").says("sara", "03-20 09:30"),
        Made("for-customer", "03-20 10:00").says("sara", "03-20 10:30"),
        Made("by-robot", "03-20 11:00", by="robot").says("sara", "03-20 11:30"),
        Made("robot-answers", "03-20 11:00").says("robot", "03-20 11:01"),
        Made("automatic-answers", "03-20 11:00").says(None, "03-20 11:01", PostBit.AUTOMATIC),
        # Erased accounts: another member's answer; and an asker who is erased still asked.
        Made("erased-helper", "03-23 09:00").says(None, "03-23 09:30"),
        Made("erased-asker", "03-23 10:00", by=None).says("dora", "03-23 10:30"),
        # The opening post of a duplicate that was merged in, older than the thread, answers at once.
        Made("merged-into", "03-24 09:00").says("emil", "03-23 08:00"),
        Made("merged-away", "03-24 09:00", bits=ThreadBit.AWAY),
        Made("deleted", "03-24 10:00", bits=ThreadBit.AWAY).says("sara", "03-24 10:30"),
        Made("opening-deleted", "03-24 11:00").opening(away).says("sara", "03-24 11:30"),
        # Held for three hours, submitted on the 25th at 8:00: the answer counts from there.
        Made("held", "03-25 08:00", public_ms=wall("03-25 11:00")).says("sara", "03-25 11:30"),
        # A held reply counts when it became public (its fact says that).
        Made("held-reply", "03-25 09:00").says("dora", "03-25 16:00"),
        # Over the change of the clock: Saturday 21:00 to Sunday 05:00 are 7 hours, 5 of them within the night's.
        Made("clock-change", "03-28 21:00", forum="night").says("sara", "03-29 05:00"),
        # Exactly the goal of one hour; and one minute more.
        Made("exactly", "03-07 22:30", forum="night").says("sara", "03-07 23:30"),
        Made("too-late", "03-07 22:30", forum="night").says("sara", "03-07 23:31"),
        # Locked, solved, reopened.
        Made("locked", "03-26 09:00", bits=ThreadBit.LOCKED, closed_ms=wall("03-26 10:00")),
        Made("solved", "03-26 09:00").says("dora", "03-26 09:20", answer),
        Made("solved-and-back", "03-26 09:00").says("sara", "03-26 09:20", answer).says("carl", "03-26 10:20"),
        Made("self-solved", "03-26 09:00").says("carl", "03-26 09:50", answer),
        Made("reopened", "03-27 09:00", bits=ThreadBit.REOPENED).says("sara", "03-27 10:00"),
        # Moved to the chat, where there are no hours: it counts there.
        Made("moved-to-chat", "03-27 09:00", forum="chat").says("sara", "03-27 09:45"),
        # In a forum where no answer is expected; before the period; as the period ends.
        Made("announced", "03-27 09:00", forum="news").says("dora", "03-27 09:45"),
        Made("february", "02-27 09:00").says("sara", "02-27 09:45"),
        Made("at-since", "03-01 00:00", forum="chat"),
        Made("at-until", "04-01 12:00", forum="chat"),
        Made("answered-at-until", "03-31 12:00", forum="chat").says("sara", "04-01 12:00"),
    ]
    return sorted((one.facts for one in made), key=lambda facts: (facts.submitted_ms, facts.thread))


def derived(crew: Crew = CREW, marks: Marks = MARKS) -> dict[str, Line]:
    """Lines by thread."""
    return {facts.thread: line_of(facts, crew, marks if facts.thread in marks.touched else None) for facts in threads()}


def lines() -> Lines:
    """The same in columns."""
    all_facts, by_name = threads(), derived()
    return Lines.of(
        [facts.thread for facts in all_facts],
        [facts.forum for facts in all_facts],
        b"".join(pack(by_name[facts.thread]) for facts in all_facts),
    )

"""From the facts of a thread to its line: what only depends on who was staff when.

Later means after the opening post in the thread: what a merge brought in may be older than the thread itself, and
answers it at once. The asker's own posts never answer, whoever the asker became since.
"""

from dataclasses import replace
from typing import NamedTuple

from moderation.coverage.facts import PostBit, PostFact, ThreadBit, ThreadFacts
from moderation.coverage.marks import Marks
from moderation.coverage.staff import Crew

NEVER = 0
"""In a line: it did not happen."""


class LineBit:
    """``COUNTED``: asked by a customer, public and alive. ``BY_STAFF``: its solution is the staff's. The others as in
    :class:`~moderation.coverage.facts.ThreadBit`. ``BACK``: the asker wrote after the solution.
    """

    COUNTED = 1
    BY_STAFF = 2
    LOCKED = 4
    REOPENED = 8
    PARTIAL = 16
    BACK = 32


class Line(NamedTuple):
    """A thread in numbers: times in ms of Unix time, :data:`NEVER` where nothing happened.

    ``touch`` first public post of the staff, ``staff`` first answer of the staff, ``other`` first post of another
    member, ``solved`` time of the post that is marked as the solution, ``closed`` when it was locked (1: nobody knows),
    ``left`` when it went private, ``waits`` since when a customer waits: the first customer's post after the staff's
    last word. ``staff_posts`` and ``customer_posts`` count public posts, the opening one too.
    """

    submitted: int
    public: int
    touch: int
    staff: int
    other: int
    solved: int
    closed: int
    left: int
    waits: int
    staff_posts: int
    customer_posts: int
    bits: int


UNKNOWN_TIME = 1
"""As ``closed``: it is, and nobody knows since when."""


def line_of(facts: ThreadFacts, crew: Crew, marks: Marks | None = None) -> Line:
    """The line of a thread for this staff; ``marks`` are what the team knows of it and the platform does not tell."""
    facts = facts if marks is None else _marked(facts, marks)
    told = _Told(facts, crew)
    for post in facts.posts:
        told.hear(post)
    return told.line()


def _marked(facts: ThreadFacts, marks: Marks) -> ThreadFacts:
    posts = facts.posts
    if marks.pointers:
        posts = tuple(
            replace(post, bits=post.bits | PostBit.POINTER) if post.id in marks.pointers else post for post in posts
        )
    bits = facts.bits | (ThreadBit.FOR_CUSTOMER if facts.thread in marks.for_customers else 0)
    return replace(facts, posts=posts, bits=bits, converted_ms=marks.converted.get(facts.thread, facts.converted_ms))


class _Told:
    """What the posts heard so far say."""

    def __init__(self, facts: ThreadFacts, crew: Crew) -> None:
        self._facts, self._crew = facts, crew
        self._opening_alive = False
        self._opened_by_program = facts.opener in crew.bots
        self._touch = self._staff = self._other = self._solved = NEVER
        self._by_staff = False
        self._staff_posts = self._customer_posts = 0
        self._words: list[tuple[int, bool]] = []
        self._asker_last = NEVER

    def hear(self, post: PostFact) -> None:
        """Take one post into account, in any order."""
        facts, bits = self._facts, post.bits
        if post.id == facts.opening:
            self._opening_alive = not bits & PostBit.AWAY
            self._opened_by_program = self._opened_by_program or bool(bits & PostBit.AUTOMATIC)
        if bits & PostBit.AWAY or (facts.left_ms is not None and post.at_ms >= facts.left_ms):
            return
        if bits & PostBit.AUTOMATIC or post.author in self._crew.bots:
            return
        at = max(post.at_ms, facts.submitted_ms)
        staff = self._crew.was(post.author, post.at_ms)
        self._count(at, staff)
        if bits & PostBit.ANSWER:
            self._solved, self._by_staff = at, staff
        if post.id != facts.opening:
            self._answer(post, at, staff)

    def _count(self, at: int, staff: bool) -> None:
        self._words.append((at, staff))
        if staff:
            self._staff_posts += 1
        else:
            self._customer_posts += 1

    def _answer(self, post: PostFact, at: int, staff: bool) -> None:
        if post.author == self._facts.opener:
            self._asker_last = max(self._asker_last, at)
        elif staff:
            self._touch = _first(self._touch, at)
            if not post.bits & (PostBit.NOTE | PostBit.POINTER):
                self._staff = _first(self._staff, at)
        else:
            self._other = _first(self._other, at)

    def line(self) -> Line:
        """The line."""
        facts = self._facts
        left = min((at for at in (facts.left_ms, facts.converted_ms) if at is not None), default=NEVER)
        return Line(
            facts.submitted_ms,
            facts.public_ms,
            self._touch,
            self._staff,
            self._other,
            self._solved,
            (facts.closed_ms or UNKNOWN_TIME) if facts.bits & ThreadBit.LOCKED else NEVER,
            left,
            self._waits(),
            self._staff_posts,
            self._customer_posts,
            self._bits(left),
        )

    def _waits(self) -> int:
        """Since when: the first word of a customer that no word of the staff followed."""
        last_staff = max((at for at, staff in self._words if staff), default=NEVER)
        return min((at for at, staff in self._words if not staff and at > last_staff), default=NEVER)

    def _bits(self, left: int) -> int:
        facts = self._facts
        asked_by_staff = self._crew.was(facts.opener, facts.submitted_ms) or self._opened_by_program
        alive = not facts.bits & ThreadBit.AWAY and (self._opening_alive or left != NEVER)
        counted = alive and not asked_by_staff and not facts.bits & ThreadBit.FOR_CUSTOMER
        back = self._solved != NEVER and self._asker_last > self._solved
        return (
            (LineBit.COUNTED if counted else 0)
            | (LineBit.BY_STAFF if self._by_staff else 0)
            | (LineBit.LOCKED if facts.bits & ThreadBit.LOCKED else 0)
            | (LineBit.REOPENED if facts.bits & ThreadBit.REOPENED else 0)
            | (LineBit.PARTIAL if facts.bits & ThreadBit.PARTIAL else 0)
            | (LineBit.BACK if back else 0)
        )


def _first(known: int, at: int) -> int:
    return at if known == NEVER else min(known, at)

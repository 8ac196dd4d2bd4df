"""What the Following screen reads and does at the desk. Everything here runs off the window's thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from moderation.actions import Action
from moderation.content import Forum, Group, Level
from moderation.desk import Desk
from moderation.desk.board import Board, Place, board, laid_over
from moderation.desk.following import Followed
from moderation.errors import MarqueeError, StoreError
from moderation.following.load import Suggestion
from moderation.following.promised import Promised
from moderation.ids import Kind, Ref
from moderation.intents import Plan
from moderation.people import CalendarImport, FollowRequest, Person, RequestKind, RequestState
from moderation.people.ports import FollowingChange
from moderation.text import one_line

LOOKS_BACK = timedelta(days=30)
"""How far back one looks for who answers and what was asked in a forum."""
_CHANGES, _ROWS = 6, 200


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything for the screen. ``to_me`` are requests that wait for the person, ``taken`` hand-overs that hold;
    ``asked`` own questions that are open; ``calendars`` by person; ``joined``: how many are in staff groups and in no
    roster, by community; ``trouble``: why it is not known where an answer is expected.
    """

    board: Board = field(default_factory=Board)
    to_me: tuple[FollowRequest, ...] = ()
    due: frozenset[str] = frozenset()
    taken: tuple[FollowRequest, ...] = ()
    asked: tuple[FollowRequest, ...] = ()
    calendars: Mapping[str, CalendarImport] = field(default_factory=dict)
    joined: Mapping[str, int] = field(default_factory=dict)
    trouble: MarqueeError | None = None


def read_board(desk: Desk, names: Sequence[str]) -> Reading:
    """The board of these communities, and what must stand beside it."""
    told, expected, trouble = _told(desk, names)
    asking, now = desk.asking, desk.clock.now()
    every = [one for name in names for one in asking.every(name)]
    to_me = tuple(one for name in names for one in asking.to_me(name))
    me = {desk.bench.community(name).identity.member for name in names}
    proposed = {name: len(desk.staffing.proposals(name).joined) for name in names if desk.staffing.chosen(name)}
    return Reading(
        laid_over(board(told, expected), _wanted(desk, names)),
        to_me,
        frozenset(one.id for one in to_me if asking.is_due(one)),
        tuple(one for one in every if one.kind is RequestKind.TAKE_OVER and one.state is RequestState.ACCEPTED),
        tuple(one for one in every if one.asked_by in me and one.standing(now) is RequestState.ASKED),
        desk.staffing.calendars(),
        {name: count for name, count in proposed.items() if count},
        trouble,
    )


def _wanted(desk: Desk, names: Sequence[str]) -> dict[tuple[Ref, Ref], Level]:
    """Own levels that are on their way, by forum and account; the newest of each."""
    me = {name: desk.bench.community(name).identity.member for name in names}
    return {
        (one.target, me[one.target.community]): Level(one.payload["level"])
        for one in sorted(desk.outbox.intents(), key=lambda each: each.id)
        if one.action is Action.FOLLOW and one.target.kind is Kind.FORUM and one.target.community in me
    }


def _told(desk: Desk, names: Sequence[str]) -> tuple[list[Followed], list[list[bool]], MarqueeError | None]:
    told = [desk.following.see(name) for name in names]
    try:
        return told, [desk.following.expected(one) for one in told], None
    except StoreError as error:
        return told, [[True] * len(one.matrix.rows) for one in told], error


def count_gaps(desk: Desk, names: Sequence[str]) -> tuple[int, tuple[FollowRequest, ...]]:
    """How many forums nobody covers, and what waits for the person: for the sidebar of a window on another screen."""
    told, expected, _ = _told(desk, names)
    return board(told, expected).gaps(), tuple(one for name in names for one in desk.asking.to_me(name))


# What is at hand


@dataclass(frozen=True, slots=True)
class About:
    """A forum in full. ``since`` is from when ``threads`` and ``unanswered`` count; ``own`` is how the person follows
    it, ``along`` what goes along with a change of that, ``changing``: one is on its way.
    """

    forum: Ref
    answerers: tuple[Suggestion, ...] = ()
    history: tuple[FollowingChange, ...] = ()
    promised: Promised | None = None
    own: Level | None = None
    changing: bool = False
    along: tuple[Forum, ...] = ()
    since: datetime | None = None
    threads: int | None = None
    unanswered: int | None = None
    names: Mapping[Ref, str] = field(default_factory=dict)


def read_about(desk: Desk, found: Board, place: Place) -> About:
    """Who answers there, how levels changed, what goes along; threads are counted by :func:`read_threads`."""
    forum, seen = place.forum.id, found.followed(place.community)
    return About(
        forum,
        tuple(desk.following.suggestions(seen, forum)),
        tuple(desk.following.history(place.community, forum=forum, limit=_CHANGES)),
        _promised(desk, seen, place),
        desk.following.own_levels(place.community).get(forum),
        any(one.action is Action.FOLLOW and one.target == forum for one in desk.outbox.intents()),
        tuple(desk.following.goes_along(forum)),
        _since(desk, found, place),
        names=_names(desk, found, place),
    )


def _names(desk: Desk, found: Board, place: Place) -> dict[Ref, str]:
    """Names of people by account: those on the board, and those who left it."""
    names = {account: person.name for person in desk.staffing.roster() for account in person.accounts}
    for person in found.people:
        if (account := person.account(place.community)) is not None:
            names[account] = person.name
    return names


def _promised(desk: Desk, seen: Followed, place: Place) -> Promised | None:
    """Of the hours promised for it, those in which nobody who covers it works; ``None`` where nobody can tell."""
    row = next((row for row in seen.matrix.rows if row.forum.id == place.forum.id), None)
    if row is None or not seen.confirmed:
        return None
    try:
        return desk.following.promised(replace(seen, matrix=replace(seen.matrix, rows=(row,))))[0]
    except StoreError:
        return None


def _since(desk: Desk, found: Board, place: Place) -> datetime:
    """From when threads are counted: since the first of those who follow it and are away left, else the last month."""
    now = desk.clock.now()
    away = [found.people[at].key for at in place.followers if found.people[at].absent_until is not None]
    left = [
        one.start
        for person in desk.staffing.roster()
        if person.id in away
        for one in desk.staffing.absences(person)
        if one.start <= now < one.end
    ]
    return min(left) if left and place.is_gap else now - LOOKS_BACK


def read_threads(desk: Desk, about: About) -> About:
    """The same with how many threads were begun since then, and how many of them nobody answered."""
    assert about.since is not None
    seen = desk.coverage.see(about.forum.community, about.since, forums=[about.forum])
    begun, unanswered = map(seen.figures(about.forum).count, ("threads", "unanswered"))
    return replace(about, threads=begun, unanswered=unanswered)


# What is behind a cell


@dataclass(frozen=True, slots=True)
class Line:
    """A row behind a cell: a post of the person, or a thread of the forum. ``open``: nobody answered the thread."""

    title: str
    at: datetime | None
    by: str
    url: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind a cell: posts of the person there in the last month, threads of the forum since then, and the
    threads that the person follows, in all forums: ``why`` says why they are not known, ``as_of`` when they were read.
    """

    posts: tuple[Line, ...]
    threads: tuple[Line, ...]
    followed: tuple[Line, ...] = ()
    as_of: datetime | None = None
    why: str = ""


def read_behind(desk: Desk, forum: Ref, account: Ref | None, since: datetime) -> Behind:
    """The newest first."""
    written = desk.mirror.posts_there(account, forum, desk.clock.now() - LOOKS_BACK, _ROWS) if account else []
    posts: list[Line] = []
    for post in written:
        thread = desk.mirror.thread(post.thread) if post.thread is not None else None
        url = post.url or (thread.url if thread is not None else None) or ""
        posts.append(Line(one_line(thread.title if thread is not None else post.body or ""), post.created_at, "", url))
    seen = desk.coverage.see(forum.community, since, forums=[forum])
    unanswered = set(seen.rows("unanswered", forum))
    begun = (desk.mirror.thread(one) for one in seen.rows("threads", forum))
    threads = [
        Line(
            one_line(one.title),
            one.created_at,
            one_line(one.author_name or "", 60),
            one.url or "",
            one.id in unanswered,
        )
        for one in begun
        if one is not None
    ]
    newest = sorted(threads, key=lambda line: line.at.timestamp() if line.at else 0.0, reverse=True)
    return replace(_followed(desk, account), posts=tuple(posts), threads=tuple(newest[:_ROWS]))


def _followed(desk: Desk, account: Ref | None) -> Behind:
    """What the person follows; a thread that this account cannot read is told by its number."""
    if account is None:
        return Behind((), (), why="no_account")
    told = desk.following.threads.of(account)
    heads = desk.following.threads.heads(told.threads[:_ROWS])
    lines = [
        Line(one_line(head.title), head.last_post_at, "", head.url or "") if head is not None
        else Line("", None, thread.native, "")
        for thread, head in ((thread, heads.get(thread)) for thread in told.threads[:_ROWS])
    ]  # fmt: skip
    return Behind((), (), tuple(lines), told.as_of, told.why)


# What can be done


def goes_along(desk: Desk, forums: Sequence[Ref]) -> list[str]:
    """Names of forums that are not among these and whose level a change of these changes too."""
    along = [one for forum in forums for one in desk.following.goes_along(forum) if one.id not in forums]
    return list(dict.fromkeys(one_line(one.name, 60) for one in along))


def follow(desk: Desk, forum: Ref, level: Level) -> list[Plan]:
    """Follow a forum oneself."""
    return desk.following.set_level([forum], level)


def ask(desk: Desk, forum: Ref, of: Ref) -> FollowRequest:
    """Ask a colleague to follow a forum."""
    return desk.asking.ask([forum], of)


def hand_over(desk: Desk, away: Ref, of: Ref) -> FollowRequest:
    """Ask a colleague to follow what somebody follows who is away."""
    return desk.asking.hand_over(away, of)


def accept(desk: Desk, request: str) -> list[Plan]:
    """Do what a colleague asks."""
    return desk.asking.accept(request)


def give_back(desk: Desk, request: str) -> list[Plan]:
    """Follow as before again what was taken over."""
    return desk.asking.give_back(request)


def decline(desk: Desk, request: str) -> None:
    """Say no to a colleague."""
    desk.asking.decline(request)


def withdraw(desk: Desk, request: str) -> None:
    """Take an own question back."""
    desk.asking.withdraw(request)


def back(desk: Desk, request: str) -> None:
    """Whoever was away is back."""
    desk.asking.back(request)


# Who is staff


@dataclass(frozen=True, slots=True)
class Choosable:
    """A group that may be the staff, with names of those in it; ``chosen``: a lead has said that it is."""

    community: str
    group: Group
    names: tuple[str, ...]
    chosen: bool


def read_groups(desk: Desk, names: Sequence[str]) -> list[Choosable]:
    """Groups with members that were read, those that a lead has chosen first, then the smaller ones."""
    found: list[Choosable] = []
    for name in names:
        chosen = {group.native for group in desk.staffing.chosen(name)}
        for group in desk.staffing.groups(name):
            if group.members:
                known = desk.mirror.known_members(list(group.members))
                people = tuple(known[one].name if one in known else one.native for one in group.members)
                found.append(Choosable(name, group, people, group.native in chosen))
    return sorted(found, key=lambda one: (one.chosen, len(one.names)))


def confirm_group(desk: Desk, community: str, group: str) -> list[Person]:
    """Everybody in this group is staff."""
    return desk.staffing.confirm_group(community, group)

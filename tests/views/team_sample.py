"""The team of the design's picture: who follows which forum in two communities, who is away, what nobody covers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from moderation.content import Following, Forum, Group, Level, Member, Post, Thread
from moderation.ids import Kind, Ref
from moderation.people import Absence, CalendarImport, Person
from tests.views.sample import EN, JA, NOW, community
from tests.views.stage import Stage

DAY = timedelta(days=1)
STAFF = (
    "Ines Lanternby", "Arlo Linden", "Dagny Pell", "Fen Arkwright", "Hild Brook", "Mio Kanzaki", "Okoro Keld",
    "Pavel Ember", "Quill Sedge", "Rolf Quarrier", "Sunniva Grove", "Tamsin Vole", "Ulla Birk",
)  # fmt: skip
TEAMS = {"Ines": "Lines", "Rolf": "Contracts", "Okoro": "Lines", "Mio": "Japan", "Ulla": "Japan"}
AWAY = {"Dagny": (4, 8), "Arlo": (2, 8)}
"""Days ago since when, and days ahead until when."""


@dataclass(frozen=True)
class Line:
    """A forum: who watches (w), tracks (t), mutes (m) it or was not seen (u), and how many hours ago somebody was."""

    forum: str
    follows: str
    hours: int = 0
    community: str = EN


LINES = (
    Line("Billing", "w:Ines w:Dagny t:Okoro w:Pavel", 4),
    Line("Contracts", "w:Rolf t:Sunniva", 1),
    Line("Moving house", "w:Dagny m:Sunniva"),
    Line("Router help", "w:Ines t:Rolf w:Dagny t:Tamsin w:Okoro w:Mio t:Sunniva w:Fen", 1),
    Line("Firmware", "t:Dagny w:Tamsin w:Hild t:Sunniva w:Fen", 1),
    Line("Mesh", "w:Dagny w:Arlo"),
    Line("Fibre", "t:Rolf w:Okoro w:Pavel", 2),
    Line("Mobile", "u:Pavel"),
    Line("TV and box", "w:Okoro t:Fen", 3),
    Line("Business lines", "w:Rolf", 5),
    Line("Security", "w:Ines w:Tamsin w:Arlo w:Quill", 1),
    Line("Phone at home", "w:Mio t:Sunniva", 24),
    Line("Ideas", "t:Tamsin w:Sunniva t:Ulla", 6),
    Line("Hello", "t:Ines t:Sunniva w:Fen", 9),
    Line("Developers", ""),
    Line("Smart plugs", "u:Okoro t:Pavel w:Hild", 48),
    Line("Used devices", "m:Ines"),
    Line("Off topic", "m:Ines t:Rolf m:Tamsin m:Sunniva w:Fen", 8),
    Line("請求", "w:Mio w:Ulla", 1, JA),
    Line("ルーター", "w:Mio", 1, JA),
    Line("光回線", "t:Mio w:Ulla", 2, JA),
)
_LEVELS = {"w": Level.WATCHING, "u": Level.WATCHING, "t": Level.TRACKING, "m": Level.MUTED}


def account(name: str, where: str = EN) -> Ref:
    """The account of one of the staff, by first name."""
    at = next(at for at, full in enumerate(STAFF) if full.startswith(name))
    return Ref(where, Kind.MEMBER, str(2 + at))


def forum(name: str) -> Ref:
    """A forum by name."""
    at = next(at for at, line in enumerate(LINES, 1) if line.forum == name)
    return Ref(LINES[at - 1].community, Kind.FORUM, str(at))


def join(stage: Stage, *, confirmed: bool = True, also: bool = True) -> None:
    """Everything of it: communities, forums, levels, posts, roster and absences; ``also``: the Japanese community."""
    places = (EN, JA) if also else (EN,)
    for name in places:
        row = community(name) if name == EN else community(name, "クイルビー日本", "Ines Lanternby")
        stage.connect(replace(row, as_of=NOW, complete_since=NOW - 90 * DAY))
        stage.apply(name, **_records(name))
        stage.team.set_people_setting(name, "default_level", "normal")
    if confirmed:
        confirm(stage, places)


def confirm(stage: Stage, places: tuple[str, ...] = (EN, JA)) -> None:
    """A lead has said who is staff, and calendars were read."""
    for at, name in enumerate(STAFF):
        first = name.split()[0]
        accounts = tuple(account(first, where) for where in places if where == EN or first in {"Mio", "Ulla", "Ines"})
        stage.team.keep_person(Person(f"p{at}", name, accounts, team=TEAMS.get(first, "Care"), confirmed_by="lead"))
        if first in AWAY:
            since, until = AWAY[first]
            told = CalendarImport(f"p{at}", "away.ics", NOW - DAY)
            stage.team.replace_absences(told, [Absence(NOW - since * DAY, NOW + until * DAY, f"p{at}")])


def _records(name: str) -> dict[str, list[object]]:
    lines = [line for line in LINES if line.community == name]
    people = [Member(account(full.split()[0], name), full) for full in STAFF]
    followers = [account(full.split()[0], name) for full in STAFF]
    forums = [
        Forum(forum(line.forum), line.forum, position=at, private=False, url=f"https://{name}/category/{at}")
        for at, line in enumerate(lines, 1)
    ]
    threads = [thread for line in lines for thread in _threads(line)]
    posts = [post for line in lines for post in _presence(line)]
    posts += [post for line in lines for at, thread in enumerate(_threads(line)) for post in _posts(line, thread, at)]
    following = [
        Following(account(who, name), forum(line.forum), _LEVELS[how], NOW)
        for line in lines
        for how, who in _pairs(line)
    ]
    group = Group("staff", "Quillby team", len(followers), members=tuple(followers), seen_at=NOW)
    return {"forums": [*forums], "members": [*people], "threads": [*threads], "posts": [*posts],
            "followers": [*followers], "following": [*following], "groups": [group]}  # fmt: skip


def _pairs(line: Line) -> list[tuple[str, str]]:
    return [(part[0], part[2:]) for part in line.follows.split()]


def _presence(line: Line) -> Iterator[Post]:
    """When each follower wrote there last: in a thread that is too old to be counted."""
    for at, (how, who) in enumerate(_pairs(line)):
        if how != "m":
            ago = 23 * DAY if how == "u" else timedelta(hours=line.hours + 7 * at)
            ago = 6 * DAY if who in AWAY else ago
            ref = Ref(line.community, Kind.POST, f"{forum(line.forum).native}{at:02}")
            who_wrote = account(who, line.community)
            yield Post(ref, None, forum(line.forum), who_wrote, who, NOW - ago, body="Here.")


def _threads(line: Line) -> list[Thread]:
    """Nine threads in Mesh of the last days."""
    if line.forum != "Mesh":
        return []
    return [
        Thread(Ref(EN, Kind.THREAD, str(7000 + at)), forum("Mesh"), f"Node {at + 1} blinks orange",
               Ref(EN, Kind.MEMBER, "100"), "Maren Oakhollow", NOW - 3 * DAY + timedelta(hours=5 * at),
               last_post_at=NOW - 2 * DAY + timedelta(hours=5 * at), post_count=2 if at < 6 else 1, complete=True,
               first_post=Ref(EN, Kind.POST, str(70000 + 10 * at)), url=f"https://{EN}/topic/{7000 + at}")
        for at in range(9)
    ]  # fmt: skip


def _posts(line: Line, thread: Thread, at: int) -> Iterator[Post]:
    """The question, and for the first six an answer."""
    yield Post(Ref(EN, Kind.POST, str(70000 + 10 * at)), thread.id, thread.forum, thread.author, thread.author_name,
               thread.created_at, body="Mine blinks.", position=1)  # fmt: skip
    if at < 6:
        first, who = ("Tamsin", "Tamsin Vole") if at < 4 else ("Fen", "Fen Arkwright")
        yield Post(Ref(EN, Kind.POST, str(70001 + 10 * at)), thread.id, thread.forum, account(first), who,
                   thread.created_at + timedelta(hours=2), body="Restart it.", position=2)  # fmt: skip
    assert line.forum == "Mesh"

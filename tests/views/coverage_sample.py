"""A community whose threads are answered as people answer: quickly in working hours, on Monday what comes on Sunday.

Facts are written straight into the mirror, as its writer would have left them. All of it is invented, and the same in
every run.
"""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from moderation.content import Forum, Thread
from moderation.coverage.deriving import line_of
from moderation.coverage.facts import PostBit, PostFact, ThreadBit, ThreadFacts
from moderation.coverage.hours import Hours, Period
from moderation.coverage.lines import pack, stamp_of
from moderation.coverage.ports import Promised
from moderation.coverage.rules import CoverageRules, ForumRules
from moderation.coverage.staff import StaffDays
from moderation.desk import Desk
from moderation.ids import Kind, Ref
from sync.mirror.fact_rows import DONE, FILLED, encode_facts
from sync.vault import StoreFile
from tests.views.sample import EN, NOW, community
from tests.views.stage import Stage

FORUMS = {"Router help": 30, "Billing": 21, "Firmware": 15, "Fibre": 14, "Mesh": 8, "Contracts": 4, "Moving house": 3,
          "Security": 2}  # fmt: skip
STAFF = tuple(str(number) for number in range(2, 9))
TITLES = (
    "Router reboots every night at 02:00",
    "Invoice still shows my old address",
    "Fibre light blinks red since noon",
    "Which port do I open for telephone?",
    "Mesh node loses the upper floor",
    "Contract ends in March, what now?",
)
_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
OFFICE = tuple(Period(day, 8 * 60, 18 * 60) for day in range(5))
RULES = CoverageRules(ForumRules(Hours("UTC", OFFICE), 4 * 3600.0, aim=0.8))
ROSTER = replace(StaffDays.of_groups([Ref(EN, Kind.MEMBER, native) for native in STAFF]), confirmed=True)


def forum(name: str) -> Ref:
    """A forum by name."""
    return Ref(EN, Kind.FORUM, str(60 + list(FORUMS).index(name)))


@dataclass
class Asking:
    """Invents threads of the last ``days``, ``a_day`` of them each day."""

    days: int = 84
    a_day: float = 13
    seed: int = 11

    def threads(self) -> list[ThreadFacts]:
        """Facts by time."""
        chance, now = random.Random(self.seed), round(NOW.timestamp() * 1000)
        times = sorted(now - round(chance.uniform(0.2, self.days) * _DAY) for _ in range(round(self.days * self.a_day)))
        return [self._thread(str(2000 + number), self._awake(at, chance), chance) for number, at in enumerate(times)]

    @staticmethod
    def _awake(at: int, chance: random.Random) -> int:
        """Few ask at night."""
        hour = at // _HOUR % 24
        return at if hour >= 6 or chance.random() < 0.35 else min(at + 9 * _HOUR, round(NOW.timestamp() * 1000) - _HOUR)

    def _thread(self, native: str, at: int, chance: random.Random) -> ThreadFacts:
        name = chance.choices(list(FORUMS), list(FORUMS.values()))[0]
        opener, posts = f"c{chance.randrange(300)}", [PostFact(f"{native}.0", "", at)]
        posts[0] = PostFact(f"{native}.0", opener, at)
        closed = None
        if chance.random() < {"Router help": 0.62, "Mesh": 0.45}.get(name, 0.88):
            took = round(chance.expovariate(1 / 70) * _MINUTE) + 3 * _MINUTE
            posts.append(PostFact(f"{native}.1", chance.choice(STAFF), _opened(at) + took))
        if chance.random() < 0.33:
            took = round(chance.expovariate(1 / 400) * _MINUTE) + 4 * _MINUTE
            bits = PostBit.ANSWER if chance.random() < 0.2 else 0
            posts.append(PostFact(f"{native}.2", f"c{chance.randrange(300)}", at + took, bits))
        if chance.random() < 0.3:
            posts.append(PostFact(f"{native}.3", opener, max(post.at_ms for post in posts) + 40 * _MINUTE))
        bits = ThreadBit.LOCKED if chance.random() < 0.02 else 0
        bits |= ThreadBit.REOPENED if chance.random() < 0.02 else 0
        left = at + 2 * _DAY if chance.random() < 0.02 else None
        public = at + 20 * _MINUTE if chance.random() < 0.04 else at
        return ThreadFacts(
            native, forum(name).native, opener, posts[0].id, at, public, tuple(posts), bits, closed, left
        )  # fmt: skip


def _opened(at: int) -> int:
    """When the office is open next."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    if moment.weekday() < 5 and 8 <= moment.hour < 18:
        return at
    day = moment.replace(hour=8, minute=0, second=0, microsecond=0)
    day += timedelta(days=1) if moment.hour >= 8 else timedelta()
    while day.weekday() > 4:
        day += timedelta(days=1)
    return round(day.timestamp() * 1000)


def fill(
    stage: Stage, asking: Asking | None = None, *, roster: StaffDays | None = ROSTER, rules: CoverageRules = RULES,
    filled: bool = True,
) -> list[ThreadFacts]:  # fmt: skip
    """Put threads with their facts into the mirror, and say who the staff is."""
    told = (asking or Asking()).threads()
    stage.connect(replace(community(), as_of=NOW))
    threads = [_thread(facts) for facts in told]
    stage.apply(EN, forums=[Forum(forum(name), name, private=False, position=n) for n, name in enumerate(FORUMS)],
                threads=threads)  # fmt: skip
    connection, crew = stage.vault.connect(StoreFile.MIRROR), ROSTER.crew(EN)
    key = connection.execute("SELECT key FROM communities WHERE name = ?", (EN,)).fetchone()[0]
    since = round((NOW - timedelta(days=90)).timestamp() * 1000)
    connection.execute("BEGIN")
    for table in ("thread_facts", "thread_lines"):
        connection.execute(f"DELETE FROM {table} WHERE community = ?", (key,))
    for facts in told:
        row = (key, facts.submitted_ms, facts.thread, facts.forum, stamp_of(crew), pack(line_of(facts, crew)))
        connection.execute("INSERT INTO thread_facts VALUES (?, ?, ?)", (key, facts.thread, encode_facts(facts)))
        connection.execute("INSERT INTO thread_lines VALUES (?, ?, ?, ?, ?, ?)", row)
    if filled:
        connection.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)", (key, FILLED, DONE))
    connection.execute("UPDATE communities SET complete_since_ms = ? WHERE key = ?", (since, key))
    connection.execute("COMMIT")
    connection.close()
    stage.desk = Desk(stage.desk.bench, promises=Promised(rules, roster))
    return told


def _thread(facts: ThreadFacts) -> Thread:
    at, place = datetime.fromtimestamp(facts.submitted_ms / 1000, UTC), Ref(EN, Kind.FORUM, facts.forum)
    title = TITLES[int(facts.thread) % len(TITLES)]
    url = f"https://{EN}/topic/{facts.thread}"
    return Thread(Ref(EN, Kind.THREAD, facts.thread), place, title, None, "somebody", at, at, len(facts.posts), url=url)

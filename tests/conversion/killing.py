"""Conversions with the real engine in a process of its own, killed by ``SIGKILL`` at random moments, started again."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from console.clock import SystemClock, TimeIds
from moderation.cases import Case, CaseState
from moderation.conversion import Place, Wanted
from moderation.desk import Bench, Desk
from moderation.desk.privately import Around
from moderation.errors import MarqueeError
from moderation.ids import Kind, Ref
from moderation.intents import Identities
from sync.discourse import limits
from sync.http import Plan
from sync.sandbox.discourse.extras import extras
from tests.conversion import on_discourse, stage
from tests.conversion.on_discourse import TEAM
from tests.conversion.runs import WAYS
from tests.conversion.stage import ADMIN, BYSTANDER, COMPANY, CUSTOMER, OUTSIDER, SECRET, WORDING, moves
from tests.faults.dying import FAULTS, LATEST, PATIENCE, DyingHome, until
from tests.faults.invariants import BrokenError
from tests.faults.kinds import Chance
from tests.faults.kinds import Kind as Fault

OUTSIDERS = (None, OUTSIDER, BYSTANDER)
WITHOUT_LIMITS = Path(__file__).parent / "without_limits"


class Killing(DyingHome):
    """A home of an administrator with the company account, and an engine that dies."""

    service_ms = 10.0
    faults = FAULTS
    base = 0
    """The newest post before the run."""

    def __init__(self, seed: int, folder: Path) -> None:
        super().__init__(seed, folder, ((ADMIN, Identities.ME), (COMPANY, Identities.OFFICIAL)))
        settings = self.community.state.settings
        settings.post_delay = settings.initial_delay = settings.newcomer_delay = 0

    def make_desk(self) -> Desk:
        """Nothing is held."""
        bench = Bench(self.mirror, self.journal, self.team, self.client, SystemClock(), TimeIds(), hold_seconds=0.0)
        return Desk(bench)

    def one(self, number: int) -> None:
        """A customer asks; the thread goes private and back again, with a kill at a random moment of one of the two."""
        thread, posts = self.ask(number)
        before = {who: self.reads(who, number) for who in (*OUTSIDERS, CUSTOMER)}
        place, shape = self.dice.choice(WAYS[self.face])
        on_the_way_back = bool(number % 2)
        self.storm()
        plan, conversion = self.desk.privately.convert(thread, Wanted(shape, place, posts), WORDING, self.around)
        if plan is None:
            raise BrokenError(f"{conversion.missing} {conversion.blocked}")
        self.calm() if on_the_way_back else self.die()
        self.until(
            lambda: self.desk.privately.standing(self.case(thread)) == "complete", thread, f"run {number}: there"
        )
        self.look(number, private=True)
        self.counted(place)
        self.storm()
        self.take_back(thread)
        self.die() if on_the_way_back else self.calm()
        self.until(lambda: self.case(thread).state is CaseState.UNDONE, thread, f"run {number}: back")
        after = {who: self.reads(who, number) for who in before}
        if after != before:
            raise BrokenError(f"run {number}: {after} instead of {before}\n{self.story()}")

    def die(self) -> None:
        """A kill at a random moment, a new engine, and no more faults."""
        time.sleep(self.dice.uniform(0.0, 0.6))
        self.kill()
        self.start()
        self.proxy.calm()
        self.client.wake("after a kill")

    def calm(self) -> None:
        """Faults for a moment, and no more then; the engine lives on."""
        time.sleep(self.dice.uniform(0.0, 0.6))
        self.proxy.calm()

    def until(self, done: Callable[[], bool], thread: Ref, complaint: str) -> None:
        """Answer what is asked and go on until it is done; what must hold at any moment is looked at meanwhile."""
        ends = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > ends:
                raise BrokenError(f"{complaint}: no end\n{self.story()}")
            if not any(moves(intent) for intent in self.journal.unfinished()):
                with suppress(MarqueeError):
                    for intent in self.journal.unfinished():
                        if intent.question is not None:
                            self.desk.outbox.retry(intent.id)
                case = self.case(thread)
                if case.state is CaseState.UNDOING:
                    if self.desk.privately.standing(case) != "complete":  # else the engine notes the end by itself
                        self.take_back(thread)
                else:
                    with suppress(MarqueeError):
                        self.desk.privately.resume(thread)
                self.client.wake("goes on")
            time.sleep(0.05)

    def take_back(self, thread: Ref) -> None:
        """Undo, where that can be begun now."""
        with suppress(MarqueeError):
            self.desk.privately.undo(thread)

    def ask(self, number: int) -> tuple[Ref, tuple[Ref, ...]]:
        """A thread with an order number of its own, read by the engine."""
        self.base = max(self.community.state.tables.posts)
        asked = self.community.open_thread_as(CUSTOMER, self.forum("Billing"), f"Invoice {number}", self.text(number))
        self.community.reply_as(BYSTANDER, asked.id, "The same with mine.")
        thread = self.ref(Kind.THREAD, asked.id)
        for _ in self.client.sync([self.name]):
            pass
        until(lambda: len(self.mirror.posts(thread)) == 2, "the thread is not read")
        return thread, (self.ref(Kind.POST, asked.posts[0]),)

    def text(self, number: int) -> str:
        """What is private in a run."""
        return f"My order {SECRET}-{number:03} went to the wrong place."

    def reads(self, who: str | None, number: int) -> bool:
        """True when somebody reads it anywhere."""
        return f"{SECRET}-{number:03}" in self.seen_by(who)

    @property
    def around(self) -> Around:
        """The team's private forum."""
        return Around(under=self.ref(Kind.FORUM, self.forum("Private cases")))

    def seen_by(self, who: str | None) -> str:
        """Everything that somebody reads of what was written since the customer asked."""
        community, url = self.community, self.server.url
        return stage.crawl(lambda path: stage.page_of(community, url, path, who), community.state.tables, self.base)

    def look(self, number: int, *, private: bool) -> None:
        """Outsiders do not read it, the customer does."""
        found = [who for who in OUTSIDERS if self.reads(who, number)]
        if private and found:
            raise BrokenError(f"run {number}: read by {found}\n{self.story()}")
        if not self.reads(CUSTOMER, number):
            raise BrokenError(f"run {number}: the customer is locked out\n{self.story()}")

    def counted(self, place: Place) -> None:
        """One of each for the newest case."""
        tables, case = self.community.state.tables, self.team.cases()[0]
        words = WORDING.pointer.format(customer=case.customer_name)
        titled = {t.id for t in tables.threads.values() if f"({case.key})" in t.title}
        titled.add(int(case.thread.rpartition(":")[2]))
        found, wanted = self.counts(
            place, len([p for p in tables.posts.values() if p.text == words and p.thread in titled])
        )
        if found != wanted:
            raise BrokenError(f"there are {found}, wanted {wanted}\n{self.story()}")

    def counts(self, place: Place, pointers: int) -> tuple[object, object]:
        """How many there are of what there must be one of, and how many there must be."""
        tables, case, chat = self.community.state.tables, self.team.cases()[0], place is Place.CHAT
        found = (
            len([f for f in tables.forums.values() if f.parent == self.forum("Private cases")]) <= 1,
            len([r for r in tables.rooms.values() if case.key in r.name]),
            len([t for t in tables.threads.values() if case.key in t.tags]),
            pointers,
        )
        return found, (True, int(chat), int(not chat), 1)

    def story(self) -> str:
        """The steps of the newest plans."""
        lines = [
            f"{i.payload.get('what')} {i.state} {i.receipt and i.receipt.server_id} {i.question} {i.trouble}"
            for plan in reversed(self.journal.plans(limit=4))
            for i in plan.intents
        ]
        return "\n".join(lines)

    def storm(self) -> None:
        """Faults from now on."""
        self.proxy.chance = Chance(self.dice.randrange(10**9), 0.0, 0.25, self.faults, LATEST)

    def case(self, thread: Ref) -> Case:
        """The newest case of a thread."""
        return self.team.cases(thread=str(thread))[0]

    def forum(self, name: str) -> int:
        """A forum by its name."""
        return next(forum.id for forum in self.community.state.tables.forums.values() if forum.name == name)

    def ref(self, kind: Kind, native: object) -> Ref:
        """An id here."""
        return Ref(self.name, kind, str(native))


class KillingOnDiscourse(Killing):
    """The same with a Discourse."""

    face = "discourse"
    faults = tuple(kind for kind in FAULTS if kind is not Fault.STORED_400)

    def __init__(self, seed: int, folder: Path) -> None:
        super().__init__(seed, folder)
        # the runs of a home say the same to one customer within minutes, which the server would refuse
        self.community.discourse.settings.unique_minutes = 0

    def key_of(self, user: str) -> str:
        """A key of their own."""
        return self.community.user_key_for(user)

    @property
    def around(self) -> Around:
        """The support group."""
        return Around(groups=(TEAM,))

    def seen_by(self, who: str | None) -> str:
        """Everything that somebody reads of what was written since the customer asked."""
        tables = self.community.state.tables
        return on_discourse.crawl(lambda path: on_discourse.page_of(self.community, path, who), tables, self.base)

    def counts(self, place: Place, pointers: int) -> tuple[object, object]:
        """One message and one pointer for the newest case."""
        case, threads = self.team.cases()[0], self.community.state.tables.threads
        private = [threads[ident] for ident in extras(self.community.state).readers]
        mine = [one for one in private if f"({case.key})" in one.title or case.thread.endswith(f":{one.id}")]
        return (len(mine), pointers), (1, 1)


@contextmanager
def killing(seed: int, folder: Path, face: str = "nodebb") -> Iterator[Killing]:
    """A home under an engine that dies, closed at the end."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("USER_KEY", "ADMIN_KEY"):
            patch.setattr(limits, name, Plan(per_minute=100_000))
        known = os.environ.get("PYTHONPATH")
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(WITHOUT_LIMITS), known])))
        made = {"nodebb": Killing, "discourse": KillingOnDiscourse}[face](seed, folder)
        try:
            made.start()
            yield made
        finally:
            made.close()

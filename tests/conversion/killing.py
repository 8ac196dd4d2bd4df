"""Conversions with the real engine in a process of its own, killed by ``SIGKILL`` at random moments, started again."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

from console import connecting
from console.clock import SystemClock, TimeIds
from console.credentials import Credentials, ForThisRun
from console.engine_client import EngineClient, start_engine
from console.home import Home
from console.keyrings import Backend
from console.settings import change
from moderation.cases import Case, CaseState
from moderation.conversion import Place, Wanted
from moderation.desk import Bench, Desk
from moderation.desk.privately import Around
from moderation.errors import MarqueeError, StoreError
from moderation.ids import Kind, Ref
from moderation.intents import Identities
from sync.engine.lock import holder
from sync.journal import open_journal
from sync.mirror import MirrorReader
from sync.sandbox import SampleCommunity, serve
from sync.team import open_team
from sync.vault import Vault
from tests.conversion.runs import WAYS
from tests.conversion.stage import ADMIN, BYSTANDER, COMPANY, CUSTOMER, OUTSIDER, SECRET, WORDING, crawl, moves, page_of
from tests.faults.ground import SIZE, dice_of
from tests.faults.invariants import BrokenError
from tests.faults.kinds import Chance
from tests.faults.kinds import Kind as Fault
from tests.faults.proxy import FaultProxy

SETTLE = 1.2
LATEST = 0.6
PATIENCE = 90.0
FAULTS = (Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.RESET_AFTER, Fault.LATE, Fault.HTML_502_AFTER, Fault.STORED_400)
OUTSIDERS = (None, OUTSIDER, BYSTANDER)


def _no_keyring() -> Backend:
    raise StoreError("keyring_missing")


class Killing:
    """A home of an administrator with the company account, a sample community behind a proxy, an engine that dies."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.dice = dice_of(seed)
        self.community = SampleCommunity.seeded(seed % 4, SIZE)
        settings = self.community.state.settings
        settings.post_delay = settings.initial_delay = settings.newcomer_delay = 0
        self.community.service.service_time_ms = 10.0
        self.server = serve(self.community)
        self.proxy = FaultProxy(self.server.port)
        self.home = Home(folder.resolve())
        self.secrets = ForThisRun(store_key=secrets.token_hex(32))
        credentials = Credentials(self.home, self.secrets, _no_keyring)
        place = connecting.find(self.proxy.url)
        self.name = place.name
        for user, kind in ((ADMIN, Identities.ME), (COMPANY, Identities.OFFICIAL)):
            token = self.community.token_for(user)
            checked = connecting.check(place, token, user, kind)
            connecting.remember(self.home, credentials, checked, token)
        self.secrets = credentials.for_engine()
        change(self.home.settings, lambda s: replace(s, settle_seconds=SETTLE, poll_seconds=1.0, idle_seconds=600.0))
        vault = Vault(self.home.root, credentials.store_key())
        self.journal, self.team = open_journal(vault), open_team(vault)
        self.mirror = MirrorReader(vault)
        self.client = EngineClient(self.home, lambda: self.secrets, may_start=False)
        bench = Bench(self.mirror, self.journal, self.team, self.client, SystemClock(), TimeIds(), hold_seconds=0.0)
        self.desk = Desk(bench)
        self.engine: Popen[bytes] | None = None
        self._ended = threading.Event()
        self._post = threading.Thread(target=self._deliver, daemon=True)
        self._post.start()

    def start(self) -> None:
        """Start the engine, and wait until it holds the lock."""
        self.engine = start_engine(self.home, self.secrets)
        _until(lambda: holder(self.home.root) == self.engine.pid if self.engine else False, "the engine does not start")

    def kill(self) -> None:
        """``SIGKILL``, and wait for the end."""
        assert self.engine is not None
        self.engine.kill()
        self.engine.wait(PATIENCE)
        self.engine = None

    def one(self, number: int) -> None:
        """A customer asks; the thread goes private with a kill at a random moment; and back again with another one."""
        thread, posts = self.ask(number)
        before = {who: self.reads(who, number) for who in (*OUTSIDERS, CUSTOMER)}
        place, shape = self.dice.choice(WAYS)
        around = Around(under=self.ref(Kind.FORUM, self.forum("Private cases")))
        self.storm()
        plan, conversion = self.desk.privately.convert(thread, Wanted(shape, place, posts), WORDING, around)
        if plan is None:
            raise BrokenError(f"{conversion.missing} {conversion.blocked}")
        self.die()
        self.until(
            lambda: self.desk.privately.standing(self.case(thread)) == "complete", thread, f"run {number}: there"
        )
        self.look(number, private=True)
        self.counted(place)
        self.storm()
        self.take_back(thread)
        self.die()
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
                if self.case(thread).state is CaseState.UNDOING:
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
        asked = self.community.open_thread_as(CUSTOMER, self.forum("Billing"), f"Invoice {number}", self.text(number))
        self.community.reply_as(BYSTANDER, asked.id, "The same with mine.")
        thread = self.ref(Kind.THREAD, asked.id)
        for _ in self.client.sync([self.name]):
            pass
        _until(lambda: len(self.mirror.posts(thread)) == 2, "the thread is not read")
        return thread, (self.ref(Kind.POST, asked.posts[0]),)

    def text(self, number: int) -> str:
        """What is private in a run."""
        return f"My order {SECRET}-{number:03} went to the wrong place."

    def reads(self, who: str | None, number: int) -> bool:
        """True when somebody reads it anywhere."""
        seen = crawl(lambda path: page_of(self.community, self.server.url, path, who), self.community.state.tables)
        return f"{SECRET}-{number:03}" in seen

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
        under, thread = self.forum("Private cases"), int(case.thread.rpartition(":")[2])
        words = WORDING.pointer.format(customer=case.customer_name)
        titled = {t.id for t in tables.threads.values() if f"({case.key})" in t.title} | {thread}
        found = (
            len([f for f in tables.forums.values() if f.parent == under]) <= 1,
            len([r for r in tables.rooms.values() if case.key in r.name]),
            len([t for t in tables.threads.values() if case.key in t.tags]),
            len([p for p in tables.posts.values() if p.text == words and p.thread in titled]),
        )
        chat = place is Place.CHAT
        if found != (True, int(chat), int(not chat), 1):
            raise BrokenError(f"there are {found}\n{self.story()}")

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
        self.proxy.chance = Chance(self.dice.randrange(10**9), 0.0, 0.25, FAULTS, LATEST)

    def case(self, thread: Ref) -> Case:
        """The newest case of a thread."""
        return self.team.cases(thread=str(thread))[0]

    def forum(self, name: str) -> int:
        """A forum by its name."""
        return next(forum.id for forum in self.community.state.tables.forums.values() if forum.name == name)

    def ref(self, kind: Kind, native: object) -> Ref:
        """An id here."""
        return Ref(self.name, kind, str(native))

    def close(self) -> None:
        """End everything."""
        if self.engine is not None:
            self.kill()
        self._ended.set()
        self._post.join(5)
        self.client.close()
        self.mirror.close()
        self.journal.close()
        self.team.close()
        self.proxy.close()
        self.server.close()

    def _deliver(self) -> None:
        """What is stuck on the way lands when its time has come."""
        while not self._ended.wait(0.02):
            self.proxy.deliver()


@contextmanager
def killing(seed: int, folder: Path) -> Iterator[Killing]:
    """A home under an engine that dies, closed at the end."""
    made = Killing(seed, folder)
    try:
        made.start()
        yield made
    finally:
        made.close()


def _until(done: Callable[[], bool], complaint: str) -> None:
    """Wait for a condition."""
    ends = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > ends:
            raise BrokenError(complaint)
        time.sleep(0.02)

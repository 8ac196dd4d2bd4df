"""Where fault runs take place: a sample community behind a fault proxy, and a home whose mirror has read it once.

Everything runs on one clock that the run moves: the person's, the engine's and the community's.
"""

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from moderation.content import Identity
from moderation.ids import Kind, Ref
from moderation.intents import Identities
from moderation.ports import CommunityRow
from moderation.records import Batch, Records
from sync.connector import Account, Connection
from sync.http import Limits, Pacing
from sync.http import Sequence as Numbers
from sync.journal import open_journal
from sync.mirror import MirrorKnown, MirrorReader, MirrorWriter
from sync.nodebb import open_connection
from sync.nodebb.connection import NodeBB
from sync.sandbox import SampleCommunity, Server, Size, serve
from sync.team import open_team
from sync.vault import Vault
from tests.fakes.clock import START, FakeClock
from tests.fakes.folders import in_memory
from tests.faults.proxy import FaultProxy

NAME = "sample.example"
ME, COLLEAGUE = "dagny_pell", "ines_lanternby"
SIZE = Size(threads=6, posts=14, reports=6, decided=2, held=2, members=16, days=20)
HORIZON = timedelta(days=90)
_KEY = b"k" * 32


class Ground:
    """A community with its server and a proxy before it; :meth:`connect` gives the real connector through the proxy."""

    def __init__(self, clock: FakeClock, community_seed: int = 7, size: Size = SIZE, face: str = "nodebb") -> None:
        self.clock = clock
        self.community = SampleCommunity.seeded(community_seed, size, now=START)
        self.community.clock.stop()
        self.community.service.posting_time_ms = 0.0
        self.server: Server = serve(self.community, face=face)
        self.proxy = FaultProxy(self.server.port, clock.monotonic, clock.now)
        self.token = self.community.token_for(ME)
        self.me = Ref(NAME, Kind.MEMBER, str(self.community.uid(ME)))

    def pass_time(self, seconds: float) -> None:
        """Time passes everywhere, and what was stuck on the way lands if it is due."""
        self.clock.advance(seconds)
        self.community.clock.advance(seconds)
        self.proxy.deliver()

    def sleep(self, seconds: float) -> None:
        """The person's machine sleeps; the world goes on."""
        self.clock.sleep(seconds)
        self.community.clock.advance(seconds)

    def connect(
        self, numbers: Callable[[], int] | None = None, *, patience: float = 20.0, direct: bool = False
    ) -> NodeBB:
        """A connection through the proxy (or ``direct``), with so many seconds of patience for an answer."""
        return open_connection(
            self.server.url if direct else self.proxy.url,
            NAME,
            Account(Identities.ME, self.token),
            sequence=_Numbers(numbers) if numbers is not None else None,
            pacing=Pacing(NAME, self.clock.monotonic),
            limits=Limits(seconds=patience),
            now=self.clock.now,
        )

    def close(self) -> None:
        """End server and proxy."""
        self.proxy.close()
        self.server.close()


class _Numbers(Numbers):
    def __init__(self, give: Callable[[], int]) -> None:
        super().__init__()
        self._give = give

    def next(self) -> int:
        return self._give()


class Copy:
    """The mirror of a home: writer, reader for the person, and what a connector may ask."""

    def __init__(self, vault: Vault, clock: FakeClock) -> None:
        self.vault = vault
        self._clock = clock
        self.reader = MirrorReader(vault)
        self.open()

    def open(self) -> None:
        """The engine's side, anew after a crash."""
        self.writer = MirrorWriter(self.vault, now_ms=lambda: int(self._clock.now().timestamp() * 1000))
        self.known = MirrorKnown(self.vault, NAME)

    def absorb(self, records: Sequence[Records]) -> None:
        """Read-backs."""
        if records:
            self.writer.apply(Batch(tuple(records), {}), NAME)

    def write(self, batches: Iterator[Batch]) -> None:
        """What a pull brings."""
        for batch in batches:
            self.writer.apply(batch, NAME)

    def close_engine(self) -> None:
        """As a crash would leave it."""
        self.known.close()
        self.writer.close()

    def close(self) -> None:
        """All of it."""
        self.close_engine()
        self.reader.close()


def row_of(connection: Connection, me: Identity, url: str) -> CommunityRow:
    """The community as the stores know it."""
    capabilities = frozenset(str(capability) for capability in connection.capabilities)
    return CommunityRow(NAME, url, connection.info(), me, capabilities)


def pull(connection: NodeBB, copy: Copy, now: datetime) -> None:
    """Everything that is not known yet, then what changed."""
    copy.write(connection.catch_up(copy.known, now - HORIZON))
    copy.write(connection.poll(copy.known))


@cache
def _prepared(community_seed: int) -> Path:
    """A home that has read the community of this seed once; copied by every run, so it is read once a process."""
    home = Path(mkdtemp(prefix="mq-ground-", dir=in_memory()))
    with ExitStack() as stack:
        stack.callback(_forget_at_exit, home)
        clock = FakeClock()
        ground = stack.enter_context(closing(Ground(clock, community_seed)))
        copy = stack.enter_context(closing(Copy(Vault(home, _KEY), clock)))
        connection = stack.enter_context(closing(ground.connect(copy.writer.next_seq, direct=True)))
        copy.writer.put_community(row_of(connection, connection.identify(), ground.server.url))
        pull(connection, copy, clock.now())
    _make_stores(home)
    return home


def _forget_at_exit(home: Path) -> None:
    import atexit

    atexit.register(shutil.rmtree, home, True)


@cache
def _empty() -> Path:
    """A home whose mirror knows nothing yet."""
    home = Path(mkdtemp(prefix="mq-ground-", dir=in_memory()))
    with closing(Copy(Vault(home, _KEY), FakeClock())):
        _forget_at_exit(home)
    _make_stores(home)
    return home


def _make_stores(home: Path) -> None:
    """Journal and team store, empty: copied with the rest, for making them takes longer."""
    clock = FakeClock()
    open_journal(Vault(home, _KEY), clock.now).close()
    open_team(Vault(home, _KEY), clock.now).close()


def vault_in(folder: Path, community_seed: int | None) -> Vault:
    """A vault in this folder whose mirror knows the community of that seed, or nothing."""
    known = _empty() if community_seed is None else _prepared(community_seed)
    shutil.copytree(known, folder, dirs_exist_ok=True)
    return Vault(folder, _KEY)


def dice_of(seed: int) -> random.Random:
    """The dice of a run."""
    return random.Random(f"run {seed}")

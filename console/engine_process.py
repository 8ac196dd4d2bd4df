"""The engine's process: ``marquee engine``, started on demand by :mod:`console.engine_client`."""

import argparse
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, cast

from console import keyrings
from console.alarm_channels import ALARM
from console.credentials import Credentials, ForThisRun
from console.engine_client import ANOTHER_RUNS
from console.settings import Settings, load
from console.ticket_offices import TICKET
from moderation.errors import StoreError

if TYPE_CHECKING:
    from console.alarming import EngineAlarms
    from console.cli.context import Context
    from console.connectors import Connections
    from console.ticket_offices import TicketOffices
    from sync.engine.host import Engine, Options
    from sync.journal.store import SqlJournal

GENERATION = "journal-generation"
RENEW_EVERY = 300.0
NICENESS = 10


def run(context: "Context", parsed: argparse.Namespace) -> int:
    """Serve until idle or told to end; the exit code says whether another engine runs already."""
    from console.engine_stores import engine_stores
    from sync.engine.host import Engine
    from sync.engine.lock import holder

    given = ForThisRun.of(context.environment, context.community)
    if parsed.secrets_stdin:
        given = ForThisRun.parse(sys.stdin.readline())
    context.home.prepare()
    if holder(context.home.root) is not None:
        return ANOTHER_RUNS
    _log()
    trusted = context.settings.trusted_keyring
    credentials = Credentials(context.home, given, lambda: keyrings.find_backend(trusted))

    def settings() -> Settings:
        return load(context.home.settings)

    with engine_stores(context.home, settings, credentials) as (stores, connections):
        journal = cast("SqlJournal", stores.journal)
        recognise_restored(journal, credentials)
        begin_generation(journal, credentials)
        keep = partial(_keep, connections, cast("TicketOffices", stores.offices), cast("EngineAlarms", stores.alarming))
        engine = Engine(context.home.root, stores, options(context.settings), keep)
        if not engine.start():
            return ANOTHER_RUNS
        _end_politely(engine)
        _stand_back()
        ended = threading.Event()
        renewing = partial(renew_generations, journal, credentials, ended)
        threading.Thread(target=renewing, name="generations", daemon=True).start()
        engine.wait()
        ended.set()
        begin_generation(journal, credentials)
    return 0


def _keep(
    connections: "Connections",
    offices: "TicketOffices",
    alarming: "EngineAlarms",
    name: str,
    identity: str,
    token: str,
    acts_as: str | None,
) -> bool:
    """A key that a client hands over: of a community, of a ticket system, of a channel of alarms."""
    if identity == ALARM:
        alarming.ways.keep(name, token)
        return False
    if identity == TICKET:
        offices.keep(name, token)
        return False
    return connections.keep(name, identity, token, acts_as)


def options(settings: Settings) -> "Options":
    """How the engine behaves by these settings."""
    from sync.engine.host import Options
    from sync.outbox import Timing

    return Options(
        idle=settings.idle_seconds,
        poll_every=settings.poll_seconds,
        horizon=timedelta(days=settings.horizon_days),
        timing=Timing(settle=settings.settle_seconds, look_every=min(15.0, max(0.2, settings.settle_seconds / 6))),
    )


def recognise_restored(journal: "SqlJournal", credentials: Credentials) -> int:
    """Compare the journal with the generation noted in the keyring; gives how many intents became doubtful.

    A journal older than the note came back from a backup: what waits in it may have been sent since.
    """
    noted = credentials.note(GENERATION) or "0"
    return len(journal.check_generation(int(noted) if noted.isdigit() else 0))


def begin_generation(journal: "SqlJournal", credentials: Credentials) -> None:
    """Begin a new generation: first in the journal, then in the keyring, so that a crash between says nothing false."""
    credentials.keep_note(GENERATION, str(journal.bump_generation()))


def renew_generations(
    journal: "SqlJournal", credentials: Credentials, ended: threading.Event, every: float = RENEW_EVERY
) -> None:
    """Until ``ended``, begin a new generation after a while in which the journal has changed: a backup made while the
    engine runs is recognised too.

    On a thread of its own, for a keyring that has been locked meanwhile may ask somebody who is not there.
    """
    known = journal.version()
    while not ended.wait(every):
        with suppress(StoreError):
            if (now := journal.version()) != known:
                begin_generation(journal, credentials)
                known = now


def _end_politely(engine: "Engine") -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        engine.stop()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)


def _stand_back() -> None:
    """Where the processor is short, the window's keys go before the engine's pull.

    Linux may weigh sessions, not processes (``sched_autogroup``, see sched(7)): the engine has a session of its own.
    """
    if sys.platform == "win32":
        return
    os.nice(NICENESS)
    if sys.platform == "linux" and os.getsid(0) == os.getpid():
        with suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(NICENESS), encoding="ascii")


def _log() -> None:
    """Warnings and what matters, to standard error: whoever started the process put a file there."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr, force=True
    )
    for name, level in (("urllib3", logging.ERROR), ("alembic", logging.WARNING)):
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)

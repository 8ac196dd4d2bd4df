"""Generations: how a journal that was restored from a backup is recognised.

The newest number also stands in the keyring. A journal with a smaller one is older than what this person did since: an
intent that waits in it may have been sent in the meantime.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from moderation.intents import FINAL, IntentState
from sync.journal import tables as t

RESTORED = "restored"


def current(db: Connection) -> int:
    """The newest generation, 0 when there is none yet."""
    return int(db.execute(sa.select(sa.func.coalesce(sa.func.max(t.generation.c.number), 0))).scalar_one())


def write(db: Connection, number: int, now: datetime) -> None:
    """Begin generation ``number``."""
    db.execute(t.generation.insert(), {"number": number, "at": now})


def distrust(db: Connection, now: datetime) -> list[str]:
    """Put every unfinished intent in doubt, whatever its state, with a question for a person; gives their ids.

    This is the one change that does not follow the arrows of :data:`moderation.intents.NEXT`.
    """
    final = [state.value for state in FINAL]
    unfinished = t.intent.c.state.not_in(final)
    ids = list(db.execute(sa.select(t.intent.c.id).where(unfinished).order_by(t.intent.c.id)).scalars())
    doubt = {"state": IntentState.IN_DOUBT.value, "question": RESTORED, "next_try": None, "changed_at": now}
    db.execute(t.intent.update().where(unfinished).values(doubt))
    return ids

"""The intents that a first list needs, read without SQLAlchemy: the window paints before that is imported.

Only reading, and only columns that the journal has had since its first revision.
"""

from datetime import UTC, datetime, timedelta

from moderation.actions import Action
from moderation.ids import Ref
from moderation.intents import FINAL, Identities, Intent, IntentState
from sync.vault import StoreFile, Vault, translated

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNFINISHED = tuple(sorted(state.value for state in IntentState if state not in FINAL))
_TROUBLED = (IntentState.CONFLICT.value, IntentState.REFUSED.value)
_COLUMNS = "id, plan, step, community, account, identity, action, target, item, created_at, state"
_ATTENTION = f"""SELECT {_COLUMNS} FROM intent
    WHERE state IN ({", ".join("?" * len(_UNFINISHED))}) OR (state IN (?, ?) AND NOT closed) ORDER BY id DESC"""  # noqa: S608


def attention(vault: Vault) -> list[Intent]:
    """What :meth:`moderation.ports.Journal.attention` gives, without what the list does not show.

    Empty where there is no journal yet. Raises :class:`~moderation.errors.StoreError`.
    """
    path = vault.path(StoreFile.JOURNAL)
    if not path.exists() or not path.stat().st_size:
        return []
    with translated(StoreFile.JOURNAL, path):
        connection = vault.connect(StoreFile.JOURNAL)
        try:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'intent'").fetchone():
                return []
            rows = connection.execute(_ATTENTION, (*_UNFINISHED, *_TROUBLED)).fetchall()
        finally:
            connection.close()
    return [_intent(*row) for row in rows]


def _intent(
    ident: str, plan: str, step: int, community: str, account: str, identity: str, action: str, target: str,
    item: str | None, created_us: int, state: str,
) -> Intent:  # fmt: skip
    return Intent(
        ident, plan, step, community, account, Identities(identity), Action(action), Ref.parse(target),
        _EPOCH + timedelta(microseconds=created_us), IntentState(state), Ref.parse(item) if item else None,
    )  # fmt: skip

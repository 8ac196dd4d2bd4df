"""The journal's port over SQL: every change is one transaction, compare and set."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from moderation.errors import OurBugError, UnknownIdError
from moderation.ids import Ref
from moderation.intents import FINAL, UNSENT, Intent, IntentState, Plan
from moderation.ports import Draft
from sync.journal import drafts, generations, steps
from sync.journal import tables as t
from sync.journal.rows import INTENTS, as_changes, as_intent, as_plans, as_row
from sync.vault.alchemy import reading, writing

_S = IntentState
_UNFINISHED = [state.value for state in IntentState if state not in FINAL]
_UNSENT = [state.value for state in UNSENT]
_ENDED = [_S.CONFIRMED.value, _S.REFUSED.value, _S.CONFLICT.value]
_TROUBLED = [_S.CONFLICT.value, _S.REFUSED.value]
_CHUNK = 500
RETIRED = "~before."
"""Stands in a receipt between the server's id and the time (ms) since when that id is something else's there."""


class SqlJournal:
    """Implements :class:`moderation.ports.Journal`; any number of threads and processes may have one open.

    Errors: :class:`~moderation.errors.StoreError` (``disk_full``, ``store_locked``, ...) with nothing half written.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    # Plans and intents

    def add(self, *plans: Plan) -> None:
        """Write plans with their intents in one transaction; on return all of them are on the disk."""
        with writing(self._engine) as db:
            for plan in plans:
                if db.execute(sa.select(t.plan.c.id).where(t.plan.c.id == plan.id)).first():
                    raise OurBugError("plan_exists", plan=plan.id)
                db.execute(t.plan.insert(), {"id": plan.id, "created_at": plan.created_at, "title": plan.title})
                if plan.intents:
                    db.execute(t.intent.insert(), [as_row(intent) for intent in plan.intents])
            steps.touch(db)

    def intent(self, intent: str) -> Intent | None:
        """One intent, or ``None``."""
        with reading(self._engine) as db:
            return steps.one(db, intent)

    def plan(self, plan: str) -> Plan | None:
        """A plan with its intents in order."""
        found = self._plans(sa.select(t.plan).where(t.plan.c.id == plan))
        return found[0] if found else None

    def plans(self, *, since: datetime | None = None, limit: int = 200) -> list[Plan]:
        """Plans, newest first."""
        query = sa.select(t.plan).order_by(t.plan.c.id.desc()).limit(limit)
        return self._plans(query if since is None else query.where(t.plan.c.created_at >= since))

    def _plans(self, query: sa.Select[Any]) -> list[Plan]:
        with reading(self._engine) as db:
            plans = db.execute(query).mappings().all()
            ids = [row["id"] for row in plans]
            parts = (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
            return as_plans(
                plans, [i for part in parts for i in _intents(db, INTENTS.where(t.intent.c.plan.in_(part)))]
            )

    def unfinished(self, community: str | None = None) -> list[Intent]:
        """Intents that are not final, oldest first (by id)."""
        query = INTENTS.where(t.intent.c.state.in_(_UNFINISHED)).order_by(t.intent.c.id)
        with reading(self._engine) as db:
            return _intents(db, query if community is None else query.where(t.intent.c.community == community))

    def attention(self) -> list[Intent]:
        """Intents for the screen: not final, or conflict or refused and not closed by a person, newest first."""
        open_trouble = sa.and_(t.intent.c.state.in_(_TROUBLED), t.intent.c.closed.is_(False))
        query = INTENTS.where(sa.or_(t.intent.c.state.in_(_UNFINISHED), open_trouble))
        with reading(self._engine) as db:
            return _intents(db, query.order_by(t.intent.c.id.desc()))

    def ended(self, limit: int) -> list[Intent]:
        """Confirmed, refused and conflicting intents, the one that ended last first."""
        query = INTENTS.where(t.intent.c.state.in_(_ENDED)).order_by(t.intent.c.changed_at.desc()).limit(limit)
        with reading(self._engine) as db:
            return _intents(db, query)

    # Changes

    def move(self, intent: str, expected: IntentState, to: IntentState, **facts: Any) -> Intent | None:
        """Change state if it is still ``expected``; ``None`` if it was not. See the port for the whole promise.

        Raises :class:`OurBugError` for a step that the states do not allow or a confirmation without receipt, and
        :class:`UnknownIdError` for an intent that is not here.
        """
        with writing(self._engine) as db:
            moved = steps.move(db, intent, expected, to, {"changed_at": self._now()} | facts)
            if moved is not None:
                steps.touch(db)
            return moved

    def update(self, intent: str, **facts: Any) -> Intent:
        """Change fields that are not the state; raises :class:`UnknownIdError` for an intent that is not here."""
        changes = as_changes({"changed_at": self._now()} | facts)
        with writing(self._engine) as db:
            db.execute(t.intent.update().where(t.intent.c.id == intent).values(changes))
            steps.touch(db)
            return steps.known(db, intent)

    def move_all(self, intents: Sequence[Intent], to: IntentState, **facts: Any) -> int:
        """:meth:`move` for many in one transaction; gives how many still were in the state that they have here.

        Raises :class:`OurBugError` for a step that the states do not allow, with nothing changed.
        """
        with writing(self._engine) as db:
            moved = steps.move_all(db, intents, to, {"changed_at": self._now()} | facts)
            if moved:
                steps.touch(db)
            return moved

    def cancel_held(self) -> list[Plan]:
        """Cancel every plan that has a step in its undo window; gives them, oldest first.

        One transaction: what is held when it begins is cancelled, what the engine has let go by then is not touched.
        """
        with writing(self._engine) as db:
            plans = steps.cancel_held(db, self._now())
            if plans:
                steps.touch(db)
        parts = (plans[start : start + _CHUNK] for start in range(0, len(plans), _CHUNK))
        found = (plan for part in parts for plan in self._plans(sa.select(t.plan).where(t.plan.c.id.in_(part))))
        return sorted(found, key=lambda plan: plan.id)

    def close_plan(self, plan: str) -> list[Intent]:
        """A person is done with it: blocked and unsent steps are cancelled, final ones leave the attention list.

        Gives the plan's intents by step. What is being sent or in doubt stays as it is.
        """
        mine = t.intent.c.plan == plan
        with writing(self._engine) as db:
            if not db.execute(sa.select(t.plan.c.id).where(t.plan.c.id == plan)).first():
                raise UnknownIdError("plan_unknown", plan=plan)
            unsent = t.intent.update().where(mine, t.intent.c.state.in_(_UNSENT))
            db.execute(unsent.values(state=_S.CANCELLED.value, changed_at=self._now()))
            final = [state.value for state in FINAL]
            db.execute(t.intent.update().where(mine, t.intent.c.state.in_(final)).values(closed=True))
            steps.touch(db)
            return _intents(db, INTENTS.where(mine).order_by(t.intent.c.step))

    def prune(self, before: datetime, limit: int = 200) -> int:
        """Delete up to ``limit`` plans of which nothing was changed since then and nothing needs a person; gives how
        many, 0 when none is left.
        """
        with writing(self._engine) as db:
            count = steps.prune(db, before, limit)
            if count:
                steps.touch(db)
            return count

    # Receipts

    def receipts(self, target: Ref) -> list[Intent]:
        """Confirmed intents on this target or item, newest first."""
        about = sa.or_(t.intent.c.target == str(target), t.intent.c.item == str(target))
        query = INTENTS.where(about, t.intent.c.state == _S.CONFIRMED.value).order_by(t.intent.c.id.desc())
        with reading(self._engine) as db:
            return _intents(db, query)

    def receipt_taken(self, server_id: str, community: str | None = None) -> bool:
        """True when this server id is the receipt of an intent, of that community where one is named."""
        query = sa.select(t.receipt.c.intent).where(t.receipt.c.server_id == server_id)
        with reading(self._engine) as db:
            here = query if community is None else query.where(t.receipt.c.community == community)
            return db.execute(here).first() is not None

    def retire_receipts(self, community: str) -> None:
        """The server will give these ids again: receipts keep them with a mark behind, and take them no more."""
        mark = f"{RETIRED}{int(self._now().timestamp() * 1000)}"
        mine = sa.and_(t.receipt.c.community == community, sa.not_(t.receipt.c.server_id.contains(RETIRED)))
        with writing(self._engine) as db:
            db.execute(t.receipt.update().where(mine).values(server_id=t.receipt.c.server_id + mark))
            steps.touch(db)

    def version(self) -> int:
        """A number that grows with every change by anyone; cheap to poll."""
        with reading(self._engine) as db:
            return steps.version(db)

    # Drafts

    def save_draft(self, draft: Draft) -> None:
        """Keep unsent text; an empty text removes the draft."""
        with writing(self._engine) as db:
            drafts.save(db, draft)
            steps.touch(db)

    def draft(self, place: str) -> Draft | None:
        """The draft of a place."""
        with reading(self._engine) as db:
            found = drafts.read(db, place)
            return found[0] if found else None

    def drafts(self) -> list[Draft]:
        """All drafts, newest first."""
        with reading(self._engine) as db:
            return drafts.read(db)

    def drop_drafts_about(self, gone: list[Ref]) -> int:
        """Delete drafts whose place or facts name something that was erased; gives how many."""
        with writing(self._engine) as db:
            count = drafts.drop_about(db, {str(ref) for ref in gone})
            if count:
                steps.touch(db)
            return count

    # Generations

    def generation(self) -> int:
        """The number of this journal's generation, 0 before the first."""
        with reading(self._engine) as db:
            return generations.current(db)

    def check_generation(self, expected: int) -> list[Intent]:
        """Compare with the number mirrored in the keyring; gives the intents that became doubtful.

        A journal that is older than ``expected`` was restored from a backup: each unfinished intent may have been sent
        since. They become ``in_doubt`` with question ``restored``, and the journal takes the number ``expected``.
        """
        with writing(self._engine) as db:
            if generations.current(db) >= expected:
                return []
            doubtful = generations.distrust(db, self._now())
            generations.write(db, expected, self._now())
            steps.touch(db)
            return [steps.known(db, intent) for intent in doubtful]

    def bump_generation(self) -> int:
        """Begin a new generation; the result is to be mirrored in the keyring."""
        with writing(self._engine) as db:
            number = generations.current(db) + 1
            generations.write(db, number, self._now())
            return number


def _intents(db: Connection, query: sa.Select[Any]) -> list[Intent]:
    return [as_intent(row) for row in db.execute(query).mappings()]

"""Cases in the team store: opened once, their steps kept as they end, with the notes of staff on them."""

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from moderation.cases import Case, CaseState, CaseStep
from moderation.conversation import CaseNote, NoteKind
from moderation.ids import Ref
from moderation.intents import IntentState
from sync.team import tables as t
from sync.team.rows import TOUCH, first
from sync.vault.alchemy import reading, writing

_CASE = (
    "community", "key", "thread", "title", "customer", "customer_name", "shape", "place",
    "opened_by", "opened_by_name", "opened_at",
)  # fmt: skip
_NOTE = ("id", "community", "case", "author", "author_name", "at", "text")
_STEP = ("intent", "community", "case", "action", "target", "made", "receipt", "at", "facts")
_CHUNK = 500


class SqlCases:
    """Implements :class:`moderation.cases.Cases` and :class:`moderation.conversation.CaseNotes` over the engine of a
    team store.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_case(self, case: Case) -> Case:
        """Keep a new case; gives the one that has this key already."""
        row = {name: getattr(case, name) for name in _CASE} | {"state": case.state.value}
        with writing(self._engine) as db:
            if first(db, t.cases, row, "community", "key"):
                db.execute(TOUCH)
                return case
            same = sa.and_(t.cases.c.community == case.community, t.cases.c.key == case.key)
            return _with_steps(db, [_case(db.execute(sa.select(t.cases).where(same)).mappings().one())])[0]

    def note_step(self, step: CaseStep) -> None:
        """Keep how a step ended; the same intent again replaces what was kept of it."""
        row = {name: getattr(step, name) for name in _STEP} | {"state": step.state.value}
        with writing(self._engine) as db:
            if not first(db, t.case_step, row, "intent"):
                db.execute(t.case_step.update().where(t.case_step.c.intent == step.intent).values(row))
            db.execute(TOUCH)

    def set_case_state(
        self, community: str, key: str, state: CaseState, *, instead_of: CaseState | None = None
    ) -> bool:
        """Let a case stand otherwise; with ``instead_of`` only where it stands so now. ``False``: it does not."""
        mine = sa.and_(t.cases.c.community == community, t.cases.c.key == key)
        if instead_of is not None:
            mine = sa.and_(mine, t.cases.c.state == instead_of.value)
        with writing(self._engine) as db:
            changed = db.execute(t.cases.update().where(mine).values(state=state.value)).rowcount
            db.execute(TOUCH)
        return bool(changed)

    def case_state(self, community: str, key: str) -> CaseState | None:
        """How a case stands, ``None`` for one that is not known."""
        mine = sa.and_(t.cases.c.community == community, t.cases.c.key == key)
        with reading(self._engine) as db:
            state = db.execute(sa.select(t.cases.c.state).where(mine)).scalar()
        return None if state is None else CaseState(state)

    def cases(self, *, community: str | None = None, thread: str | None = None) -> list[Case]:
        """Cases with their steps in the order in which these ended, newest case first."""
        query = sa.select(t.cases).order_by(t.cases.c.opened_at.desc(), t.cases.c.key.desc())
        if community is not None:
            query = query.where(t.cases.c.community == community)
        if thread is not None:
            query = query.where(t.cases.c.thread == thread)
        with reading(self._engine) as db:
            return _with_steps(db, [_case(row) for row in db.execute(query).mappings()])

    def add_case_note(self, note: CaseNote) -> None:
        """Keep a note; the same id twice is one note."""
        row = {name: getattr(note, name) for name in _NOTE} | {"kind": note.kind.value}
        with writing(self._engine) as db:
            if first(db, t.case_note, row, "id"):
                db.execute(TOUCH)

    def case_notes(self, community: str, case: str) -> list[CaseNote]:
        """Notes of a case, oldest first."""
        mine = sa.and_(t.case_note.c.community == community, t.case_note.c.case == case)
        query = sa.select(t.case_note).where(mine).order_by(t.case_note.c.at, t.case_note.c.id)
        with reading(self._engine) as db:
            rows = db.execute(query).mappings()
            return [CaseNote(**{name: row[name] for name in _NOTE}, kind=NoteKind(row["kind"])) for row in rows]

    def forget_in_cases(self, gone: Iterable[Ref]) -> int:
        """Take the names of erased members and the titles of erased threads out of cases, and what staff noted on the
        cases of such members; gives how many.
        """
        ids = [str(ref) for ref in gone]
        blanked = 0
        with writing(self._engine) as db:
            for start in range(0, len(ids), _CHUNK):
                some = ids[start : start + _CHUNK]
                named = t.cases.update().where(t.cases.c.customer.in_(some), t.cases.c.customer_name != "")
                blanked += db.execute(t.case_note.delete().where(_of_customers(some))).rowcount
                titled = t.cases.update().where(t.cases.c.thread.in_(some), t.cases.c.title != "")
                blanked += db.execute(named.values(customer_name="")).rowcount
                blanked += db.execute(titled.values(title="")).rowcount
            if blanked:
                db.execute(TOUCH)
        return blanked


def _of_customers(ids: list[str]) -> sa.ColumnElement[bool]:
    """Notes on cases of these customers."""
    theirs = sa.and_(t.cases.c.customer.in_(ids), t.cases.c.community == t.case_note.c.community)
    return sa.exists().where(theirs, t.cases.c.key == t.case_note.c.case)


def _case(row: sa.RowMapping) -> Case:
    return Case(**{name: row[name] for name in _CASE}, state=CaseState(row["state"]))


def _with_steps(db: Connection, cases: list[Case]) -> list[Case]:
    steps: dict[tuple[str, str], list[CaseStep]] = {}
    keys = [case.key for case in cases]
    for start in range(0, len(keys), _CHUNK):
        query = sa.select(t.case_step).where(t.case_step.c.case.in_(keys[start : start + _CHUNK]))
        for row in db.execute(query.order_by(t.case_step.c.at, t.case_step.c.intent)).mappings():
            step = CaseStep(**{name: row[name] for name in _STEP}, state=IntentState(row["state"]))
            steps.setdefault((step.community, step.case), []).append(step)
    found = [(case, steps.get((case.community, case.key), ())) for case in cases]
    return [replace(case, steps=tuple(own)) for case, own in found]

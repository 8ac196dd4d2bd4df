"""Proofs in the team store: wanted once, checked by one at a time, their evidence only added to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from moderation.ids import Ref
from moderation.proof import Answer, Finding, Fingerprint, Incident, Probe, Proof, Standing, Subject, Viewer, What
from sync.team import tables as t
from sync.team.rows import TOUCH, first
from sync.vault.alchemy import reading, writing

_PROOF = ("id", "purpose", "about", "asked_by", "asked_at", "checks", "first_at", "checked_at", "due_at")
_INCIDENT = ("id", "proof", "community", "opened_at", "gone_at", "closed_at", "closed_by", "reason")


class SqlProofs:
    """Implements :class:`moderation.proof.ports.Proofs` over the engine of a team store."""

    _engine: Engine

    def want_proof(self, proof: Proof) -> None:
        """Keep a proof that is wanted."""
        with writing(self._engine) as db:
            if first(db, t.proof, _proof_row(proof), "id"):
                db.execute(TOUCH)

    def proof(self, proof: str) -> Proof | None:
        """One proof with what is known now."""
        return next(iter(self._proofs(t.proof.c.id == proof)), None)

    def proofs(
        self, *, community: str | None = None, thread: Ref | None = None, about: str | None = None, limit: int = 50
    ) -> list[Proof]:
        """Proofs, newest first."""
        wanted = {t.proof.c.community: community, t.proof.c.thread: str(thread) if thread else None}
        conditions = [column == value for column, value in (wanted | {t.proof.c.about: about}).items() if value]
        return self._proofs(*conditions, order=(t.proof.c.asked_at.desc(), t.proof.c.id.desc()), limit=limit)

    def due_proofs(self, community: str, now: datetime) -> list[Proof]:
        """Proofs whose next check is due, the longest due first."""
        due = sa.and_(t.proof.c.community == community, t.proof.c.due_at <= now)
        return self._proofs(due, order=(t.proof.c.due_at, t.proof.c.id))

    def next_proof_due(self, community: str) -> datetime | None:
        """When the next check of a community is due."""
        query = sa.select(t.proof.c.due_at).where(t.proof.c.community == community, t.proof.c.due_at.is_not(None))
        with reading(self._engine) as db:
            found: datetime | None = db.execute(query.order_by(t.proof.c.due_at).limit(1)).scalar()
            return found

    def take_proof(self, proof: str, now: datetime, until: datetime) -> bool:
        """Take a check upon oneself until then."""
        free = sa.or_(t.proof.c.taken_until.is_(None), t.proof.c.taken_until <= now)
        due = sa.and_(t.proof.c.id == proof, t.proof.c.due_at <= now, free)
        with writing(self._engine) as db:
            return db.execute(t.proof.update().where(due).values(taken_until=until)).rowcount == 1

    def give_back_proof(self, proof: str) -> None:
        """Give a check up that was taken."""
        with writing(self._engine) as db:
            db.execute(t.proof.update().where(t.proof.c.id == proof).values(taken_until=None))

    def keep_check(self, proof: Proof, fresh: Sequence[Finding]) -> None:
        """Keep what a check came to, and what in it is new."""
        with writing(self._engine) as db:
            before = db.execute(sa.select(t.proof.c.findings).where(t.proof.c.id == proof.id)).scalar()
            known = {_key(one): _same(one) for one in map(_finding, before or ())}
            news = [one for one in fresh if known.get(_key(one)) != _same(one)]
            rows = {_evidence_key(proof, one): one for one in news}
            if rows:
                db.execute(t.evidence.insert(), [_evidence_row(key, one) for key, one in rows.items()])
            row = _proof_row(proof) | {"taken_until": None}
            db.execute(t.proof.update().where(t.proof.c.id == proof.id).values(row))
            db.execute(TOUCH)

    def want_check(self, proof: str, now: datetime) -> bool:
        """Let the next check be due now."""
        with writing(self._engine) as db:
            done = db.execute(t.proof.update().where(t.proof.c.id == proof).values(due_at=now)).rowcount == 1
            if done:
                db.execute(TOUCH)
            return done

    def end_proof(self, proof: str) -> None:
        """Let no further check be due."""
        with writing(self._engine) as db:
            db.execute(t.proof.update().where(t.proof.c.id == proof).values(due_at=None))
            db.execute(TOUCH)

    def evidence(self, proof: str) -> list[tuple[int, Finding]]:
        """Findings that differed from the check before, in order."""
        query = sa.select(t.evidence).where(t.evidence.c.proof == proof)
        order = (t.evidence.c.check_number, t.evidence.c.viewer, t.evidence.c.what, t.evidence.c.place)
        with reading(self._engine) as db:
            return [
                (row["check_number"], _finding(row["finding"])) for row in db.execute(query.order_by(*order)).mappings()
            ]

    def open_incident(self, incident: Incident) -> bool:
        """Open an incident, unless one of this proof is open."""
        mine = sa.and_(t.incident.c.proof == incident.proof, t.incident.c.closed_at.is_(None))
        with writing(self._engine) as db:
            if db.execute(sa.select(t.incident.c.id).where(mine)).first() is not None:
                return False
            facts = {"thread": str(incident.thread), "posts": [*map(str, incident.posts)], "places": [*incident.places]}
            opened = first(db, t.incident, {name: getattr(incident, name) for name in _INCIDENT} | facts, "id")
            if opened:
                db.execute(TOUCH)
            return opened

    def incidents(self, *, community: str | None = None, only_open: bool = False) -> list[Incident]:
        """Incidents, newest first."""
        query = sa.select(t.incident).order_by(t.incident.c.opened_at.desc(), t.incident.c.id.desc())
        if community is not None:
            query = query.where(t.incident.c.community == community)
        if only_open:
            query = query.where(t.incident.c.closed_at.is_(None))
        with reading(self._engine) as db:
            return [_incident(row) for row in db.execute(query).mappings()]

    def note_incident(self, proof: str, places: Sequence[str], gone_at: datetime | None) -> bool:
        """Keep where the text was seen last, or since when it is gone."""
        mine = sa.and_(t.incident.c.proof == proof, t.incident.c.closed_at.is_(None))
        with writing(self._engine) as db:
            row = db.execute(sa.select(t.incident).where(mine)).mappings().first()
            if row is None or (gone_at is not None and row["gone_at"] is not None):
                return False
            if gone_at is None and row["gone_at"] is None and row["places"] == [*places]:
                return False
            values: dict[str, Any] = {"gone_at": gone_at} | ({"places": [*places]} if places else {})
            db.execute(t.incident.update().where(t.incident.c.id == row["id"]).values(values))
            db.execute(TOUCH)
            return True

    def close_incident(self, incident: str, by: str, reason: str, at: datetime) -> bool:
        """Close one that is open."""
        mine = sa.and_(t.incident.c.id == incident, t.incident.c.closed_at.is_(None))
        with writing(self._engine) as db:
            values = {"closed_at": at, "closed_by": by, "reason": reason}
            closed = db.execute(t.incident.update().where(mine).values(values)).rowcount == 1
            if closed:
                db.execute(TOUCH)
            return closed

    def forget_in_proofs(self, gone: Iterable[Ref]) -> int:
        """Take the words to search by out of proofs about erased things."""
        ids, forgotten = {str(ref) for ref in gone}, 0
        for proof in self._proofs() if ids else []:
            about = {str(proof.subject.thread), *map(str, proof.subject.posts)}
            if proof.subject.words and ids & about:
                bare = _subject_row(replace(proof.subject, words=()))
                with writing(self._engine) as db:
                    db.execute(t.proof.update().where(t.proof.c.id == proof.id).values(subject=bare))
                forgotten += 1
        return forgotten

    def _proofs(self, *conditions: Any, order: Sequence[Any] = (), limit: int | None = None) -> list[Proof]:
        query = sa.select(t.proof).where(*conditions).order_by(*order).limit(limit)
        with reading(self._engine) as db:
            return [_proof(row) for row in db.execute(query).mappings()]


def _proof_row(proof: Proof) -> dict[str, Any]:
    return {name: getattr(proof, name) for name in _PROOF} | {
        "community": proof.subject.community,
        "thread": str(proof.subject.thread),
        "subject": _subject_row(proof.subject),
        "standing": proof.standing.value,
        "findings": [_finding_row(one) for one in proof.findings],
    }


def _proof(row: sa.RowMapping) -> Proof:
    facts = {name: row[name] for name in _PROOF}
    findings = tuple(map(_finding, row["findings"]))
    return Proof(**facts, subject=_subject(row["subject"]), standing=Standing(row["standing"]), findings=findings)


def _subject_row(subject: Subject) -> dict[str, Any]:
    return {
        "community": subject.community,
        "thread": str(subject.thread),
        "posts": [*map(str, subject.posts)],
        "marks": subject.marks.packed(),
        "whole": subject.whole,
        "redacted": subject.redacted,
        "titled": subject.titled,
        "elsewhere": [*map(str, subject.elsewhere)],
        "words": [*subject.words],
        "places": {name: [*values] for name, values in subject.places.items()},
    }


def _subject(row: Mapping[str, Any]) -> Subject:
    return Subject(
        community=row["community"],
        thread=Ref.parse(row["thread"]),
        posts=tuple(map(Ref.parse, row["posts"])),
        marks=Fingerprint.unpacked(row["marks"]),
        whole=row["whole"],
        redacted=row["redacted"],
        titled=row["titled"],
        elsewhere=tuple(map(Ref.parse, row["elsewhere"])),
        words=tuple(row["words"]),
        places={name: tuple(values) for name, values in row["places"].items()},
    )


def _finding_row(found: Finding) -> list[Any]:
    probe = found.probe
    asked = [probe.what.value, probe.place, probe.viewer.value, probe.mandatory]
    told = [found.answer.value, found.reason, found.at.isoformat(), found.request, found.status]
    return [*asked, *told, found.digest, found.snippet]


def _finding(row: Sequence[Any]) -> Finding:
    what, place, viewer, mandatory, answer, reason, at, request, status, digest, snippet = row
    probe = Probe(What(what), place, Viewer(viewer), mandatory)
    when = datetime.fromisoformat(at)
    return Finding(probe, Answer(answer), reason, when, request, status, digest, snippet)


def _key(found: Finding) -> tuple[str, str, str]:
    return found.probe.what, found.probe.place, found.probe.viewer


def _same(found: Finding) -> tuple[str, str, int]:
    """What makes a finding news: not the hash, for a page differs from one minute to the next."""
    return found.answer, found.reason, found.status


def _evidence_key(proof: Proof, found: Finding) -> tuple[str, int, str, str, str]:
    return proof.id, proof.checks, found.probe.place, found.probe.what.value, found.probe.viewer.value


def _evidence_row(key: tuple[str, int, str, str, str], found: Finding) -> dict[str, Any]:
    names = ("proof", "check_number", "place", "what", "viewer")
    return dict(zip(names, key, strict=True)) | {"finding": _finding_row(found)}


def _incident(row: sa.RowMapping) -> Incident:
    facts = {name: row[name] for name in _INCIDENT}
    posts, places = tuple(map(Ref.parse, row["posts"])), tuple(row["places"])
    return Incident(**facts, thread=Ref.parse(row["thread"]), posts=posts, places=places)

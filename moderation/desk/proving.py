"""Proving that a text is gone: asked for here, done by the engine as an outsider, answered with evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from moderation.actions import Action
from moderation.content import Post
from moderation.desk.bench import Bench, reference
from moderation.desk.triage import Triage
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.intents import Plan
from moderation.proof import Finding, Incident, Proof, Proofs, Subject, closable, distinctive, fingerprint

_MOST_POSTS = 200
_KEY_LETTERS = 32


@dataclass(frozen=True, slots=True)
class Gone:
    """What should be gone, beyond the posts that are named.

    ``whole``: the thread with all its posts. ``redacted``: the posts stay in a new wording, and what they said before
    must be gone. ``titled``: the title too. ``pieces`` are parts that tell by themselves (what a finder marked),
    ``texts`` further wordings that are known here, ``allowed`` what may stay public, ``elsewhere`` posts that may quote
    the text.
    """

    whole: bool = False
    redacted: bool = False
    titled: bool = False
    pieces: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    elsewhere: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """What needs a person: open incidents, of those the ones whose text can still be read, and checks that are late.

    Where the proof has ended, because its case was taken back, the text may be read again: that alarms nobody.
    """

    incidents: tuple[Incident, ...]
    readable: tuple[Incident, ...]
    overdue: tuple[Proof, ...]


class Proving:
    """Wants proofs and reads them; the remedy for a text that is seen is the usual decision to hide its posts."""

    def __init__(self, bench: Bench, triage: Triage) -> None:
        self._bench = bench
        self._triage = triage

    def prove(self, about: Ref | str, gone: Gone = Gone(), *, purpose: str = "erasure", case: str = "") -> Proof:
        """Want a proof for a post, or for a thread (then for all of it). It is wanted durably when this returns.

        Raises ``UnknownIdError`` for what is neither, and ``post_unknown`` for a post whose thread is not known.
        """
        ref = reference(about)
        thread, posts = self._meant(ref)
        whole = gone.whole or ref.kind is Kind.THREAD
        now, key = self._bench.clock.now(), self._bench.ids.new()
        subject = self._subject(thread, posts, gone, whole, _fresh_key(key))
        me = self._bench.community(thread.community).identity.member
        proof = Proof(key, subject, purpose, str(me), now, about=case, due_at=now)
        self._proofs.want_proof(proof)
        self._bench.engine.wake("prove")
        return proof

    def proof(self, proof: str) -> Proof:
        """A proof as it stands; raises ``UnknownIdError`` ``proof_unknown``."""
        found = self._proofs.proof(proof)
        if found is None:
            raise UnknownIdError("proof_unknown", id=proof)
        return found

    def proofs(self, thread: Ref | str | None = None, *, case: str | None = None) -> list[Proof]:
        """Proofs, newest first, of a thread or a case or all."""
        return self._proofs.proofs(thread=reference(thread) if thread is not None else None, about=case)

    def evidence(self, proof: str) -> list[tuple[int, Finding]]:
        """What each check found that the one before had not."""
        return self._proofs.evidence(proof)

    def again(self, proof: str) -> None:
        """Check now; raises ``UnknownIdError`` ``proof_unknown``."""
        if not self._proofs.want_check(proof, self._bench.clock.now()):
            raise UnknownIdError("proof_unknown", id=proof)
        self._bench.engine.wake("prove")

    def alarm(self, community: str | None = None) -> Alarm:
        """What needs a person now; cheap enough for the window's banner, off its thread."""
        now = self._bench.clock.now()
        incidents = tuple(self._proofs.incidents(community=community, only_open=True))
        proofs = self._proofs.proofs(community=community)
        ended = {proof.id for proof in proofs if proof.over}
        readable = tuple(one for one in incidents if one.gone_at is None and one.proof not in ended)
        late = tuple(proof for proof in proofs if proof.overdue(now))
        return Alarm(incidents, readable, late)

    def incidents(self, community: str | None = None) -> list[Incident]:
        """All incidents, newest first."""
        return self._proofs.incidents(community=community)

    def remedy(self, incident: str) -> list[Plan]:
        """Hide the posts of an incident, at once; the next check says whether that was enough.

        Raises ``UnknownIdError`` ``incident_unknown``, and ``NotAllowedError`` ``nothing_to_act_on`` where no post is
        known.
        """
        found = self._incident(incident)
        if not found.posts:
            raise NotAllowedError("nothing_to_act_on", action=str(Action.HIDE), item=str(found.thread))
        plans = [self._triage.decide(post, Action.HIDE, hold_seconds=0.0) for post in found.posts if self._shown(post)]
        self._proofs.want_check(found.proof, self._bench.clock.now())
        self._bench.engine.wake("prove")
        return plans

    def close(self, incident: str, reason: str, *, accepted: bool = False) -> Incident:
        """Close an incident with a reason.

        Raises ``NotAllowedError``: ``reason_missing``; ``still_visible`` while the text is seen and that is not
        ``accepted``.
        """
        found = self._incident(incident)
        closable(found, self._proofs.proof(found.proof), reason, accepted)
        me = self._bench.community(found.community).identity.member
        self._proofs.close_incident(incident, str(me), reason.strip(), self._bench.clock.now())
        return self._incident(incident)

    def open_for(self, incident: Incident, now: datetime) -> float:
        """Seconds for which the text could be read, as far as is known: until it was gone, or until now."""
        return max(0.0, ((incident.gone_at or now) - incident.opened_at).total_seconds())

    @property
    def _proofs(self) -> Proofs:
        return cast(Proofs, self._bench.team)

    def _incident(self, ident: str) -> Incident:
        for incident in self._proofs.incidents():
            if incident.id == ident:
                return incident
        raise UnknownIdError("incident_unknown", id=ident)

    def _shown(self, ref: Ref) -> bool:
        post = self._bench.mirror.post(ref)
        return post is None or not post.hidden

    def _meant(self, ref: Ref) -> tuple[Ref, tuple[Ref, ...]]:
        """The thread, and the posts that are named."""
        if ref.kind is Kind.THREAD:
            posts = self._bench.mirror.posts(ref, limit=_MOST_POSTS)
            return ref, tuple(post.id for post in posts)
        if ref.kind is not Kind.POST:
            raise UnknownIdError("not_a_post", id=str(ref))
        post = self._bench.mirror.post(ref)
        if post is None or post.thread is None:
            raise UnknownIdError("post_unknown", id=str(ref))
        return post.thread, (ref,)

    def _subject(self, thread: Ref, posts: Sequence[Ref], gone: Gone, whole: bool, key: str) -> Subject:
        known = [post for ref in posts if (post := self._bench.mirror.post(ref)) is not None]
        said = [wording for post in known for wording in _wordings(post)]
        head = self._bench.mirror.thread(thread)
        title = [head.title] if gone.titled and head is not None else []
        texts = [*gone.texts, *title, *([] if gone.redacted else said)]
        allowed = [*gone.allowed, *(said if gone.redacted else [])]
        marks = fingerprint(texts, key, pieces=[*gone.pieces, *title], allowed=allowed, short=not whole)
        words = distinctive(texts) if self._was_public(known) else ()
        flags = (whole, gone.redacted, gone.titled)
        return Subject(thread.community, thread, tuple(posts), marks, *flags, gone.elsewhere, words)

    def _was_public(self, posts: Iterable[Post]) -> bool:
        """True when these posts stand where everybody could read them: only such words are sent to a search."""
        forums = {post.forum for post in posts}
        known = {forum.id: forum for ref in forums if ref for forum in self._bench.mirror.forums(ref.community)}
        return bool(forums) and all(ref in known and known[ref].private is False for ref in forums if ref)


def _wordings(post: Post) -> list[str]:
    return [text for text in (post.body, post.body_html) if text]


def _fresh_key(ident: str) -> str:
    """A key of hashes from a fresh id: what is random in it is its end."""
    return ident.replace("-", "")[::-1][:_KEY_LETTERS]

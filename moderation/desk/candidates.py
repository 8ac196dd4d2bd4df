"""Candidates for going private: public posts with private data, what was found in them, and what is not private."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from moderation.desk.bench import Bench, reference
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.items import Item, ItemState
from moderation.ports import AuditEntry, Mirror
from moderation.privacy.dismissals import Dismissals, Found, NotPrivate, WhyNot
from moderation.privacy.spots import Spot

_KINDS = frozenset({Kind.POST, Kind.THREAD})


@dataclass(frozen=True, slots=True)
class SaidNotPrivate:
    """What :meth:`Candidates.not_private` did: the finds that stand no more, so that it can be taken back."""

    post: str
    spots: tuple[Spot, ...]


class Candidates:
    """Reads are local. What is said not to be private is the team's: no server hears of it."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @property
    def _said(self) -> Dismissals:
        return cast(Dismissals, self._bench.team)

    def found(self, post: Ref | str) -> Found:
        """What was found in a public post, or in a thread's title.

        Raises ``UnknownIdError`` ``post_unknown`` where there is no such post or nobody has looked at it yet.
        """
        ref = reference(post)
        if ref.kind not in _KINDS or (found := self._bench.mirror.found([ref]).get(str(ref))) is None:
            raise UnknownIdError("post_unknown", id=str(ref))
        return found

    def not_private(self, post: Ref | str, prints: Sequence[bytes], why: WhyNot | str) -> SaidNotPrivate:
        """These finds (all that stand, where none is named) are not private: for good, and for the team.

        Logged with the reason. Raises as :meth:`found`, and ``NotAllowedError`` ``find_unknown`` for a find that the
        post does not have, ``not_private_why_unknown``.
        """
        found, because = self.found(post), _why(why)
        chosen = [spot for spot in found.standing if not prints or spot.print in prints]
        if not chosen:
            raise NotAllowedError("find_unknown", id=found.post)
        me = self._bench.community(Ref.parse(found.post).community).identity
        done: dict[bytes, Spot] = {}
        for spot in chosen:
            said = NotPrivate(
                found.post, spot.print, spot.kind.value, because.value, str(me.member), me.name, self._bench.clock.now()
            )
            if spot.print not in done and self._said.dismiss(said):
                self._log("not_private", said, spot)
            done[spot.print] = spot
        self._bench.refresh_overlay()
        return SaidNotPrivate(found.post, tuple(done.values()))

    def take_back(self, what: SaidNotPrivate) -> None:
        """It is private after all."""
        me = self._bench.community(Ref.parse(what.post).community).identity
        for spot in what.spots:
            if self._said.take_back(what.post, spot.print):
                said = NotPrivate(
                    what.post, spot.print, spot.kind.value, "", str(me.member), me.name, self._bench.clock.now()
                )
                self._log("private_after_all", said, spot)
        self._bench.refresh_overlay()

    def _log(self, action: str, said: NotPrivate, spot: Spot) -> None:
        facts = {"kind": said.kind, "found": spot.reason, "snippet": spot.masked}
        self._bench.team.log(
            AuditEntry(
                said.at, said.by, action, None, said.post, said.why, "", "confirmed", self._bench.ids.new(), facts
            )
        )


def candidate(mirror: Mirror, ref: Ref) -> Item | None:
    """A post or thread as something to be looked at, like an item: no report, no state on a server."""
    if ref.kind is Kind.THREAD:
        thread = mirror.thread(ref)
        if thread is None:
            return None
        opening = mirror.post(thread.first_post) if thread.first_post is not None else None
        return Item(
            id=ref, state=ItemState.OPEN, created_at=thread.created_at, version="", forum=thread.forum, thread=ref,
            post=thread.first_post, author=thread.author, author_name=thread.author_name, thread_title=thread.title,
            body=opening.body if opening else None, body_html=opening.body_html if opening else None, detail=True,
        )  # fmt: skip
    post = mirror.post(ref)
    if post is None:
        return None
    thread = mirror.thread(post.thread) if post.thread is not None else None
    return Item(
        id=ref, state=ItemState.OPEN, created_at=post.created_at, version="", forum=post.forum, thread=post.thread,
        post=ref, author=post.author, author_name=post.author_name, thread_title=thread.title if thread else None,
        body=post.body, body_html=post.body_html, detail=True,
    )  # fmt: skip


def _why(why: WhyNot | str) -> WhyNot:
    try:
        return WhyNot(why)
    except ValueError:
        raise NotAllowedError("not_private_why_unknown", why=str(why)[:60], known=", ".join(WhyNot)) from None

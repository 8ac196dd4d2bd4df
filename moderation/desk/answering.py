"""Answering: a reply in a thread, to the audience that was meant, posted once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.content import Thread
from moderation.desk.bench import Bench, reference
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.findings import Audience, Finding, Severity, audience_of, check_text
from moderation.ids import Kind, Ref
from moderation.intents import Identities, Plan
from moderation.plans import Wish, make_plan
from moderation.ports import Draft

if TYPE_CHECKING:
    from moderation.desk.voicing import ReadySnippet, Voicing
    from moderation.voice.pack import Pack


@dataclass(frozen=True, slots=True)
class Answer:
    """An opened answer: where it goes, who reads it there, and the draft kept for it.

    ``seen`` is the thread's state at opening.
    """

    place: str
    thread: Thread
    audience: Audience
    draft: Draft | None
    seen: str


class Answering:
    """Checks, drafts and replies. ``voicing`` gives the company's voice, which is made when it is first asked."""

    def __init__(self, bench: Bench, voicing: "Callable[[], Voicing] | None" = None) -> None:
        self._bench = bench
        self._voicing = voicing

    def open(self, thread: Ref | str) -> Answer:
        """Open an answer in a thread; raises ``UnknownIdError`` ``thread_unknown``."""
        found = self._thread(reference(thread))
        place = f"reply:{found.id}"
        return Answer(place, found, self.audience(found), self._bench.journal.draft(place), _seen(found))

    def audience(self, thread: Thread) -> Audience:
        """Who can read this thread, see :func:`~moderation.findings.audience_of`."""
        forums = {forum.id: forum for forum in self._bench.mirror.forums(thread.id.community)}
        return audience_of(forums.get(thread.forum) if thread.forum else None)

    def check(
        self,
        text: str,
        thread: Ref | str,
        audience: Audience | str | None = None,
        seen: str | None = None,
        *,
        fresh: bool = True,
    ) -> list[Finding]:
        """What speaks against posting this text there for that audience; a finding of severity ``block`` stops it.

        ``audience`` is whom the person means to reach; a thread that others can read, or that fewer can, blocks.
        ``fresh``: what is private there, who may be named and how the company writes is read anew.
        """
        found = self._thread(reference(thread))
        real = self.audience(found)
        findings = self._of_text(text, found, real, fresh)
        if audience is not None and Audience(audience) is not real:
            findings.insert(0, Finding("audience_differs", Severity.BLOCK, None, f"audience_is_{real}"))
        if found.hidden:
            findings.insert(0, Finding("thread_hidden", Severity.ASK))
        if seen is not None and seen != _seen(found):
            findings.insert(0, Finding("thread_changed", Severity.ASK, None, "look_again"))
        return findings

    def reply(
        self,
        thread: Ref | str,
        text: str,
        *,
        identity: Identities = Identities.ME,
        audience: Audience | str | None = None,
        to_post: Ref | None = None,
        hold_seconds: float | None = None,
        agreed: Collection[Finding] | None = None,
    ) -> tuple[Plan | None, list[Finding]]:
        """Journal a reply.

        The plan is ``None`` when a finding blocks it, or when one asks that is not among those that the person has
        ``agreed`` to (``None``: nobody can be asked). The draft of the place is kept until it is confirmed. What was
        written for fewer than the public goes out only while the thread is where they read it.
        """
        ref = reference(thread)
        if ref.kind is not Kind.THREAD:
            raise UnknownIdError("not_a_thread", id=str(ref))
        self._bench.require(ref.community, Capability.REPLY)
        sender = self._bench.sender(ref.community, identity)
        findings = self.check(text, ref, audience)
        if any(_stops(finding, agreed) for finding in findings):
            return None, findings
        payload: dict[str, Any] = {"text": text}
        if to_post is not None:
            payload["to_post"] = str(to_post)
        found = self._thread(ref)
        if found.forum is not None and self.audience(found) is not Audience.PUBLIC:
            payload["only_in"] = str(found.forum)
        hold = self._bench.hold_seconds if hold_seconds is None else hold_seconds
        wish = Wish(Action.REPLY, ref, None, ref, "", payload)
        plan = make_plan([wish], sender, now=self._bench.clock.now(), new_id=self._bench.ids.new, hold_seconds=hold)
        self._bench.journal.add(plan)
        self._bench.engine.wake("reply")
        return plan, findings

    def _of_text(self, text: str, thread: Thread, audience: Audience, fresh: bool) -> list[Finding]:
        if self._voicing is None:
            return check_text(text, audience, self._bench.community(thread.id.community).info)
        return self._voicing().check(text, thread, audience, fresh=fresh)

    def voice(self, thread: Ref | str) -> "tuple[Pack | None, list[ReadySnippet]]":
        """The voice pack that holds in a thread, and its snippets with what the thread tells filled in."""
        if self._voicing is None:
            return None, []
        found, voicing = self._thread(reference(thread)), self._voicing()
        return voicing.pack(found), voicing.snippets(found)

    def save_draft(self, place: str, text: str, **facts: Any) -> None:
        """Keep unsent text on the disk; an empty text forgets it."""
        self._bench.journal.save_draft(Draft(place, text, self._bench.clock.now(), facts))

    def draft(self, place: str) -> Draft | None:
        """Unsent text of a place."""
        return self._bench.journal.draft(place)

    def drafts(self) -> list[Draft]:
        """All unsent texts, newest first."""
        return self._bench.journal.drafts()

    def _thread(self, ref: Ref) -> Thread:
        found = self._bench.mirror.thread(ref)
        if found is None:
            raise UnknownIdError("thread_unknown", id=str(ref))
        if found.locked and found.permitted is not None and "reply" not in found.permitted:
            raise NotAllowedError("thread_locked", id=str(ref))
        return found


def _stops(finding: Finding, agreed: Collection[Finding] | None) -> bool:
    asks = finding.severity is Severity.ASK and agreed is not None and finding not in agreed
    return asks or finding.severity is Severity.BLOCK


def _seen(thread: Thread) -> str:
    return f"{thread.last_post_at.isoformat() if thread.last_post_at else ''}/{thread.post_count}"

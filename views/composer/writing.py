"""What the composer asks of the desk; every function runs off the window's thread."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moderation.desk import Desk
from moderation.findings import Audience, Finding
from moderation.ids import Ref
from moderation.intents import Identities, Plan

if TYPE_CHECKING:
    from moderation.desk.voicing import ReadySnippet


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer as it was opened: ``place`` of its draft, who reads it there, the kept text, the thread as seen.
    ``pack`` names the voice pack that holds there, which says whether it is sent ``as_official``.
    """

    place: str
    audience: Audience
    text: str
    seen: str
    official: str | None
    pack: str = ""
    as_official: bool = False
    snippets: "tuple[ReadySnippet, ...]" = ()


def open_answer(desk: Desk, thread: Ref) -> Opened:
    """Open an answer in a thread."""
    answer = desk.answering.open(thread)
    row = next((row for row in desk.communities() if row.name == thread.community), None)
    official = row.official.name if row is not None and row.official is not None else None
    text = answer.draft.text if answer.draft is not None else ""
    opened = Opened(answer.place, answer.audience, text, answer.seen, official)
    pack, snippets = desk.answering.voice(thread)
    if pack is None:
        return opened
    return replace(opened, pack=pack.name, as_official=pack.identity is Identities.OFFICIAL, snippets=tuple(snippets))


def open_note(desk: Desk, place: str) -> str:
    """The kept text of a note."""
    draft = desk.answering.draft(place)
    return draft.text if draft is not None else ""


def check(desk: Desk, text: str, thread: Ref, audience: Audience, seen: str) -> list[Finding]:
    """What speaks against posting it."""
    return desk.answering.check(text, thread, audience, seen, fresh=False)


def save_draft(desk: Desk, place: str, text: str) -> None:
    """Keep unsent text."""
    desk.answering.save_draft(place, text)


def reply(
    desk: Desk, thread: Ref, text: str, official: bool, audience: Audience, agreed: tuple[Finding, ...]
) -> tuple[Plan | None, list[Finding]]:
    """Journal a reply; no plan when a finding blocks it, or asks and is not among those ``agreed`` to."""
    identity = Identities.OFFICIAL if official else Identities.ME
    return desk.answering.reply(thread, text, identity=identity, audience=audience, agreed=agreed)


def add_note(desk: Desk, item: Ref, text: str, place: str) -> Plan | None:
    """Write a staff note and forget its draft."""
    plan = desk.triage.note(item, text)
    desk.answering.save_draft(place, "")
    return plan

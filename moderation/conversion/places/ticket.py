"""A ticket in a connected ticket system; the community keeps a small private place in which the customer is asked."""

from dataclasses import replace

from moderation.actions import Action
from moderation.case_tickets import TicketOffice
from moderation.cases import Case, CaseStep
from moderation.content import Post
from moderation.conversion.draft import Back, Draft
from moderation.conversion.keys import Keys
from moderation.conversion.parts import Place, Remark, Shape, Step, Steps
from moderation.conversion.places.category import InCategory
from moderation.conversion.places.chat import InChat
from moderation.conversion.places.message import InMessage
from moderation.conversion.places.private import PrivatePlace
from moderation.conversion.scene import Scene
from moderation.ids import Ref
from moderation.intents import Json
from moderation.plans import Wish
from moderation.tickets import TicketCan, TicketState

LONGEST_TEXT = 60_000
"""Zendesk takes 65,536 characters in a comment; the others more."""
TICKET = "ticket"
_CATEGORY, _CHAT, _MESSAGE = InCategory(), InChat(), InMessage()


class InTicket:
    """The quoted copy opens a ticket. Nobody is guessed to be its requester: in a private place of the community the
    customer is asked which address may be used, and a colleague sets what they answer.
    """

    code = Place.TICKET

    def serves(self, platform: str, shape: Shape) -> bool:
        """Everywhere; a thread cannot become a ticket."""
        return shape is Shape.CONTINUE

    def obstacles(self, draft: Draft) -> dict[str, bool]:
        """A ticket system has to be connected."""
        return {"ticket_system_missing": draft.scene.ticket is None}

    def opened(self, draft: Draft) -> Steps:
        """The private place in which the customer is asked, where an account here can make one."""
        inner = asking_place(draft)
        steps = inner.opened(_asking(draft)) if inner is not None else []
        return [_asks(step) if step is not None and step.what == "message" else step for step in steps]

    def copied(self, draft: Draft) -> tuple[Steps, list[Remark]]:
        """The question for an address, then the ticket with the quoted copy."""
        inner = asking_place(draft)
        asked, stopped = inner.copied(_asking(draft)) if inner is not None else ([], [])
        steps: Steps = [_asks(step) if step.what.startswith("copy") else step for step in asked if step is not None]
        parts = draft.parts(LONGEST_TEXT)
        link, title = _link(draft.scene), draft.wording.ticket_subject.format(title=draft.scene.thread.title)
        head = draft.wording.ticket_head.format(customer=draft.name, case=draft.scene.key)
        back = draft.wording.ticket_back.format(case=draft.scene.key)  # kept by the team: no word of the title
        opening = {"title": title, "text": f"{head}\n\n{parts[0]}", "link": link, "back_text": back, "made": TICKET}
        steps.append(_step(draft, "ticket", Action.TICKET, opening, len(draft.copied())))
        more = {"internal": _can(draft.scene, TicketCan.NOTE)}
        steps += [_step(draft, "ticket_more", Action.TICKET_WORD, {"text": text, **more}) for text in parts[1:]]
        return steps, list(stopped)

    def taken(self, draft: Draft) -> Steps:
        """Never: see ``serves``."""
        return []

    def remarks(self, draft: Draft) -> list[Remark]:
        """How the customer gets to the ticket, and what is not known of it."""
        inner, scene = asking_place(draft), draft.scene
        said = [
            Remark("ticket_without_place") if inner is None else Remark("ticket_needs_address"),
            Remark("ticket_stays_unread") if scene.ticket and not _can(scene, TicketCan.READ) else None,
            *(inner.remarks(_asking(draft)) if inner is not None else ()),
        ]
        return [one for one in said if one is not None]

    def team(self, scene: Scene) -> str:
        """Whoever reads that queue."""
        return f"{scene.ticket.title}: {scene.ticket.queue or scene.ticket.account}" if scene.ticket is not None else ""

    def moderators(self) -> str:
        """They read what the ticket system lets them."""
        return "nothing"

    def closed(self, back: Back) -> Steps:
        """The place in which the customer was asked, then a note and the end of the ticket: a ticket system that does
        not answer keeps nothing open in the community.
        """
        made = _opening(back.case)
        ended = _ended(back, made) if made is not None else []
        inner = _inner_of(back)
        return [*(inner.closed(back) if inner is not None else []), *ended]


def left_open(case: Case, office: TicketOffice | None) -> bool:
    """True for a case with a ticket that cannot be ended from here: its system is not connected any more."""
    made = _opening(case)
    return made is not None and (office is None or office.name != made.facts.get("system"))


def _opening(case: Case) -> CaseStep | None:
    return next((step for step in case.steps if step.made == TICKET and step.acted), None)


def asking_place(draft: Draft) -> PrivatePlace | None:
    """The place of this community in which the customer can be asked by the accounts of this home, the lightest first;
    a category that the customer has already before all others.
    """
    scene = draft.scene
    if scene.customer is None:
        return None
    order = (_CATEGORY, _CHAT, _MESSAGE) if scene.admitted else (_CHAT, _MESSAGE, _CATEGORY)
    for place in order:
        if not place.serves(scene.community.info.platform, Shape.CONTINUE):
            continue
        trial = _asking(replace(draft, keys=Keys(scene)))
        if any(place.obstacles(trial).values()):
            continue
        place.opened(trial)
        place.copied(trial)
        if not trial.keys.missing:
            return place
    return None


class _Asking(Draft):
    """The same with the question in the place of the copy."""

    def copied(self) -> list[Post]:
        """Nothing is quoted."""
        return []

    def parts(self, limit: int) -> list[str]:
        """The question alone."""
        return [self.wording.ticket_ask.format(customer=self.name, case=self.scene.key)[:limit]]


def _asking(draft: Draft) -> _Asking:
    """A question is written by one who speaks for the case, whatever is hidden."""
    return _Asking(draft.scene, draft.wanted, draft.wording, draft.keys, draft.hidden, draft.pointer)


def _step(draft: Draft, what: str, action: Action, payload: Json, count: int = 0) -> Step | None:
    office = draft.scene.ticket
    if office is None:
        return None
    wish = draft.wish(action, draft.scene.thread.id, {"system": office.name, **payload})
    return draft.keys.elsewhere(what, wish, TICKET, office.account, count)


def _asks(step: Step) -> Step:
    """A step that would quote, and asks instead."""
    return replace(step, what="ask", wish=replace(step.wish, payload={**step.wish.payload, "what": "ask"}))


def _can(scene: Scene, what: TicketCan) -> bool:
    return scene.ticket is not None and what in scene.ticket.can


def _link(scene: Scene) -> str:
    """Where the public thread is; a sign that means something to a search there is written as a code."""
    url = scene.thread.url or f"{scene.community.url}#{scene.thread.id}"
    return url.replace("'", "%27").replace("\\", "%5C")


def _ended(back: Back, made: CaseStep) -> Steps:
    """A system that keeps no notes gets a word; one that is not connected any more is left alone, and that is said."""
    office, thread = back.scene.ticket, Ref.parse(back.case.thread)
    if office is None or left_open(back.case, office):
        return []
    system = office.name
    text = str(made.facts.get("back_text") or "")
    said: Json = {"system": system, "text": text, "internal": TicketCan.NOTE in office.can}
    word = Wish(Action.TICKET_WORD, thread, None, thread, "", said)
    steps: Steps = [back.keys.elsewhere("ticket_back", word, TICKET, office.account)]
    if TicketCan.STATE in office.can:
        over: Json = {"system": system, "state": str(TicketState.SOLVED), "ensure": True}
        closed = Wish(Action.TICKET_STATE, thread, None, thread, "", over)
        steps.append(back.keys.elsewhere("ticket_close", closed, TICKET, office.account))
    return steps


def _inner_of(back: Back) -> PrivatePlace | None:
    """The place that the case made beside its ticket."""
    if back.case.made("thread") is None and back.case.forum() is None:
        return None
    places = [str(step.facts.get("place") or "") for step in back.case.steps if step.action == Action.PLACE]
    if "chat" in places:
        return _CHAT
    return _MESSAGE if back.scene.community.info.platform == "discourse" else _CATEGORY

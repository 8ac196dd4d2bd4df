"""What can be done: the actions, what each needs, what it takes away and what takes it back."""

import re
from dataclasses import dataclass
from enum import StrEnum

from moderation.capabilities import Capability
from moderation.ids import Kind
from moderation.items import ItemState, Weight

__all__ = ["SPECS", "TICKET_ACTIONS", "Action", "ActionSpec", "Weight", "possible"]

_SERVERS_OWN = re.compile(r"x:[a-z][a-z0-9_]{0,60}")
_MOST_NAMES = 1000


class Action(StrEnum):
    """A possible act.

    The value is the slug of the command line. ``x:`` marks server actions without a slug of their own: those listed
    here are known, ``Action("x:…")`` makes further ones from whatever name a server gives.
    """

    RESOLVE = "resolve"
    DISMISS = "dismiss"
    TAKE = "take"
    APPROVE = "approve"
    REJECT = "reject"
    HIDE = "hide"
    RESTORE = "restore"
    PURGE = "purge"
    EDIT = "edit"
    LOCK = "lock"
    UNLOCK = "unlock"
    PIN = "pin"
    MOVE = "move"
    BAN = "ban"
    UNBAN = "unban"
    MUTE = "mute"
    UNMUTE = "unmute"
    REOPEN = "x:reopen"
    UNPIN = "x:unpin"
    ASSIGN = "x:assign"
    RELEASE = "x:release"
    NOTE = "x:note"
    NOTIFY = "x:notify"
    MESSAGE = "x:message"
    REPLY = "x:reply"
    WHISPER = "x:whisper"
    ARCHIVE = "x:archive"
    UNARCHIVE = "x:unarchive"
    SLOW = "x:slow"
    TIMER = "x:timer"
    TAG = "x:tag"
    INVITE = "x:invite"
    UNINVITE = "x:uninvite"
    CONVERT = "x:convert"
    PLACE = "x:place"
    ADMIT = "x:admit"
    EXPEL = "x:expel"
    OPEN = "x:open"
    MARK_ANSWER = "x:mark_answer"
    FOLLOW = "x:follow"
    TICKET = "x:ticket"
    TICKET_WORD = "x:ticket_word"
    TICKET_STATE = "x:ticket_state"
    TICKET_REQUESTER = "x:ticket_requester"

    @classmethod
    def _missing_(cls, value: object) -> "Action | None":
        """A server's own action; the same name gives the same object."""
        if not isinstance(value, str) or _SERVERS_OWN.fullmatch(value) is None:
            return None
        made = str.__new__(cls, value)
        made._name_ = made._value_ = value
        if len(cls._value2member_map_) < _MOST_NAMES:
            cls._value2member_map_[value] = made
        return made

    @property
    def is_servers_own(self) -> bool:
        """True for an action that only a server's offer gives a meaning."""
        return self._name_ not in Action.__members__


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """Facts about one action.

    ``on``: the kind of thing that it acts on (the item itself, its post, its thread, its author). ``closes``: state
    of the item afterwards where the action decides it. ``undone_by``: the compensating action, if there is one (a ban
    that was lifted had an end and a reason of its own: banning again would be another one, without end).
    ``once``: a visible act that must not be repeated without looking (a reply, a message, a note).
    """

    action: Action
    capability: Capability
    on: Kind | None
    weight: Weight = Weight.HARMLESS
    closes: ItemState | None = None
    undone_by: Action | None = None
    once: bool = False
    kinds: frozenset[Kind] = frozenset({Kind.FLAG, Kind.HELD, Kind.REVIEW})


class _Specs(dict[Action, ActionSpec]):
    """Facts by action; those of a server's own action say only that it decides the item."""

    def __missing__(self, action: Action) -> ActionSpec:
        return ActionSpec(action, Capability.DECIDE_REPORTS, None, Weight.TAKES_AWAY, kinds=_REVIEWS)


_REVIEWS = frozenset({Kind.REVIEW})
_FLAGS = frozenset({Kind.FLAG, Kind.REVIEW})
_HELD = frozenset({Kind.HELD, Kind.REVIEW})
_NONE: frozenset[Kind] = frozenset()
_A, _C, _S, _W = Action, Capability, ItemState, Weight

SPECS: dict[Action, ActionSpec] = _Specs(
    (spec.action, spec)
    for spec in (
        ActionSpec(_A.RESOLVE, _C.DECIDE_REPORTS, None, closes=_S.RESOLVED, undone_by=_A.REOPEN, kinds=_FLAGS),
        ActionSpec(_A.DISMISS, _C.DECIDE_REPORTS, None, closes=_S.DISMISSED, undone_by=_A.REOPEN, kinds=_FLAGS),
        ActionSpec(_A.TAKE, _C.ASSIGN, None, closes=_S.IN_PROGRESS, undone_by=_A.RELEASE, kinds=_FLAGS),
        ActionSpec(_A.REOPEN, _C.REOPEN, None, closes=_S.OPEN, kinds=_FLAGS),
        ActionSpec(_A.ASSIGN, _C.ASSIGN, None, undone_by=_A.RELEASE, kinds=_FLAGS),
        ActionSpec(_A.RELEASE, _C.ASSIGN, None, kinds=_FLAGS),
        ActionSpec(_A.NOTE, _C.NOTE, None, once=True, kinds=_FLAGS),
        ActionSpec(_A.APPROVE, _C.DECIDE_HELD, None, closes=_S.RESOLVED, kinds=_HELD),
        ActionSpec(_A.REJECT, _C.DECIDE_HELD, None, _W.TAKES_AWAY, closes=_S.RESOLVED, kinds=_HELD),
        ActionSpec(_A.NOTIFY, _C.NOTIFY_HELD, None, once=True, kinds=_HELD),
        ActionSpec(
            _A.HIDE, _C.HIDE_POSTS, Kind.POST, _W.TAKES_AWAY, closes=_S.RESOLVED, undone_by=_A.RESTORE, kinds=_FLAGS
        ),
        ActionSpec(_A.RESTORE, _C.HIDE_POSTS, Kind.POST, undone_by=_A.HIDE, kinds=_FLAGS),
        ActionSpec(_A.PURGE, _C.PURGE_POSTS, Kind.POST, _W.FINAL, closes=_S.RESOLVED, kinds=_FLAGS),
        ActionSpec(_A.EDIT, _C.EDIT_POSTS, Kind.POST, _W.TAKES_AWAY),
        ActionSpec(_A.LOCK, _C.LOCK_THREADS, Kind.THREAD, _W.TAKES_AWAY, undone_by=_A.UNLOCK, kinds=_FLAGS),
        ActionSpec(_A.UNLOCK, _C.LOCK_THREADS, Kind.THREAD, undone_by=_A.LOCK, kinds=_FLAGS),
        ActionSpec(_A.PIN, _C.PIN_THREADS, Kind.THREAD, undone_by=_A.UNPIN, kinds=_FLAGS),
        ActionSpec(_A.UNPIN, _C.PIN_THREADS, Kind.THREAD, undone_by=_A.PIN, kinds=_FLAGS),
        ActionSpec(_A.MOVE, _C.MOVE_THREADS, Kind.THREAD, undone_by=_A.MOVE, kinds=_FLAGS),
        ActionSpec(_A.BAN, _C.BAN_MEMBERS, Kind.MEMBER, _W.FINAL, undone_by=_A.UNBAN),
        ActionSpec(_A.UNBAN, _C.BAN_MEMBERS, Kind.MEMBER),
        ActionSpec(_A.MUTE, _C.MUTE_MEMBERS, Kind.MEMBER, _W.TAKES_AWAY, undone_by=_A.UNMUTE),
        ActionSpec(_A.UNMUTE, _C.MUTE_MEMBERS, Kind.MEMBER),
        ActionSpec(_A.MESSAGE, _C.MESSAGE, Kind.MEMBER, once=True),
        ActionSpec(_A.REPLY, _C.REPLY, Kind.THREAD, once=True),
        ActionSpec(_A.WHISPER, _C.WHISPER, Kind.THREAD, once=True, kinds=_REVIEWS),
        ActionSpec(_A.ARCHIVE, _C.ARCHIVE_THREADS, Kind.THREAD, _W.TAKES_AWAY, undone_by=_A.UNARCHIVE, kinds=_REVIEWS),
        ActionSpec(_A.UNARCHIVE, _C.ARCHIVE_THREADS, Kind.THREAD, undone_by=_A.ARCHIVE, kinds=_REVIEWS),
        ActionSpec(_A.SLOW, _C.SLOW_THREADS, Kind.THREAD, _W.TAKES_AWAY, kinds=_REVIEWS),
        ActionSpec(_A.TIMER, _C.TIME_THREADS, Kind.THREAD, _W.TAKES_AWAY, kinds=_REVIEWS),
        ActionSpec(_A.TAG, _C.TAG_THREADS, Kind.THREAD, kinds=_REVIEWS),
        ActionSpec(_A.INVITE, _C.INVITE, Kind.THREAD, undone_by=_A.UNINVITE, kinds=_REVIEWS),
        ActionSpec(_A.UNINVITE, _C.INVITE, Kind.THREAD, _W.TAKES_AWAY, undone_by=_A.INVITE, kinds=_REVIEWS),
        ActionSpec(_A.CONVERT, _C.CONVERT_THREADS, Kind.THREAD, _W.FINAL, kinds=_REVIEWS),
        ActionSpec(_A.PLACE, _C.PRIVATE_PLACES, None, kinds=_NONE),
        ActionSpec(_A.ADMIT, _C.PRIVATE_PLACES, Kind.MEMBER, undone_by=_A.EXPEL, kinds=_NONE),
        ActionSpec(_A.EXPEL, _C.PRIVATE_PLACES, Kind.MEMBER, _W.TAKES_AWAY, undone_by=_A.ADMIT, kinds=_NONE),
        ActionSpec(_A.OPEN, _C.OPEN_THREADS, Kind.FORUM, once=True, kinds=_NONE),
        ActionSpec(_A.MARK_ANSWER, _C.MARK_ANSWERS, Kind.POST, kinds=_NONE),
        ActionSpec(_A.FOLLOW, _C.FOLLOW_FORUMS, Kind.FORUM, kinds=_NONE),
        ActionSpec(_A.TICKET, _C.TICKETS, Kind.THREAD, once=True, kinds=_NONE),
        ActionSpec(_A.TICKET_WORD, _C.TICKETS, Kind.THREAD, once=True, kinds=_NONE),
        ActionSpec(_A.TICKET_STATE, _C.TICKETS, Kind.THREAD, kinds=_NONE),
        ActionSpec(_A.TICKET_REQUESTER, _C.TICKETS, Kind.THREAD, kinds=_NONE),
    )
)


TICKET_ACTIONS = frozenset(action for action, spec in SPECS.items() if spec.capability is Capability.TICKETS)
"""What is done in a ticket system, beside the community: its target is the public thread of the case."""


def possible(kind: Kind, capabilities: frozenset[Capability]) -> tuple[Action, ...]:
    """Actions that make sense on an item of this kind in a community with these capabilities, in a fixed order."""
    return tuple(spec.action for spec in SPECS.values() if kind in spec.kinds and spec.capability in capabilities)

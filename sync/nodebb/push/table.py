"""Which push belongs to which action."""

from collections.abc import Mapping
from typing import Any

from moderation.actions import Action
from moderation.ids import Kind
from moderation.intents import Intent
from sync.connector import Before, Evidence, Push
from sync.nodebb.context import Context
from sync.nodebb.push.flags import DecideFlag
from sync.nodebb.push.held import DecideHeld, EditHeld, NotifyHeld
from sync.nodebb.push.members import Sanction
from sync.nodebb.push.messages import Message
from sync.nodebb.push.notes import NoteOnFlag
from sync.nodebb.push.posts import EditPost, Purge, ShowOrHide
from sync.nodebb.push.reply import Reply
from sync.nodebb.push.threads import ChangeThread
from sync.nodebb.push.tools import Tools
from sync.parts.intents import Taken

_A = Action
_FLAG = (_A.RESOLVE, _A.DISMISS, _A.REOPEN, _A.TAKE, _A.ASSIGN, _A.RELEASE)
_THREAD = (_A.LOCK, _A.UNLOCK, _A.PIN, _A.UNPIN, _A.MOVE)
_MEMBER = (_A.BAN, _A.UNBAN, _A.MUTE, _A.UNMUTE)


def pushes(context: Context) -> dict[Action, Push]:
    """One object a group of actions."""
    tools = Tools(context)
    groups: list[tuple[tuple[Action, ...], Push]] = [
        (_FLAG, DecideFlag(tools)),
        ((_A.NOTE,), NoteOnFlag(tools)),
        ((_A.HIDE, _A.RESTORE), ShowOrHide(tools)),
        ((_A.PURGE,), Purge(tools)),
        ((_A.EDIT,), _ByKind(EditPost(tools), EditHeld(tools))),
        (_THREAD, ChangeThread(tools)),
        (_MEMBER, Sanction(tools)),
        ((_A.APPROVE, _A.REJECT), DecideHeld(tools)),
        ((_A.NOTIFY,), NotifyHeld(tools)),
        ((_A.MESSAGE,), Message(tools)),
        ((_A.REPLY,), Reply(tools)),
    ]
    return {action: push for actions, push in groups for action in actions}


class _ByKind:
    """An edit goes to the post, or to what waits in the queue."""

    def __init__(self, post: Push, held: Push) -> None:
        self._post = post
        self._held = held

    def before(self, intent: Intent) -> Before:
        return self._for(intent).before(intent)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        return self._for(intent).send(intent, before)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        return self._for(intent).look(intent, hints, taken)

    def _for(self, intent: Intent) -> Push:
        return self._held if intent.target.kind is Kind.HELD else self._post

"""Which push belongs to which action."""

from collections.abc import Mapping
from typing import Any

from moderation.actions import Action
from moderation.ids import Kind
from moderation.intents import Intent
from sync.connector import Before, Evidence, Push, Standing
from sync.nodebb.context import Context
from sync.nodebb.ids import room_of
from sync.nodebb.push.cards import ForgetVersions, WriteCard
from sync.nodebb.push.categories import AdmitToCategory, MakeCategory
from sync.nodebb.push.flags import DecideFlag
from sync.nodebb.push.following import Follow, FollowThread
from sync.nodebb.push.held import DecideHeld, EditHeld, NotifyHeld
from sync.nodebb.push.members import Sanction
from sync.nodebb.push.messages import Message
from sync.nodebb.push.notes import NoteOnFlag
from sync.nodebb.push.opening import Open, TagThread
from sync.nodebb.push.posts import EditPost, Purge, ShowOrHide
from sync.nodebb.push.reply import Reply
from sync.nodebb.push.rooms import AdmitToRoom, MakeRoom, Say
from sync.nodebb.push.threads import ChangeThread
from sync.nodebb.push.tools import Tools
from sync.parts.cards import erases, of_card
from sync.parts.intents import Taken
from sync.parts.pushes import ByKind, Either, Pushes

_A = Action
_FLAG = (_A.RESOLVE, _A.DISMISS, _A.REOPEN, _A.TAKE, _A.ASSIGN, _A.RELEASE)
_THREAD = (_A.LOCK, _A.UNLOCK, _A.PIN, _A.UNPIN, _A.MOVE)
_MEMBER = (_A.BAN, _A.UNBAN, _A.MUTE, _A.UNMUTE)


def pushes(context: Context) -> Pushes:
    """One object a group of actions."""
    tools = Tools(context)
    edit = ByKind(Kind.HELD, EditHeld(tools), EditPost(tools))
    groups: list[tuple[tuple[Action, ...], Push]] = [
        (_FLAG, DecideFlag(tools)),
        ((_A.NOTE,), NoteOnFlag(tools)),
        ((_A.HIDE, _A.RESTORE), ByKind(Kind.THREAD, ChangeThread(tools), ShowOrHide(tools))),
        ((_A.PURGE,), Purge(tools)),
        ((_A.EDIT,), Either(erases, ForgetVersions(tools), Either(of_card, WriteCard(tools), edit))),
        (_THREAD, ChangeThread(tools)),
        (_MEMBER, Sanction(tools)),
        ((_A.APPROVE, _A.REJECT), DecideHeld(tools)),
        ((_A.NOTIFY,), NotifyHeld(tools)),
        ((_A.MESSAGE,), Message(tools)),
        ((_A.REPLY,), Either(_into_room, Say(tools), Reply(tools))),
        ((_A.PLACE,), Either(_a_room, MakeRoom(tools), MakeCategory(tools))),
        ((_A.ADMIT, _A.EXPEL), Either(_of_room, AdmitToRoom(tools), AdmitToCategory(tools))),
        ((_A.OPEN,), Open(tools)),
        ((_A.TAG,), TagThread(tools)),
        ((_A.FOLLOW,), ByKind(Kind.THREAD, FollowThread(tools), Follow(tools))),
    ]
    return Pushes((actions, _Known(push, context)) for actions, push in groups)


class _Known:
    """A push that finds a thing gone only while the key is still taken: to guests NodeBB answers the same (404)."""

    def __init__(self, push: Push, context: Context) -> None:
        self._push = push
        self._context = context

    def before(self, intent: Intent) -> Before:
        """See :class:`~sync.connector.Push`."""
        found = self._push.before(intent)
        if found.standing is Standing.GONE:
            self._context.identity.still_me()
        return found

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """See :class:`~sync.connector.Push`."""
        return self._push.send(intent, before)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """See :class:`~sync.connector.Push`."""
        return self._push.look(intent, hints, taken)


def _into_room(intent: Intent) -> bool:
    return room_of(intent.target) is not None


def _a_room(intent: Intent) -> bool:
    return intent.payload.get("place") == "chat"


def _of_room(intent: Intent) -> bool:
    return ":thread:" in str(intent.payload.get("place"))

"""Which push belongs to which action."""

from collections.abc import Mapping
from typing import Any

from moderation.actions import Action
from moderation.ids import Kind
from moderation.intents import Intent
from sync.connector import Before, Evidence, Push
from sync.discourse.context import Context
from sync.discourse.push.claims import Claim
from sync.discourse.push.members import Sanction
from sync.discourse.push.messages import Message
from sync.discourse.push.notes import NoteOnItem
from sync.discourse.push.perform import Perform
from sync.discourse.push.posts import DeletePost, EditHeld, EditPost
from sync.discourse.push.readers import Convert, Invite
from sync.discourse.push.reply import Reply
from sync.discourse.push.threads import ChangeThread
from sync.discourse.push.tools import Tools
from sync.parts.intents import Taken

_A = Action
_DECISIONS = (_A.RESOLVE, _A.DISMISS, _A.APPROVE, _A.REJECT)
_THREAD = (_A.LOCK, _A.UNLOCK, _A.ARCHIVE, _A.UNARCHIVE, _A.PIN, _A.UNPIN, _A.MOVE, _A.SLOW, _A.TIMER, _A.TAG)


class Pushes:
    """The push of an action; what only a server names is performed by that name."""

    def __init__(self, context: Context) -> None:
        tools = Tools(context)
        perform = Perform(tools)
        on_post = DeletePost(tools)
        groups: list[tuple[tuple[Action, ...], Push]] = [
            (_DECISIONS, perform),
            ((_A.HIDE, _A.RESTORE), _ByTarget(on_post, perform)),
            ((_A.EDIT,), _ByTarget(EditPost(tools), EditHeld(tools))),
            ((_A.TAKE, _A.ASSIGN, _A.RELEASE), Claim(tools)),
            ((_A.NOTE,), NoteOnItem(tools)),
            (_THREAD, ChangeThread(tools)),
            ((_A.BAN, _A.UNBAN, _A.MUTE, _A.UNMUTE), Sanction(tools)),
            ((_A.MESSAGE,), Message(tools)),
            ((_A.REPLY, _A.WHISPER), Reply(tools)),
            ((_A.INVITE, _A.UNINVITE), Invite(tools)),
            ((_A.CONVERT,), Convert(tools)),
        ]
        self._known = {action: push for actions, push in groups for action in actions}
        self._perform = perform

    def get(self, action: Action) -> Push | None:
        """The push, ``None`` where Discourse has none."""
        return self._known.get(action) or (self._perform if action.is_servers_own else None)


class _ByTarget:
    """What is done to an item under review is another call than what is done to its post."""

    def __init__(self, post: Push, item: Push) -> None:
        self._post = post
        self._item = item

    def before(self, intent: Intent) -> Before:
        return self._for(intent).before(intent)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        return self._for(intent).send(intent, before)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        return self._for(intent).look(intent, hints, taken)

    def _for(self, intent: Intent) -> Push:
        return self._item if intent.target.kind is Kind.REVIEW else self._post

"""Which push belongs to which action."""

from moderation.actions import Action
from moderation.ids import Kind
from moderation.intents import Intent
from sync.connector import Push
from sync.discourse.context import Context
from sync.discourse.push.answers import MarkAnswer
from sync.discourse.push.cards import ForgetVersions, WriteCard
from sync.discourse.push.claims import Claim
from sync.discourse.push.following import Follow, FollowThread
from sync.discourse.push.members import Sanction
from sync.discourse.push.messages import Message
from sync.discourse.push.notes import NoteOnItem
from sync.discourse.push.opening import Open
from sync.discourse.push.perform import Perform
from sync.discourse.push.places import AdmitToMessage, MakeMessage, SayInMessage
from sync.discourse.push.posts import DeletePost, EditHeld, EditPost
from sync.discourse.push.readers import Convert, Invite, Publish
from sync.discourse.push.redacting import GiveBack, Redact, gives_back, redacts
from sync.discourse.push.reply import Reply
from sync.discourse.push.threads import ChangeThread
from sync.discourse.push.tools import Tools
from sync.parts.cards import erases, of_card
from sync.parts.pushes import ByKind, Either, Pushes

_A = Action
_DECISIONS = (_A.RESOLVE, _A.DISMISS, _A.APPROVE, _A.REJECT)
_THREAD = (_A.LOCK, _A.UNLOCK, _A.ARCHIVE, _A.UNARCHIVE, _A.PIN, _A.UNPIN, _A.MOVE, _A.SLOW, _A.TIMER, _A.TAG)


def pushes(context: Context) -> Pushes:
    """One object a group of actions; what only a server names is performed by that name."""
    tools = Tools(context)
    perform, reply = Perform(tools), Reply(tools)
    edit = ByKind(Kind.REVIEW, EditHeld(tools), EditPost(tools))
    posts = Either(redacts, Redact(tools), Either(gives_back, GiveBack(tools), DeletePost(tools)))
    groups: list[tuple[tuple[Action, ...], Push]] = [
        (_DECISIONS, perform),
        ((_A.HIDE, _A.RESTORE), ByKind(Kind.REVIEW, perform, posts)),
        ((_A.EDIT,), Either(erases, ForgetVersions(tools), Either(of_card, WriteCard(tools), edit))),
        ((_A.TAKE, _A.ASSIGN, _A.RELEASE), Claim(tools)),
        ((_A.NOTE,), NoteOnItem(tools)),
        (_THREAD, ChangeThread(tools)),
        ((_A.BAN, _A.UNBAN, _A.MUTE, _A.UNMUTE), Sanction(tools)),
        ((_A.MESSAGE,), Message(tools)),
        ((_A.REPLY, _A.WHISPER), Either(_of_case, SayInMessage(tools, reply), reply)),
        ((_A.INVITE, _A.UNINVITE), Invite(tools)),
        ((_A.CONVERT,), Either(_to_public, Publish(tools), Convert(tools))),
        ((_A.PLACE,), MakeMessage(tools)),
        ((_A.ADMIT, _A.EXPEL), AdmitToMessage(tools)),
        ((_A.OPEN,), Open(tools)),
        ((_A.MARK_ANSWER,), MarkAnswer(tools)),
        ((_A.FOLLOW,), ByKind(Kind.THREAD, FollowThread(tools), Follow(tools))),
    ]
    return Pushes(groups, servers_own=perform)


def _of_case(intent: Intent) -> bool:
    """A part of a private copy: only for those whom it names."""
    return isinstance(intent.payload.get("readers"), list)


def _to_public(intent: Intent) -> bool:
    return bool(intent.payload.get("public"))

"""Which push belongs to which action."""

from moderation.actions import Action
from sync.connector import Push
from sync.nodebb.context import Context
from sync.nodebb.push.flags import DecideFlag
from sync.nodebb.push.notes import NoteOnFlag
from sync.nodebb.push.writing import Writer


def pushes(context: Context) -> dict[Action, Push]:
    """One object a group of actions."""
    writer = Writer(context)
    flags = DecideFlag(context, writer)
    table: dict[Action, Push] = {Action.NOTE: NoteOnFlag(context, writer)}
    for action in (
        Action.RESOLVE, Action.DISMISS, Action.REOPEN, Action.TAKE, Action.ASSIGN, Action.RELEASE
    ):  # fmt: skip
        table[action] = flags
    return table

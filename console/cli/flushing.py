"""Waiting until what can leave has left: what ``sync`` promises beside the pull."""

import time
from typing import TYPE_CHECKING

from console.cli.context import Context
from console.cli.output import Progress
from console.cli.settling import PATIENCE
from moderation.intents import IntentState

if TYPE_CHECKING:
    from console.wiring import Workplace

_MOVING = frozenset({IntentState.WAITING, IntentState.SENDING})
_LOOK_EVERY = 0.25


def flushed(context: Context, workplace: "Workplace", names: list[str], patience: float = PATIENCE) -> int:
    """Wait until nothing of these communities is on its way any more, or nothing has moved for ``patience`` seconds.

    Gives how many still wait. What needs a person, is in doubt, or is still in its undo window is not waited for.
    """
    progress = Progress(context.err)
    left, give_up = _moving(workplace, names), time.monotonic() + patience
    try:
        while left and time.monotonic() < give_up:
            progress.show(context.words("cli_flushing", n=left))
            time.sleep(_LOOK_EVERY)
            now = _moving(workplace, names)
            give_up = time.monotonic() + patience if now < left else give_up
            left = now
    finally:
        progress.end()
    return left


def _moving(workplace: "Workplace", names: list[str]) -> int:
    found = workplace.desk.outbox.intents()
    return sum(i.state in _MOVING and i.question is None and i.community in names for i in found)

"""The proposal: which message of the staff is the answer, and what of it others may read."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from moderation.bringing.manners import names_said, own_words, tells_something
from moderation.bringing.model import Candidate, FindIn, Message, Proposal, Removed, Struck, Whose
from moderation.bringing.striking import NOTHING, strike_out
from moderation.privacy.spots import Spot

_BETWEEN = "\n\n"


def propose(
    messages: Sequence[Message],
    names: Iterable[str],
    find: FindIn,
    removed: Removed,
    chosen: Collection[str] = (),
    known: Mapping[str, Spot] = NOTHING,
) -> Proposal:
    """The proposal from a private conversation in its order.

    ``names`` are those of the customer as they are known; those by which they are greeted there are added.
    ``chosen`` are ids of the messages that a person takes for the answer; without any it is the last message of the
    staff that tells something, with those just before it that nobody has answered. ``known`` are private values of the
    case, see :func:`~moderation.bringing.striking.strike_out`.
    """
    staff = [one for one in messages if one.whose is Whose.STAFF and not one.copied]
    telling = {one.id for one in staff if tells_something(own_words(one.text))}
    taken = set(chosen) if chosen else _last(messages, telling)
    candidates = tuple(Candidate(one, one.id in telling, one.id in taken) for one in staff)
    every = {*names, *names_said(messages)}
    parts = [strike_out(own_words(one.text), find, every, removed, known) for one in staff if one.id in taken]
    return Proposal(*_joined(part for part in parts if part[0].strip()), candidates)


def _last(messages: Sequence[Message], telling: Collection[str]) -> set[str]:
    """The last message that tells something, and those before it up to the last word of anybody else."""
    found: set[str] = set()
    for message in reversed(messages):
        if message.id in telling:
            found.add(message.id)
        elif found and (message.whose is not Whose.STAFF or message.copied):
            break
    return found


def _joined(parts: Iterable[tuple[str, tuple[Struck, ...]]]) -> tuple[str, tuple[Struck, ...]]:
    text, struck = "", list[Struck]()
    for part, marks in parts:
        shift = len(text) + len(_BETWEEN) if text else 0
        text = f"{text}{_BETWEEN}{part}" if text else part
        struck += [
            Struck(one.start + shift, one.end + shift, one.kind, one.reason, one.masked, one.replacement)
            for one in marks
        ]
    return text, tuple(struck)

"""Chat rooms that somebody names: no list and no feed tells what is new in them.

A room is read as a thread of its lines. Who came later does not get what was said before.
"""

from collections.abc import Iterator, Sequence

from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Ref
from moderation.records import Batch, Records
from sync.connector import Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decoders import MESSAGE, MESSAGES, ROOM, USER
from sync.nodebb.ids import room_of
from sync.nodebb.payloads import MessageP, RoomP
from sync.nodebb.pull.posts import people
from sync.nodebb.reading import set_aside

_PAGE, _MOST_PAGES = 50, 20


class RoomLines:
    """Reads rooms of which the account is a member."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def batches(self, rooms: Sequence[Ref], urgency: Urgency) -> Iterator[Batch]:
        """Each room with all its lines and members; one that is not there any more comes back in ``gone``."""
        yield from self._context.together(lambda ref: self._room(ref, urgency), rooms)

    def _room(self, ref: Ref, urgency: Urgency) -> Batch:
        room = str(room_of(ref))
        try:
            read = self._context.reader.find(endpoints.chat(room), ROOM, urgency)
            if read.value is None:
                return Batch((Records(read.seq, gone=(ref,)),), {})
            messages, problems = self._messages(room, urgency)
            return Batch((self._records(room, read.value.response, messages, read.seq),), {}, tuple(problems))
        except NotAllowedError:
            self._context.identity.still_me(urgency)
            return Batch((), {})
        except PayloadError as error:
            return Batch((), {}, (f"{error.facts['endpoint'] or endpoints.chat(room)} {error.facts['field']}",))

    def _records(self, room: str, found: RoomP, messages: Sequence[MessageP], seq: int) -> Records:
        decode = self._context.decode
        lines = tuple(decode.line(room, one, number) for number, one in enumerate(messages))
        users, _ = set_aside(found.users, USER, lambda one: one, endpoints.chat(room))
        members = tuple(people(self._context, [*users, *(one.fromUser for one in messages)]))
        thread = decode.room(found, [line for line in lines if not line.hidden])
        return Records(seq, forums=(decode.chats(),), threads=(thread,), posts=lines, members=members)

    def _messages(self, room: str, urgency: Urgency) -> tuple[list[MessageP], list[str]]:
        """Lines in the order in which they were said, what the server itself says of comings and goings left out."""
        said: dict[str, MessageP] = {}
        problems: list[str] = []
        for page in range(_MOST_PAGES):
            path = endpoints.chat_messages(room, page * _PAGE)
            read = self._context.reader.get(path, MESSAGES, urgency)
            raws = read.value.response.messages
            found, odd = set_aside(raws, MESSAGE, lambda one: one, read.endpoint)
            problems += odd
            said |= {str(one.mid): one for one in found if one.mid is not None and not one.system}
            if len(raws) < _PAGE:
                break
        return sorted(said.values(), key=lambda one: (one.timestamp, int(one.mid or 0))), problems

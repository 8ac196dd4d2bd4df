"""Pictures asked of the engine: parts put together as they arrive, and every question answered once, whatever fails."""

import binascii
import itertools
import threading
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moderation.content import PictureFile
from moderation.errors import MarqueeError, TryLaterError
from moderation.ports import PictureHeard

_MOST = 12_000_000


@dataclass(slots=True)
class _Call:
    """One picture on its way."""

    heard: PictureHeard
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    delivered: bool = False


class PictureCalls:
    """What one window waits for. ``say`` sends a message to the engine without waiting. Safe from several threads."""

    def __init__(self, say: Callable[[dict[str, Any]], None]) -> None:
        self._say = say
        self._calls: dict[str, _Call] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def ask(self, community: str, address: str, heard: PictureHeard) -> Callable[[], None]:
        """See :meth:`moderation.ports.Engine.picture`."""
        ident = f"picture {next(self._numbers)}"
        with self._lock:
            self._calls[ident] = _Call(heard)
        self._say({"do": "picture", "id": ident, "community": community, "address": address})
        return lambda: self._give_up(ident)

    def take(self, message: dict[str, Any]) -> None:
        """A message of the engine, maybe about one of these."""
        ident = message.get("id")
        call = self._calls.get(ident) if isinstance(ident, str) else None
        if call is None:
            return
        if "part" in message:
            self._part(str(ident), call, str(message["part"]))
        elif "picture" in message:
            self._end(str(ident), PictureFile(str(message["picture"]), b"".join(call.parts)))
        elif "trouble" in message:
            self._end(str(ident), _error(message["trouble"]))

    def delivered(self, message: dict[str, Any], *, sent: bool) -> None:
        """A message was sent to the engine, or could not be."""
        call = self._calls.get(str(message.get("id"))) if message.get("do") == "picture" else None
        if call is None:
            return
        call.delivered = True
        if not sent:
            self._end(str(message["id"]), TryLaterError("picture_no_engine"))

    def lost(self) -> None:
        """The engine is gone, and with it what it was asked for."""
        for ident in [ident for ident, call in list(self._calls.items()) if call.delivered]:
            self._end(ident, TryLaterError("picture_no_engine"))

    def _part(self, ident: str, call: _Call, part: str) -> None:
        try:
            call.parts.append(b64decode(part, validate=True))
        except (binascii.Error, ValueError):
            self._end(ident, TryLaterError("picture_no_engine"))
            return
        call.size += len(call.parts[-1])
        if call.size > _MOST:
            self._end(ident, TryLaterError("picture_no_engine"))

    def _end(self, ident: str, answer: PictureFile | MarqueeError) -> None:
        with self._lock:
            call = self._calls.pop(ident, None)
        if call is not None:
            call.heard(answer)

    def _give_up(self, ident: str) -> None:
        with self._lock:
            call = self._calls.pop(ident, None)
        if call is not None:
            self._say({"do": "no_picture", "id": ident})


def _error(trouble: object) -> MarqueeError:
    facts = {str(name): value for name, value in trouble.items()} if isinstance(trouble, dict) else {}
    code = str(facts.pop("code", "our_bug"))
    return MarqueeError(code, **facts)

"""Pictures that a window asks for: fetched here, because only the engine talks to servers, and kept nowhere."""

import logging
import threading
from base64 import b64encode
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from moderation.content import PictureFile
from moderation.errors import MarqueeError, NotAllowedError, TryLaterError
from sync.connector import Connection, FetchesPictures
from sync.engine.server import Reply
from sync.http import Answer, as_guest
from sync.http.outside import Outside
from sync.http.pictures import fetch_picture, from_own_server

log = logging.getLogger(__name__)

AT_ONCE = 4
MOST_WAITING = 200
PART_BYTES = 96_000
"""Of one message: whoever reads them is never busy with one for more than a moment."""

Known = tuple[str, Callable[[], Connection]]
"""Base address and connection of a community."""


class Pictures:
    """Answers ``picture`` and ``no_picture`` of :mod:`sync.engine.protocol`.

    ``find`` looks a community up by its name; ``outside`` makes the errand for one picture.
    """

    def __init__(
        self, find: Callable[[str], Known | None], outside: Callable[[], Outside] = Outside, at_once: int = AT_ONCE
    ) -> None:
        self._find = find
        self._outside = outside
        self._turns = threading.Semaphore(at_once)
        self._errands: dict[Hashable, _Errand] = {}
        self._lock = threading.Lock()

    def ask(self, message: dict[str, Any], reply: Reply) -> None:
        """Fetch one on a thread of its own; the answer goes to whoever asked."""
        key = (reply, message.get("id"))
        errand = _Errand(self._outside())
        with self._lock:
            full = len(self._errands) >= MOST_WAITING
            if not full:
                self._errands[key] = errand
        if full:
            reply({"id": message.get("id"), "trouble": {"code": "picture_too_many"}})
            return
        work = threading.Thread(target=self._fetch, args=(errand, message, reply, key), name="picture", daemon=True)
        work.start()

    def drop(self, message: dict[str, Any], reply: Reply) -> None:
        """It is not wanted any more: one that waits is not begun, one that is under way elsewhere is cut off."""
        with self._lock:
            errand = self._errands.get((reply, message.get("id")))
        if errand is not None:
            errand.cut()

    def close(self) -> None:
        """Cut off whatever is under way."""
        with self._lock:
            errands = list(self._errands.values())
        for errand in errands:
            errand.cut()

    def _fetch(self, errand: "_Errand", message: dict[str, Any], reply: Reply, key: Hashable) -> None:
        try:
            with self._turns:
                if not errand.over:
                    self._answer(errand, message, reply)
        finally:
            errand.outside.close()
            with self._lock:
                self._errands.pop(key, None)

    def _answer(self, errand: "_Errand", message: dict[str, Any], reply: Reply) -> None:
        ident = message.get("id")
        try:
            picture = self._fetched(errand, str(message.get("community", "")), str(message.get("address", "")))
        except MarqueeError as error:
            reply({"id": ident, "trouble": {"code": error.code, **error.facts}})
        except Exception as error:
            log.exception("a picture broke")
            reply({"id": ident, "trouble": {"code": "our_bug", "kind": type(error).__name__}})
        else:
            for part in _parts(picture.data):
                reply({"id": ident, "part": part})
            reply({"id": ident, "picture": picture.kind})

    def _fetched(self, errand: "_Errand", name: str, address: str) -> PictureFile:
        found = self._find(name)
        if found is None:
            raise NotAllowedError("picture_no_community", community=name)
        base_url, connect = found

        def own(url: str, *, seconds: float, most: int) -> Answer:
            if errand.over:
                raise TryLaterError("connection_closed")
            connection = connect()
            if isinstance(connection, FetchesPictures):
                return connection.picture(url, seconds=seconds, most=most)
            with as_guest(base_url) as guest:
                return from_own_server(url, guest, guest, (), seconds=seconds, most=most)

        return fetch_picture(base_url, own, errand.outside, address)


class _Errand:
    """One picture on its way."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.over = False

    def cut(self) -> None:
        self.over = True
        self.outside.cut()


def _parts(data: bytes) -> Iterator[str]:
    for at in range(0, len(data), PART_BYTES):
        yield b64encode(data[at : at + PART_BYTES]).decode()

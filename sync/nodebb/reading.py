"""Reading NodeBB: a path and a decoder give a typed answer, or one clear error."""

import json
from typing import TypeVar

from msgspec import MsgspecError
from msgspec.json import Decoder

from moderation.errors import NotAllowedError, SignInError
from sync.connector import Urgency
from sync.http.answer import Answer
from sync.http.client import Client
from sync.parts.answers import Read, SetAside, must_be_json, present, unfit

T = TypeVar("T")
_CONNECTOR = "nodebb"


def _mended(body: bytes) -> bytes:
    """The same JSON without half characters (a title cut in the middle of an emoji)."""
    data = json.loads(body.decode("utf-8", "replace"))
    text = json.dumps(data, ensure_ascii=False)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def decoded(body: bytes, decoder: Decoder[T], endpoint: str) -> T:
    """Decode; raises ``PayloadError`` that names endpoint and field."""
    try:
        return decoder.decode(body)
    except (MsgspecError, ValueError, RecursionError) as error:
        first = unfit(_CONNECTOR, endpoint, error)
    try:
        return decoder.decode(_mended(body))
    except (MsgspecError, ValueError, RecursionError) as error:
        again = unfit(_CONNECTOR, endpoint, error)
        raise (first if again.facts["field"] == "$" else again) from None


set_aside = SetAside(decoded)
"""Records of a page one by one."""


class Reader:
    """Reads as one account. ``uid`` is the member that a master token speaks for.

    Raises ``SignInError`` where NodeBB takes the key for nobody's, ``NotAllowedError`` for 403, ``PayloadError`` for
    what is not the JSON expected.
    """

    def __init__(self, client: Client, uid: str | None = None) -> None:
        self.client = client
        self._uid = uid

    def address(self, path: str) -> str:
        """The path, with ``_uid`` where a master token needs it: on every call, reads too."""
        if self._uid is None:
            return path
        return f"{path}{'&' if '?' in path else '?'}_uid={self._uid}"

    def raw(self, path: str, urgency: Urgency, *, conditional: bool = False) -> Answer:
        """The answer as it is, whatever its status below 502."""
        return self.client.read(self.address(path), urgency, conditional=conditional)

    def find(self, path: str, decoder: Decoder[T], urgency: Urgency, *, conditional: bool = False) -> Read[T | None]:
        """The decoded answer; its ``value`` is ``None`` for 404 (missing, or forbidden: NodeBB says the same)."""
        answer = self.raw(path, urgency, conditional=conditional)
        if answer.status == 404:
            return Read(None, answer.seq, answer.path, answer.server_time)
        self._check(answer)
        value = decoded(answer.body, decoder, answer.path)
        return Read(value, answer.seq, answer.path, answer.server_time, answer.not_modified)

    def get(self, path: str, decoder: Decoder[T], urgency: Urgency, *, conditional: bool = False) -> Read[T]:
        """The decoded answer of a page that always exists."""
        return present(_CONNECTOR, self.find(path, decoder, urgency, conditional=conditional))

    def _check(self, answer: Answer) -> None:
        if answer.status == 401:
            raise SignInError("token_not_accepted", endpoint=answer.path)
        if answer.status == 403:
            raise NotAllowedError("reading_forbidden", endpoint=answer.path)
        must_be_json(_CONNECTOR, answer)

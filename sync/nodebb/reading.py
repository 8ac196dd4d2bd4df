"""Reading NodeBB: a path and a decoder give a typed answer, or one clear error."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec import MsgspecError
from msgspec.json import Decoder

from moderation.errors import NotAllowedError, PayloadError, SignInError, TryLaterError
from sync.connector import Urgency
from sync.http.answer import Answer
from sync.http.client import Client

T = TypeVar("T")
S = TypeVar("S")
_FIELD = re.compile(r"at `([^`]*)`")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A decoded answer; see :class:`~sync.http.answer.Answer` for the other fields."""

    value: T
    seq: int
    endpoint: str
    server_time: datetime | None
    not_modified: bool = False


def unfit(endpoint: str, error: Exception) -> PayloadError:
    """What does not fit, without its content."""
    if not isinstance(error, MsgspecError):
        return PayloadError("payload_unfit", connector="nodebb", endpoint=endpoint, field="$")
    found = _FIELD.search(str(error))
    return PayloadError("payload_unfit", connector="nodebb", endpoint=endpoint, field=found[1] if found else "$")


def _mended(body: bytes) -> bytes:
    """The same JSON without half characters (a title cut in the middle of an emoji)."""
    data = json.loads(body.decode("utf-8", "replace"))
    text = json.dumps(data, ensure_ascii=False)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def decoded(body: bytes, decoder: Decoder[T], endpoint: str) -> T:
    """Decode; raises ``PayloadError`` that names endpoint and field."""
    try:
        return decoder.decode(body)
    except (MsgspecError, ValueError) as error:
        first = unfit(endpoint, error)
    try:
        return decoder.decode(_mended(body))
    except (MsgspecError, ValueError, RecursionError) as error:
        again = unfit(endpoint, error)
        raise (first if again.facts["field"] == "$" else again) from None


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
        read = self.find(path, decoder, urgency, conditional=conditional)
        if read.value is None:
            raise PayloadError("endpoint_missing", connector="nodebb", endpoint=read.endpoint, field="$")
        return Read(read.value, read.seq, read.endpoint, read.server_time, read.not_modified)

    def _check(self, answer: Answer) -> None:
        if answer.status == 401:
            raise SignInError("token_not_accepted", endpoint=answer.path)
        if answer.status == 403:
            raise NotAllowedError("reading_forbidden", endpoint=answer.path)
        if answer.status >= 500:
            raise TryLaterError("server_error", status=answer.status, endpoint=answer.path)
        if not answer.ok or not answer.is_json:
            raise PayloadError(
                "answer_not_json", connector="nodebb", endpoint=answer.path, field="$", status=answer.status
            )


def set_aside(
    records: Iterable[Any], decoder: Decoder[T], convert: Callable[[T], S | None], endpoint: str
) -> tuple[list[S], list[str]]:
    """Decode and convert records one by one: those that fit, and the problems (``endpoint field``) of the others."""
    kept: list[S] = []
    problems: list[str] = []
    for number, record in enumerate(records):
        try:
            value = convert(decoded(bytes(record), decoder, endpoint))
        except PayloadError as error:
            problems.append(f"{endpoint} [{number}]{str(error.facts['field'])[1:]}")
        else:
            if value is not None:
                kept.append(value)
    return kept, problems

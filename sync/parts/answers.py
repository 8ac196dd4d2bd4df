"""Typed answers: what was read, what does not fit, and the records of a page one by one."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from msgspec import MsgspecError
from msgspec.json import Decoder

from moderation.errors import PayloadError, TryLaterError
from sync.http.answer import Answer

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


def unfit(connector: str, endpoint: str, error: Exception) -> PayloadError:
    """What does not fit, without its content."""
    found = _FIELD.search(str(error)) if isinstance(error, MsgspecError) else None
    return PayloadError("payload_unfit", connector=connector, endpoint=endpoint, field=found[1] if found else "$")


def present(connector: str, read: Read[T | None]) -> Read[T]:
    """What was read of a page that always exists; raises ``PayloadError`` ``endpoint_missing``."""
    if read.value is None:
        raise PayloadError("endpoint_missing", connector=connector, endpoint=read.endpoint, field="$")
    return Read(read.value, read.seq, read.endpoint, read.server_time, read.not_modified)


def must_be_json(connector: str, answer: Answer) -> None:
    """Raise what an answer stands for that is no success in JSON, once a platform's own refusals are sorted out."""
    if answer.status >= 500:
        raise TryLaterError("server_error", status=answer.status, endpoint=answer.path)
    if not answer.ok or not answer.is_json:
        raise PayloadError(
            "answer_not_json", connector=connector, endpoint=answer.path, field="$", status=answer.status
        )


class Decode(Protocol):
    """A connector's way from bytes to a value; raises ``PayloadError`` that names endpoint and field."""

    def __call__(self, body: bytes, decoder: Decoder[T], endpoint: str) -> T:
        """The value."""


class SetAside:
    """Sorts the records of a page into those that fit and those that are set aside."""

    def __init__(self, decode: Decode) -> None:
        self._decode = decode

    def __call__(
        self, records: Iterable[Any], decoder: Decoder[T], convert: Callable[[T], S | None], endpoint: str
    ) -> tuple[list[S], list[str]]:
        """Decode and convert one by one: those that fit, and the problems (``endpoint field``) of the others."""
        kept: list[S] = []
        problems: list[str] = []
        for number, record in enumerate(records):
            try:
                value = convert(self._decode(bytes(record), decoder, endpoint))
            except PayloadError as error:
                problems.append(f"{endpoint} [{number}]{str(error.facts['field'])[1:]}")
            else:
                if value is not None:
                    kept.append(value)
        return kept, problems

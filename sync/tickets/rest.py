"""What ticket systems over HTTP share: typed reads, and writes with one clear outcome."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from msgspec import MsgspecError
from msgspec.json import Decoder

from moderation.errors import (
    ConflictError,
    MarqueeError,
    NotAllowedError,
    RefusedError,
    SignInError,
    UnclearError,
    UnknownIdError,
)
from moderation.text import neutralise
from sync.connector import Urgency
from sync.http.answer import Answer
from sync.http.budget import Budget
from sync.http.client import Client
from sync.http.conditional import Remembered
from sync.http.counters import Counters
from sync.http.pacing import Pacing
from sync.http.sequence import Sequence
from sync.http.session import Session
from sync.parts.answers import must_be_json, unfit

T = TypeVar("T")
PARALLEL = 4
_CHANGED = {409, 412}


def client_of(base_url: str, key: Mapping[str, str], name: str) -> Client:
    """A client for one ticket system; ``key`` are the headers that carry the key."""
    return Client(
        base_url,
        Session(key),
        account=name,
        sequence=Sequence(),
        budget=Budget(PARALLEL),
        pacing=Pacing(name),
        remembered=Remembered(),
        counters=Counters(),
    )


@contextmanager
def made_already(system: str) -> Iterator[None]:
    """What cannot be read back was made all the same: whatever keeps it from being read leaves it unclear."""
    try:
        yield
    except MarqueeError as error:
        raise UnclearError("ticket_not_read_back", system=system, why=error.code) from error


class Rest:
    """Asks one ticket system. ``words`` finds the system's own sentence in the body of a refusal."""

    def __init__(self, client: Client, system: str, words: Callable[[bytes], str]) -> None:
        self.client = client
        self._system = system
        self._words = words

    def find(self, path: str, decoder: Decoder[T]) -> tuple[T, Answer] | None:
        """Decoded, with the answer it came in; ``None`` for 404."""
        answer = self.client.read(path, Urgency.FLUSH)
        return None if answer.status == 404 else (self.decoded(self._good(answer), decoder), answer)

    def get(self, path: str, decoder: Decoder[T]) -> T:
        """Decoded; raises ``UnknownIdError`` ``ticket_unknown`` for 404."""
        found = self.find(path, decoder)
        if found is None:
            raise UnknownIdError("ticket_unknown", system=self._system)
        return found[0]

    def page(self, path: str) -> Answer:
        """A page of a list that always exists, not decoded; raises as :meth:`get`."""
        answer = self.client.read(path, Urgency.FLUSH)
        if answer.status == 404:
            raise UnknownIdError("ticket_unknown", system=self._system)
        return self._good(answer)

    def send(self, method: str, path: str, body: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Write once; gives a success in JSON and raises everything else."""
        answer = self.client.write(method, path, body, Urgency.FLUSH, headers=headers)
        if answer.ok:
            return answer
        raise self._failure(answer)

    def decoded(self, answer: Answer, decoder: Decoder[T]) -> T:
        """The value; raises ``PayloadError`` that names endpoint and field."""
        try:
            return decoder.decode(answer.body)
        except (MsgspecError, ValueError, RecursionError) as error:
            raise unfit(self._system, answer.path, error) from None

    def result(self, answer: Answer, decoder: Decoder[T]) -> T:
        """As :meth:`decoded`, of a write: what does not fit leaves it unclear."""
        try:
            return decoder.decode(answer.body)
        except (MsgspecError, ValueError, RecursionError):
            raise UnclearError("answer_unfit", endpoint=answer.path) from None

    def _good(self, answer: Answer) -> Answer:
        self._known_and_allowed(answer)
        if answer.status in {400, 422}:
            raise self._refused(answer)
        must_be_json(self._system, answer)
        return answer

    def _failure(self, answer: Answer) -> MarqueeError:
        if answer.status >= 500:
            return UnclearError("server_error", status=answer.status, endpoint=answer.path)
        if 300 <= answer.status < 400:
            return NotAllowedError("ticket_address_moved", system=self._system)
        if answer.status in _CHANGED:
            return ConflictError("ticket_changed", system=self._system)
        if answer.status == 404:
            return UnknownIdError("ticket_unknown", system=self._system)
        try:
            self._known_and_allowed(answer)
        except MarqueeError as error:
            return error
        return self._refused(answer)

    def _known_and_allowed(self, answer: Answer) -> None:
        if answer.status == 401:
            raise SignInError("ticket_key_not_accepted", system=self._system)
        if answer.status == 403:
            raise NotAllowedError("ticket_right_missing", system=self._system, said=self._said(answer))

    def _refused(self, answer: Answer) -> RefusedError:
        return RefusedError("ticket_refused", system=self._system, said=self._said(answer))

    def _said(self, answer: Answer) -> str:
        try:
            return neutralise(" ".join(self._words(answer.body).split()))[:200]
        except (MsgspecError, ValueError, TypeError, RecursionError):
            return ""

"""Reading Discourse: a path and a decoder give a typed answer, or one clear error.

Error texts are in the caller's language, so status and ``error_type`` alone decide. A page that the account may not see
answers 404 as one that is missing does; 410 is a deleted one.
"""

import re
from typing import TypeVar

from msgspec.json import Decoder

from moderation.errors import NotAllowedError, SignInError, TryLaterError
from sync.connector import Urgency
from sync.discourse.decode import UNFIT, record
from sync.discourse.decoders import ERROR
from sync.discourse.payloads import ErrorP
from sync.http import Answer, Client
from sync.parts.answers import Read, SetAside, must_be_json, present, unfit

T = TypeVar("T")
_CONNECTOR = "discourse"
_LOGIN = re.compile(r"/(?:login|session/sso\b.*|auth/\w+)$")
GONE = frozenset({404, 410})


def decoded(body: bytes, decoder: Decoder[T], endpoint: str) -> T:
    """Decode; raises ``PayloadError`` that names endpoint and field."""
    try:
        return record(body, decoder)
    except UNFIT as error:
        raise unfit(_CONNECTOR, endpoint, error) from None


def error_of(answer: Answer) -> ErrorP:
    """What an error says; empty for a body that is not Discourse's (plain text, a proxy's page, ``["BAD CSRF"]``)."""
    try:
        return record(answer.body, ERROR)
    except UNFIT:
        return ErrorP()


def is_login(path: str | None) -> bool:
    """True for the page that asks to sign in."""
    return _LOGIN.search((path or "").partition("?")[0]) is not None


set_aside = SetAside(decoded)
"""Records of a page one by one."""


class Reader:
    """Reads as one account.

    Raises ``SignInError`` where Discourse takes the key for nobody's, ``NotAllowedError`` for what is forbidden,
    ``PayloadError`` for what is not the JSON expected.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.closed = False

    def raw(self, path: str, urgency: Urgency) -> Answer:
        """The answer as it is, whatever its status below 502."""
        if self.closed:
            raise TryLaterError("connection_closed")
        return self.client.read(path, urgency)

    def find(self, path: str, decoder: Decoder[T], urgency: Urgency) -> Read[T | None]:
        """The decoded answer; its ``value`` is ``None`` for what is missing, deleted, or not to be seen, as Discourse
        itself says so: a proxy's page erases nothing.
        """
        answer = self.raw(path, urgency)
        if answer.status in GONE and answer.is_json:
            return Read(None, answer.seq, answer.path, answer.server_time)
        check(answer)
        return Read(decoded(answer.body, decoder, answer.path), answer.seq, answer.path, answer.server_time)

    def get(self, path: str, decoder: Decoder[T], urgency: Urgency) -> Read[T]:
        """The decoded answer of a page that always exists."""
        return present(_CONNECTOR, self.find(path, decoder, urgency))


def check(answer: Answer) -> None:
    """Raise what an answer stands for that is no success."""
    if is_login(answer.path):
        raise SignInError("token_not_accepted", endpoint=answer.path)
    if answer.status in {401, 403}:
        if answer.status == 401 or error_of(answer).error_type == "not_logged_in" or not answer.is_json:
            raise SignInError("token_not_accepted", endpoint=answer.path)
        raise NotAllowedError("reading_forbidden", endpoint=answer.path)
    must_be_json(_CONNECTOR, answer)

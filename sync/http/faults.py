"""The border where errors of ``requests`` and below become errors of :mod:`moderation.errors`.

What decides is whether a byte of the request has left (``Attempt.sent``): before that, nothing can have happened.
After it, a read is tried again later and a write is unclear.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import requests
import urllib3

from moderation.errors import MarqueeError, NotAllowedError, TryLaterError, UnclearError, UnreachableError
from sync.http.deadline import Attempt

_SELF_SIGNED = {18, 19}  # X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN

_CONNECT_CODES: tuple[tuple[type[BaseException], str], ...] = (
    (requests.exceptions.ProxyError, "proxy_failed"),
    (urllib3.exceptions.ProxyError, "proxy_failed"),
    (ssl.SSLError, "tls_failed"),
    (socket.gaierror, "host_not_found"),
    (urllib3.exceptions.NameResolutionError, "host_not_found"),
    (ConnectionRefusedError, "connection_refused"),
    (TimeoutError, "connect_timed_out"),
    (urllib3.exceptions.TimeoutError, "connect_timed_out"),
    (requests.exceptions.Timeout, "connect_timed_out"),
)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything beneath it: causes, contexts, and errors wrapped as arguments."""
    seen: set[int] = set()
    todo: list[BaseException] = [error]
    while todo:
        one = todo.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        nested = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        todo.extend(each for each in nested if isinstance(each, BaseException))


def _unreachable(error: BaseException, host: str) -> UnreachableError:
    chain = list(causes(error))
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError):
            code = "certificate_self_signed" if one.verify_code in _SELF_SIGNED else "certificate_untrusted"
            return UnreachableError(code, host=host, why=one.verify_message)
    for kind, code in _CONNECT_CODES:
        if any(isinstance(one, kind) for one in chain):
            return UnreachableError(code, host=host)
    return UnreachableError("connection_failed", host=host)


def _after_send(error: BaseException, attempt: Attempt, host: str, write: bool) -> MarqueeError:
    timed_out = attempt.over or any(isinstance(one, TimeoutError) for one in causes(error))
    code = "answer_timed_out" if timed_out else "answer_broke_off"
    return UnclearError(code, host=host) if write else TryLaterError(code, host=host)


@contextmanager
def translated(attempt: Attempt, host: str, *, write: bool) -> Iterator[None]:
    """Let nothing of ``requests``, urllib3 or the socket module out of here."""
    try:
        yield
    except MarqueeError:
        raise
    except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema):
        raise NotAllowedError("address_malformed", host=host) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        if not attempt.sent:
            raise _unreachable(error, host) from None
        raise _after_send(error, attempt, host, write) from None

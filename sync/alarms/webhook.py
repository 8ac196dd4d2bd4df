"""A webhook that takes ``{"text": …}``: Slack's incoming webhooks, and those of others who took them over.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: ``&``, ``<`` and ``>`` are written as
entities in the text, so nobody is called by what a member wrote in a title.
"""

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from moderation.errors import MarqueeError, NotAllowedError, RefusedError, TryLaterError, UnclearError
from moderation.text import neutralise
from sync.http.deadline import attempting
from sync.http.faults import translated
from sync.http.session import Session

SECONDS = 20.0
_LATER = {429, 503}
_NEAR = {"localhost", "127.0.0.1", "::1"}
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Webhook:
    """Implements :class:`moderation.alarms.delivery.Speaker`. The address is the secret: no error and no log shows more
    of it than its host.
    """

    def __init__(self, address: str) -> None:
        self._address = checked(address)
        self._host = urlsplit(self._address).hostname or ""
        self._session = Session()

    def __repr__(self) -> str:
        return f"Webhook({self._host})"

    def say(self, title: str, lines: Sequence[str], key: str) -> None:
        """Post it once. A 429 or 503 has not taken it; another 5xx, or no answer, may have."""
        del key  # nothing in this protocol recognises a repeat
        said = "\n".join([f"*{_plain(title)}*", *(f"• {_plain(line)}" for line in lines)])
        body = json.dumps({"text": said}, ensure_ascii=False).encode("utf-8", "replace")
        with attempting(SECONDS) as attempt, translated(attempt, self._host, write=True):
            headers = {"Content-Type": "application/json; charset=utf-8"}
            answer = self._session.send("POST", self._address, headers=headers, body=body, seconds=SECONDS)
            with answer:
                status, after = answer.status_code, answer.headers.get("Retry-After", "")
        if not 200 <= status < 300:
            raise self._failure(status, after)

    def close(self) -> None:
        """Give up sockets."""
        self._session.close()

    def _failure(self, status: int, after: str) -> MarqueeError:
        if status in _LATER:
            seconds = float(after) if after.isdigit() else 0.0
            return TryLaterError("alarm_channel_busy", seconds=seconds, host=self._host, status=status)
        if status >= 500:
            return UnclearError("alarm_channel_unclear", host=self._host, status=status)
        return RefusedError("alarm_channel_refused", host=self._host, status=status)


def checked(address: str) -> str:
    """The address, where it can be one; raises ``NotAllowedError`` ``alarm_address_odd``.

    Without TLS it leads to this machine alone: whoever reads the address can speak in the channel.
    """
    text = address.strip()
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise NotAllowedError("alarm_address_odd") from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in _NEAR)
    if not safe or not host or "@" in parts.netloc or not text.isascii() or not text.isprintable() or " " in text:
        raise NotAllowedError("alarm_address_odd")
    return text


def _plain(text: str) -> str:
    return " ".join(neutralise(text).split()).translate(_ENTITIES)

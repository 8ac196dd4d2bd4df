"""Reports of mail servers that a mail was not delivered (RFC 3464 in RFC 6522), read with the standard library.

What stands in such a mail was written by whoever sent it: it is matched with mails of a case by their ``Message-ID``,
and asks a person to look. Nothing else follows from it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from enum import StrEnum

from moderation.errors import NotAllowedError
from moderation.text import neutralise

LONGEST = 8_000_000
"""Bytes; a report that carries a whole mail with its attachments is longer only by mistake."""
_IDS = ("Message-ID", "In-Reply-To", "References")
_ID = re.compile(r"<[^<>\s]+>")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_LONGEST_ENVID = 100
_SHOWN = 200


class Fate(StrEnum):
    """What became of a mail: given up, tried again later, or delivered as far as that server knows."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report. ``ids`` are Message-IDs of the mail that it is about and of its thread; ``status`` is the code of
    RFC 3463 (``5.1.1``), ``said`` the server's words.
    """

    fate: Fate
    ids: frozenset[str]
    recipient: str = ""
    status: str = ""
    said: str = ""


def read_bounce(data: bytes) -> Bounce:
    """Read a mail as it was received; raises ``NotAllowedError`` ``bounce_not_one`` for any other."""
    try:
        mail = message_from_bytes(data[:LONGEST], policy=policy.compat32)
        parts = list(mail.walk())
        groups = [group for part in parts if _is(part, "message/delivery-status") for group in _groups(part)]
        reports = [found for group in groups if (found := _fate(group)) is not None]
        ids = frozenset(_ids(mail, parts, groups))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotAllowedError("bounce_not_one") from error
    if not reports:
        raise NotAllowedError("bounce_not_one")
    fate, group = min(reports, key=lambda one: list(Fate).index(one[0]))
    return Bounce(
        fate,
        ids,
        _behind_type(group, "Final-Recipient") or _behind_type(group, "Original-Recipient"),
        _line(group, "Status"),
        _behind_type(group, "Diagnostic-Code"),
    )


def envelope_id(message_id: str) -> str:
    """What a server is to name in a report about this mail (``ENVID``, RFC 3461); empty where it is too long."""
    plain = message_id.strip("<>")
    told = "".join(one if 33 <= ord(one) <= 126 and one not in "+=" else f"+{ord(one):02X}" for one in plain)
    return told if told.isascii() and len(told) <= _LONGEST_ENVID else ""


def _is(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind


def _groups(part: Message) -> list[Message]:
    """Fields of the whole report, then those of each recipient."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _fate(group: Message) -> tuple[Fate, Message] | None:
    action = _line(group, "Action").partition(" ")[0].casefold()
    if not action:
        return None
    return (Fate(action) if action in {Fate.FAILED, Fate.DELAYED} else Fate.DELIVERED), group


def _ids(mail: Message, parts: list[Message], groups: list[Message]) -> Iterator[str]:
    """Of the mail that came back, or its headers; of its envelope; of what the report says that it answers."""
    for part in parts:
        if _is(part, "message/rfc822"):
            inner = part.get_payload()
            for one in inner if isinstance(inner, list) else ():
                if isinstance(one, Message):
                    yield from _named(one, _IDS)
        elif _is(part, "text/rfc822-headers"):
            text = part.get_payload(decode=True)
            if isinstance(text, bytes):
                yield from _named(message_from_string(text.decode("utf-8", "replace")), _IDS)
    for group in groups:
        if told := _line(group, "Original-Envelope-Id"):
            yield f"<{_XTEXT.sub(lambda found: chr(int(found[1], 16)), told)}>"
    yield from _named(mail, _IDS[1:])


def _named(mail: Message, headers: tuple[str, ...]) -> Iterator[str]:
    for header in headers:
        yield from _ID.findall(str(mail.get(header, "")))


def _line(group: Message, field: str) -> str:
    return neutralise(" ".join(str(group.get(field, "")).split()))[:_SHOWN]


def _behind_type(group: Message, field: str) -> str:
    """Behind ``rfc822;`` or ``smtp;``."""
    return _line(group, field).partition(";")[2].strip()

"""Ids: ``community:kind:native`` strings, the same on every machine, and time-ordered ids for what is made here."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from moderation.errors import NotAllowedError, UnknownIdError

_SHAPE = re.compile(r"([a-z0-9.-]+):(forum|thread|post|member|flag|held|review):([A-Za-z0-9_.-]+)")


class Kind(StrEnum):
    """What an id names."""

    FORUM = "forum"
    THREAD = "thread"
    POST = "post"
    MEMBER = "member"
    FLAG = "flag"
    HELD = "held"
    REVIEW = "review"


ITEM_KINDS = frozenset({Kind.FLAG, Kind.HELD, Kind.REVIEW})


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """The id of one thing in one community; ``str(ref)`` is what stores, command line and logs carry."""

    community: str
    kind: Kind
    native: str

    def __str__(self) -> str:
        return f"{self.community}:{self.kind}:{self.native}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``community:kind:native``; raises :class:`UnknownIdError` for anything else."""
        match = _SHAPE.fullmatch(text)
        if match is None:
            raise UnknownIdError("id_malformed", id=text[:120])
        return cls(match[1], Kind(match[2]), match[3])

    def sibling(self, kind: Kind, native: str | int) -> "Ref":
        """Another id in the same community."""
        return Ref(self.community, kind, str(native))


def community_name(base_url: str) -> str:
    """Name of a community from its base URL: host, port and path, in ``[a-z0-9.-]``.

    ``https://forum.example.org:8443/help/`` gives ``forum.example.org-8443-help``. Raises :class:`NotAllowedError`
    ``address_malformed`` for what is no address.
    """
    try:
        parts = urlsplit(base_url if "//" in base_url else f"//{base_url}")
        host = (parts.hostname or "").encode("idna").decode()
        words = [host, str(parts.port) if parts.port else "", *parts.path.split("/")]
    except ValueError:
        raise NotAllowedError("address_malformed", host=base_url[:120]) from None
    name = re.sub(r"[^a-z0-9.-]+", "-", "-".join(word for word in words if word).lower()).strip("-")
    if not host or not name:
        raise NotAllowedError("address_malformed", host=base_url[:120])
    return name


def time_ordered_id(now_ms: int, random: bytes) -> str:
    """UUID version 7 (RFC 9562) from a Unix time in milliseconds and at least ten random bytes."""
    value = (now_ms & (1 << 48) - 1) << 80 | int.from_bytes(random[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

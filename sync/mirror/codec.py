"""Times, ids and nested values as the mirror stores them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from moderation.changes import ChangeRecord
from moderation.content import CommunityInfo as Info
from moderation.content import Forum, Group, Identity, Member
from moderation.ids import Kind, Ref
from moderation.items import HistoryEntry, Note, Offer, Report

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)

encode = msgspec.json.Encoder().encode
decode_forum = msgspec.json.Decoder(Forum).decode
decode_member = msgspec.json.Decoder(Member).decode
decode_group = msgspec.json.Decoder(Group).decode
decode_identity = msgspec.json.Decoder(Identity).decode
decode_info = msgspec.json.Decoder(Info).decode
decode_plain = msgspec.json.Decoder().decode
decode_any = msgspec.json.Decoder(dict[str, Any]).decode
decode_ints = msgspec.json.Decoder(list[int]).decode
decode_floats = msgspec.json.Decoder(list[float]).decode
decode_changes = msgspec.json.Decoder(list[ChangeRecord]).decode
decode_words = msgspec.json.Decoder(tuple[str, ...]).decode


class Cold(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of an item is read only when it is opened.

    A new part is additive: it has a value of its own for files that do not hold it, and needs no step of the schema.
    """

    body: str | None = None
    body_html: str | None = None
    thread_title: str | None = None
    reports: tuple[Report, ...] = ()
    notes: tuple[Note, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    actions: tuple[str, ...] | None = None
    extra: dict[str, str] = {}
    offers: tuple[Offer, ...] | None = None


decode_cold = msgspec.json.Decoder(Cold).decode


def ms(time: datetime | None) -> int | None:
    """Unix time in milliseconds; ``None`` stays."""
    return None if time is None else (time - _EPOCH) // _MS


def sure_ms(time: datetime) -> int:
    """Unix time in milliseconds."""
    return (time - _EPOCH) // _MS


def moment(milliseconds: int | None) -> datetime | None:
    """Aware UTC; ``None`` stays."""
    return None if milliseconds is None else _EPOCH + timedelta(milliseconds=milliseconds)


def sure_moment(milliseconds: int) -> datetime:
    """Aware UTC."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def native(ref: Ref | None) -> str | None:
    """The server's own id."""
    return None if ref is None else ref.native


def ref(community: str, kind: Kind, native_id: str | None) -> Ref | None:
    """The id of something in a community; ``None`` for none."""
    return None if native_id is None else Ref(community, kind, native_id)


def id_text(community: str, kind: Kind, native_id: str | None) -> str | None:
    """The same as text."""
    return None if native_id is None else f"{community}:{kind.value}:{native_id}"


def mention(member: Ref) -> str:
    """How a member's id stands inside the encoded parts of an item."""
    return encode(member).decode()


def words(values: tuple[str, ...] | None) -> str | None:
    """A tuple of slugs as JSON; ``None`` stays."""
    return None if values is None else encode(values).decode()

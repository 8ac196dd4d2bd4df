"""Groups as NodeBB sends them."""

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from sync.nodebb.payloads import Envelope


class GroupP(Struct):
    """A group; ``system`` and ``hidden`` are 0 or 1."""

    slug: str = ""
    name: str = ""
    displayName: str | None = None  # noqa: N815
    memberCount: int = 0  # noqa: N815
    system: int = 0
    hidden: int = 0


class GroupsP(Struct):
    """``/api/v3/groups``, fifteen a page."""

    groups: list[Raw] = field(default_factory=list)


GROUP: Decoder[GroupP] = Decoder(GroupP, strict=False)
GROUPS: Decoder[Envelope[GroupsP]] = Decoder(Envelope[GroupsP], strict=False)

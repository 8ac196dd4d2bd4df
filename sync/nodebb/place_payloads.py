"""What NodeBB 4.15 sends about private places: rights in a category, chat rooms, an opened topic."""

from msgspec import Struct, field

from sync.nodebb.payloads import Native, RoomP, UserP


class OpenedP(Struct):
    """What opening a topic answers: a topic, or (status 202) that it is held."""

    tid: Native | None = None
    mainPid: Native | None = None  # noqa: N815
    timestamp: float | None = None
    queued: bool = False
    id: Native | None = None


class HolderP(Struct):
    """Who holds rights in a category: a member (``uid``) or a group (``name``)."""

    uid: Native | None = None
    name: str | None = None
    privileges: dict[str, bool] = field(default_factory=dict)


class RightsP(Struct):
    """``/api/v3/categories/:cid/privileges``; group rights begin with ``groups:``."""

    users: list[HolderP] = field(default_factory=list)
    groups: list[HolderP] = field(default_factory=list)


class RoomsP(Struct):
    """``/api/v3/chats``."""

    rooms: list[RoomP] = field(default_factory=list)


class RoomUsersP(Struct):
    """``/api/v3/chats/:roomId/users``."""

    users: list[UserP] = field(default_factory=list)


class DiffsP(Struct):
    """``/api/v3/posts/:pid/diffs``: times of the versions (ms), the post's own last."""

    timestamps: list[Native] = field(default_factory=list)

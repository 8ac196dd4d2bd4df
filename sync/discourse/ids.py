"""Discourse's ids as ids of this program. All are numbers; members are named by id, for their names change."""

from moderation.ids import Kind, Ref

MESSAGES = "messages"
"""The native id of the forum that stands for all private messages, which are in no category."""


class Namer:
    """Makes ids of one community."""

    def __init__(self, community: str) -> None:
        self.community = community
        self.messages = Ref(community, Kind.FORUM, MESSAGES)

    def ref(self, kind: Kind, native: int | str) -> Ref:
        """An id of this community."""
        return Ref(self.community, kind, str(native))

    def maybe(self, kind: Kind, native: int | None) -> Ref | None:
        """An id, or ``None`` for nothing."""
        return None if not native else self.ref(kind, native)

    def member(self, user: int | None) -> Ref | None:
        """A member; ``None`` for the system and other accounts of the software itself (negative)."""
        return None if user is None or user <= 0 else self.ref(Kind.MEMBER, user)

    def forum(self, category: int | None, archetype: str | None) -> Ref | None:
        """Where a topic stands; messages stand in a forum of their own."""
        if archetype == "private_message":
            return self.messages
        return self.maybe(Kind.FORUM, category)

"""The engine's place in a desk that works inside the engine."""

from collections.abc import Callable, Sequence

from moderation.changes import ChangeRecord
from moderation.ids import Ref
from moderation.ports import CommunityStatus, PictureHeard


class NoEngine:
    """Implements :class:`moderation.ports.Engine` inside the engine, where there is nobody to ask."""

    def wake(self, reason: str = "") -> None:
        """Nothing."""

    def want(self, refs: Sequence[Ref]) -> None:
        """Nothing."""

    def refresh(self, community: str | None = None) -> None:
        """Nothing."""

    def status(self) -> list[CommunityStatus]:
        """None."""
        return []

    def picture(self, community: str, address: str, heard: PictureHeard) -> Callable[[], None]:
        """None."""
        return lambda: None

    def listen(self, heard: Callable[[list[ChangeRecord]], None]) -> Callable[[], None]:
        """Nobody."""
        return lambda: None


class Collecting(NoEngine):
    """Remembers what is to be read."""

    def __init__(self) -> None:
        self.wanted: dict[Ref, None] = {}

    def want(self, refs: Sequence[Ref]) -> None:
        """To be read."""
        self.wanted |= dict.fromkeys(refs)

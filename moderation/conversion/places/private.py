"""What a private place answers to a plan."""

from collections.abc import Sequence
from typing import Protocol

from moderation.conversion.draft import Back, Draft
from moderation.conversion.parts import Place, Remark, Shape, Steps
from moderation.conversion.scene import Scene


class PrivatePlace(Protocol):
    """One kind of private place. A step is ``None`` where no account can do it: the draft's keys keep what is missing.

    The plan hides first, then asks for ``opened``, then ``copied`` (a copy goes on there) or ``taken`` (the thread
    itself leaves); the pointer comes last. The way back asks for ``closed`` after the public thread is as it was.
    """

    @property
    def code(self) -> Place:
        """What it is called in cases and on the command line."""

    def serves(self, platform: str, shape: Shape) -> bool:
        """Whether it is there for this platform and shape."""

    def obstacles(self, draft: Draft) -> dict[str, bool]:
        """What would keep it from being made: code, and whether it is so."""

    def opened(self, draft: Draft) -> Steps:
        """The place is made or found, and the customer let in."""

    def copied(self, draft: Draft) -> tuple[Steps, Sequence[Remark]]:
        """The quoted copy, and what makes it impossible."""

    def taken(self, draft: Draft) -> Steps:
        """The thread itself goes there."""

    def remarks(self, draft: Draft) -> Sequence[Remark]:
        """What one should know of this place."""

    def team(self, scene: Scene) -> str:
        """Who of the team reads there, in words that need no translation."""

    def moderators(self) -> str:
        """What other moderators read there: a value of ``Reader``."""

    def closed(self, back: Back) -> Steps:
        """What belonged to the case there is closed to the customer."""

"""What the dialogue of going private asks of the program: the company's words, and what is asked for once."""

from typing import Protocol

from moderation.conversion import Wording
from moderation.ids import Ref


class Converting(Protocol):
    """Both faces of the program write the same words and remember the same forum. All methods may read or write a
    file: they are called off the window's thread.
    """

    def wording(self, language: str) -> Wording:
        """The texts of a conversion in a language, with placeholders for the plan to fill."""

    def private_forum(self, community: str) -> Ref | None:
        """The team's private forum as it was named before, ``None`` where nobody has."""

    def support_groups(self, community: str) -> tuple[str, ...]:
        """Names of the team's groups that join a private message, as they were named before."""

    def remember(self, community: str, forum: Ref) -> None:
        """Keep it for the next time; a community that is not connected any more has none."""

"""Names that come from a server: on one line, without what steers a line's direction, and not too long."""

from moderation.text import neutralise

LONGEST = 60


def shown(name: str) -> str:
    """The name as it can be put into a sentence."""
    line = " ".join(neutralise(name).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"

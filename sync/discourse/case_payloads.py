"""Answers of Discourse that only going private reads."""

from msgspec import Struct


class RevisionP(Struct):
    """``/posts/:id/revisions/:number.json``; ``username`` is who edited."""

    current_revision: int = 0
    current_hidden: bool = False
    username: str = ""

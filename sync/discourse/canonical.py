"""When two texts are the same post: Discourse strips spaces at both ends and unifies line ends of what was typed."""

import hashlib

from moderation.text import canonical


def stored_form(text: str) -> str:
    """The text as it compares with what the server has."""
    return canonical(text).strip().replace("\x00", "")


def same_text(one: str | None, other: str | None) -> bool:
    """True when both are the same post."""
    return one is not None and other is not None and stored_form(one) == stored_form(other)


def fingerprint(text: str | None) -> str:
    """What stands for a text in a baseline, which holds no content."""
    return hashlib.sha256(stored_form(text or "").encode("utf-8", "replace")).hexdigest()

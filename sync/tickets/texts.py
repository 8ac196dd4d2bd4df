"""Texts as ticket systems give them back: other line ends, trimmed, blanks doubled."""


def same_text(one: str, other: str) -> bool:
    """True for the same words: what separates them does not count."""
    return one.split() == other.split()

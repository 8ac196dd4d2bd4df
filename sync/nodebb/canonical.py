"""When two texts are the same post: NodeBB trims the end of a new post as JavaScript's ``trimEnd`` does."""

import hashlib

from moderation.text import canonical

_JS_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
    "\u205f\u3000\ufeff"
)


def stored_form(text: str) -> str:
    """The text as it compares with what the server has."""
    return canonical(text.rstrip(_JS_SPACE)).rstrip(_JS_SPACE)


def same_text(one: str | None, other: str | None) -> bool:
    """True when both are the same post."""
    return one is not None and other is not None and stored_form(one) == stored_form(other)


def fingerprint(text: str | None) -> str:
    """What stands for a text in a baseline, which holds no content."""
    return hashlib.sha256(stored_form(text or "").encode("utf-8", "replace")).hexdigest()

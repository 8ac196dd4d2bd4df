"""The team's rules for the finder, read from a file of the home."""

from pathlib import Path

from moderation.errors import StoreError
from moderation.privacy.rules import NO_RULES, Rules, read_rules

LARGEST = 4_000_000
"""Bytes; twenty thousand names take half a million."""


def load_rules(path: Path) -> Rules:
    """Rules of a file, none where it is missing.

    Raises :class:`StoreError` ``privacy_rules_unreadable`` or that of :func:`moderation.privacy.rules.read_rules`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise StoreError("privacy_rules_unreadable", path=str(path), why="> 4 MB")
        source = data.decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return NO_RULES
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError("privacy_rules_unreadable", path=str(path), why=str(error)) from error
    return read_rules(source.replace("\r\n", "\n"), str(path))

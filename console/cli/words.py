"""The type of what gives sentences by code."""

from typing import Protocol


class Words(Protocol):
    """Sentences by code, in one language."""

    def __call__(self, code: str, **facts: object) -> str:
        """The sentence with its facts."""

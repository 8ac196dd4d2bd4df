"""Routes of a face of the sample community, found by method and path."""

from functools import lru_cache
from typing import Generic, Protocol, TypeVar


class Matching(Protocol):
    """What a table of routes knows of a route."""

    @property
    def method(self) -> str:
        """``GET``, ``POST``, …"""

    @property
    def pattern(self) -> tuple[str, ...]:
        """Parts of its path."""

    def match(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        """The parameters of a path with as many parts, ``None`` if this is another path."""


R = TypeVar("R", bound=Matching)


def parts_of(path: str) -> tuple[str, ...]:
    """The parts of a path; a slash more at either end does not matter."""
    return tuple(part for part in path.split("/") if part)


class Routes(Generic[R]):
    """A table of routes; of several that match, the first registered wins."""

    def __init__(self) -> None:
        self._table: dict[tuple[str, int], list[R]] = {}
        self._known = lru_cache(1 << 12)(self._find)

    def add(self, route: R) -> None:
        """Register one more."""
        self._table.setdefault((route.method, len(route.pattern)), []).append(route)
        self._known.cache_clear()

    def look_up(self, method: str, path: str) -> tuple[R, dict[str, str]] | None:
        """The route for a request with its parameters."""
        found = self._known(method, path)
        return None if found is None else (found[0], dict(found[1]))

    def every(self) -> list[R]:
        """All of them, for documents and tests."""
        return [route for routes in self._table.values() for route in routes]

    def _find(self, method: str, path: str) -> tuple[R, dict[str, str]] | None:
        parts = parts_of(path)
        for candidate in self._table.get((method, len(parts)), []):
            params = candidate.match(parts)
            if params is not None:
                return candidate, params
        return None

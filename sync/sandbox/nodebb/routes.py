"""A table of routes. NodeBB answers 404 to an unknown method, never 405: method and path are looked up together."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from sync.sandbox.nodebb.answers import Answer
from sync.sandbox.nodebb.call import Call

Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and what must hold before it is called.

    `login` asks for an account; `posts` marks the two routes that allow one post at a time per account; `open` routes
    keep working in maintenance mode and for banned members.
    """

    method: str
    pattern: tuple[str, ...]
    handler: Handler
    login: bool = False
    posts: bool = False
    open: bool = False

    @property
    def template(self) -> str:
        """The path as it is written in documents, for counting."""
        return "/" + "/".join(self.pattern)

    def match(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        """The path parameters, or None if this is another path."""
        params: dict[str, str] = {}
        for wanted, part in zip(self.pattern, parts, strict=True):
            if wanted.startswith(":"):
                params[wanted[1:]] = unquote(part)
            elif wanted != part:
                return None
        return params


_table: dict[tuple[str, int], list[Route]] = {}


def route(
    method: str,
    path: str,
    *,
    login: bool = False,
    posts: bool = False,
    open: bool = False,  # noqa: A002
) -> Callable[[Handler], Handler]:
    """Register a handler; of several that match, the first registered wins."""

    def register(handler: Handler) -> Handler:
        pattern = tuple(part for part in path.split("/") if part)
        _table.setdefault((method, len(pattern)), []).append(Route(method, pattern, handler, login, posts, open))
        return handler

    return register


def look_up(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route for a request with its parameters; a trailing slash does not matter."""
    found = _look_up(method, path)
    return None if found is None else (found[0], dict(found[1]))


@lru_cache(1 << 12)
def _look_up(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    parts = tuple(part for part in path.split("/") if part)
    for candidate in _table.get((method, len(parts)), []):
        params = candidate.match(parts)
        if params is not None:
            return candidate, params
    return None


def all_routes() -> list[Route]:
    """Every route, for documents and tests."""
    return [route for routes in _table.values() for route in routes]

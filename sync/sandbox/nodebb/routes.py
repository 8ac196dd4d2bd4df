"""A table of routes. NodeBB answers 404 to an unknown method, never 405: method and path are looked up together."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from sync.sandbox.nodebb.answers import Answer
from sync.sandbox.nodebb.call import Call
from sync.sandbox.routing import Routes, parts_of

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


_routes: Routes[Route] = Routes()


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
        _routes.add(Route(method, parts_of(path), handler, login, posts, open))
        return handler

    return register


look_up = _routes.look_up
"""The route for a request with its parameters, by method and path; a trailing slash does not matter."""
all_routes = _routes.every
"""Every route, for documents and tests."""

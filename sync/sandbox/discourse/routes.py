"""A table of routes. Each has a name, which every answer carries."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from sync.sandbox.discourse.answers import Answer
from sync.sandbox.discourse.call import Call
from sync.sandbox.routing import Routes, parts_of

Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler. `login` asks for an account, `staff` for one that may see the review queue; `text` routes answer
    without `.json` as well, and `keyless` writes need no key.
    """

    method: str
    pattern: tuple[str, ...]
    name: str
    handler: Handler
    login: bool = False
    text: bool = False
    keyless: bool = False

    @property
    def template(self) -> str:
        """The path as it is written in documents, for counting."""
        return "/" + "/".join(self.pattern)

    def match(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        """The path parameters, or None if this is another path."""
        params: dict[str, str] = {}
        for wanted, part in zip(self.pattern, parts, strict=True):
            if wanted.startswith("#"):
                name, dot, ending = wanted[1:].partition(".")
                digits = part.removesuffix(dot + ending)
                if not digits.isdigit() or not part.endswith(dot + ending):
                    return None
                params[name] = digits
            elif wanted.startswith(":"):
                params[wanted[1:]] = unquote(part)
            elif wanted != part:
                return None
        return params


_routes: Routes[Route] = Routes()


def route(
    method: str, path: str, name: str, *, login: bool = False, text: bool = False, keyless: bool = False
) -> Callable[[Handler], Handler]:
    """Register a handler; of several that match, the first registered wins. `#id` takes digits only, `#id.rss`
    digits before that ending, `:id` anything.
    """

    def register(handler: Handler) -> Handler:
        _routes.add(Route(method, parts_of(path), name, handler, login, text, keyless))
        return handler

    return register


look_up = _routes.look_up
"""The route for a request with its parameters, by method and path; a trailing slash does not matter."""
all_routes = _routes.every
"""Every route, for documents and tests."""

"""A table of routes. Each has a name, which every answer carries."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from sync.sandbox.discourse.answers import Answer
from sync.sandbox.discourse.call import Call

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


_table: dict[tuple[str, int], list[Route]] = {}


def route(
    method: str, path: str, name: str, *, login: bool = False, text: bool = False, keyless: bool = False
) -> Callable[[Handler], Handler]:
    """Register a handler; of several that match, the first registered wins. `#id` takes digits only, `#id.rss`
    digits before that ending, `:id` anything.
    """

    def register(handler: Handler) -> Handler:
        pattern = tuple(part for part in path.split("/") if part)
        one = Route(method, pattern, name, handler, login, text, keyless)
        _table.setdefault((method, len(pattern)), []).append(one)
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

"""What both faces of the program write when a thread goes private, and what they remember of it."""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

from console import settings as kept
from moderation.conversion import Wording
from moderation.ids import Ref
from resources.messages import known, text

_FACTS = ("customer", "case", "title", "url", "author", "at", "number", "of")


def wording_in(say: Callable[..., str]) -> Wording:
    """The texts of a conversion in the language of ``say``; their placeholders stay for the plan to fill."""
    stay = {name: f"{{{name}}}" for name in _FACTS}
    codes = {field.name: f"wording_{field.name}" for field in fields(Wording)}
    return Wording(**{name: say(code, **stay) for name, code in codes.items() if known(code)})


def private_forum(settings: kept.Settings, community: str) -> Ref | None:
    """The team's private forum of a community, as it was named before."""
    entry = settings.communities.get(community)
    return Ref.parse(entry.private_forum) if entry is not None and entry.private_forum else None


def support_groups(settings: kept.Settings, community: str) -> tuple[str, ...]:
    """Names of groups that join a private message there, as they were named before."""
    entry = settings.communities.get(community)
    return tuple(filter(None, entry.support_groups.split(","))) if entry is not None else ()


def remember(path: Path, community: str, forum: Ref) -> None:
    """Keep it for the next time."""

    def edit(settings: kept.Settings) -> kept.Settings:
        entry = settings.communities.get(community)
        if entry is None or entry.private_forum == str(forum):
            return settings
        changed = replace(entry, private_forum=str(forum))
        return replace(settings, communities={**settings.communities, community: changed})

    kept.change(path, edit)


class Conversions:
    """Implements ``views.convert.port.Converting`` over the settings of a home."""

    def __init__(self, settings: Path) -> None:
        self._settings = settings

    def wording(self, language: str) -> Wording:
        """The company's words."""
        return wording_in(partial(text, language=language))

    def private_forum(self, community: str) -> Ref | None:
        """Read anew: a command may have named it meanwhile."""
        return private_forum(kept.load(self._settings), community)

    def support_groups(self, community: str) -> tuple[str, ...]:
        """Read anew."""
        return support_groups(kept.load(self._settings), community)

    def remember(self, community: str, forum: Ref) -> None:
        """Keep it where commands look too."""
        remember(self._settings, community, forum)

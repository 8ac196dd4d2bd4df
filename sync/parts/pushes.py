"""Which push belongs to which action."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moderation.actions import Action
from moderation.errors import NotAllowedError
from moderation.ids import Kind
from moderation.intents import Intent
from sync.connector import Before, Evidence, Push
from sync.parts.intents import Taken


class Pushes:
    """The pushes of a platform, one object a group of actions; ``servers_own`` is for what only a server names."""

    def __init__(self, groups: Iterable[tuple[tuple[Action, ...], Push]], servers_own: Push | None = None) -> None:
        self._known = {action: push for actions, push in groups for action in actions}
        self._servers_own = servers_own

    def of(self, action: Action) -> Push:
        """The push of an action; raises ``NotAllowedError`` ``action_unknown`` where the platform has none."""
        found = self._known.get(action) or (self._servers_own if action.is_servers_own else None)
        if found is None:
            raise NotAllowedError("action_unknown", action=action.value)
        return found


class Either:
    """One push for the intents that fit, and another one for all others."""

    def __init__(self, fits: Callable[[Intent], bool], push: Push, others: Push) -> None:
        self._fits = fits
        self._push = push
        self._others = others

    def before(self, intent: Intent) -> Before:
        """See :class:`~sync.connector.Push`."""
        return self._for(intent).before(intent)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """See :class:`~sync.connector.Push`."""
        return self._for(intent).send(intent, before)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """See :class:`~sync.connector.Push`."""
        return self._for(intent).look(intent, hints, taken)

    def _for(self, intent: Intent) -> Push:
        return self._push if self._fits(intent) else self._others


class ByKind(Either):
    """A push for targets of one kind, and another one for all others."""

    def __init__(self, kind: Kind, push: Push, others: Push) -> None:
        super().__init__(lambda intent: intent.target.kind is kind, push, others)

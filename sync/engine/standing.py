"""How a community stands: the first failure and the recovery are logged and told, not every try between."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from moderation.errors import MarqueeError, SignInError, StoreError, TryLaterError
from moderation.ports import CommunityStatus
from sync.engine.stores import Stores

log = logging.getLogger(__name__)


class Standing:
    """The status of one community, kept by both of its threads. ``tell`` hears of every change."""

    def __init__(self, name: str, stores: Stores, tell: Callable[[CommunityStatus], None]) -> None:
        self._name = name
        self._stores = stores
        self._tell = tell
        self._lock = threading.Lock()
        self._trouble: dict[str, Any] | None = None
        self._since: datetime | None = None
        self.status = CommunityStatus(name, "unknown")

    @property
    def troubled(self) -> bool:
        """True until something succeeded: before the first answer, and after a failure."""
        return self._trouble is not None or self.status.state == "unknown"

    def well(self, budget_left: float | None) -> None:
        """The community was read just now."""
        with self._lock:
            if self._trouble is not None:
                log.info("%s is back", self._name)
            self._trouble = None
            now = self._stores.clock.now()
            live = self.status.live
            self.status = CommunityStatus(self._name, "connected", read_at=now, budget_left=budget_left, live=live)
        self._stores.writer.set_standing(self._name, as_of=now, trouble=None)
        self._tell(self.status)

    def live(self, live: str) -> None:
        """Live push is ``on``, off for the reason of that code, or unknown to the platform (empty)."""
        with self._lock:
            if self.status.live == live:
                return
            self.status = replace(self.status, live=live)
        self._tell(self.status)

    def unwell(self, error: MarqueeError, again_in: float) -> None:
        """It could not be read or written; tried again in that many seconds."""
        trouble = {"code": error.code, **error.facts}
        with self._lock:
            if self._trouble is None or self._trouble.get("code") != error.code:
                log.info("%s: %s", self._name, error)
                self._since = self._stores.clock.now()
            self._trouble = trouble
            again = self._stores.clock.now() + timedelta(seconds=again_in)
            before = self.status
            self.status = CommunityStatus(
                self._name, _state(error), before.read_at, self._since, again, trouble=trouble, live=before.live
            )
        if not isinstance(error, StoreError) or error.code == "server_restored":
            self._stores.writer.set_standing(self._name, trouble=trouble)
        self._tell(self.status)


def _state(error: MarqueeError) -> str:
    if isinstance(error, SignInError):
        return "sign_in"
    return "offline" if isinstance(error, TryLaterError) else "paused"

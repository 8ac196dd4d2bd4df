"""Acting through a connection as the outbox does: look, send once, look again."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from moderation.actions import Action
from moderation.errors import TryLaterError
from moderation.ids import Ref, time_ordered_id
from moderation.intents import Identities, Intent, IntentState
from moderation.items import Item
from sync.connector import Before, Connection, Evidence, Known, Standing


@dataclass(frozen=True)
class Done:
    """What came of it."""

    intent: Intent
    before: Before
    hints: dict[str, Any]
    evidence: Evidence


class Actor:
    """Performs single actions; remembers receipts so that none is used twice."""

    def __init__(self, connection: Connection, identity: Identities = Identities.ME) -> None:
        self.connection = connection
        self.me = connection.identify()
        self.receipts: set[str] = set()
        self._identity = identity

    def intent(self, action: Action, target: Ref, item: Item | None = None, **payload: Any) -> Intent:
        """An intent that is about to be sent."""
        now = datetime.now(UTC)
        return Intent(
            id=time_ordered_id(int(now.timestamp() * 1000), os.urandom(10)),
            plan="plan",
            step=0,
            community=target.community,
            account=str(self.me.member),
            identity=self._identity,
            action=action,
            target=target,
            created_at=now,
            state=IntentState.SENDING,
            item=item.id if item is not None else None,
            seen_version=item.version if item is not None else "",
            payload=payload,
        )

    def before(self, intent: Intent) -> tuple[Intent, Before]:
        """Look first; the intent gets its baseline."""
        found = self.connection.push(intent.action).before(intent)
        return replace(intent, baseline=found.baseline), found

    def look(self, intent: Intent, hints: dict[str, Any] | None = None) -> Evidence:
        """Look afterwards."""
        return self.connection.push(intent.action).look(intent, hints or {}, self.receipts.__contains__)

    def act(self, action: Action, target: Ref, item: Item | None = None, **payload: Any) -> Done:
        """The whole way; the receipt is remembered."""
        intent, before = self.before(self.intent(action, target, item, **payload))
        assert before.standing is Standing.CLEAR, before
        hints = self.connection.push(action).send(intent, before)
        evidence = self.look(intent, hints)
        if evidence.receipt is not None:
            assert evidence.receipt.server_id not in self.receipts
            self.receipts.add(evidence.receipt.server_id)
        return Done(intent, before, hints, evidence)

    def item(self, ref: Ref, known: Known) -> Item:
        """An item in full, read now."""
        batches = list(self.connection.fetch([ref], known))
        found = [item for batch in batches for records in batch.records for item in records.items if item.id == ref]
        assert found, f"{ref} was not found: {batches}"
        return found[-1]


def patiently(act: Callable[[], Done], seconds: float = 300.0) -> Done:
    """Act, and wait as long as the server says (post delays concern one intent only)."""
    ends = time.monotonic() + seconds
    while True:
        try:
            return act()
        except TryLaterError as error:
            if error.facts.get("scope") != "intent" or time.monotonic() > ends:
                raise
            time.sleep(min(error.seconds, 3.0))

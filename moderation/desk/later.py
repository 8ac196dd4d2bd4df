"""Later: putting an item off, for oneself and for a time; it comes back by itself."""

from datetime import datetime

from moderation.desk.bench import Bench, reference
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Ref
from moderation.items import PENDING_STATES, Item
from moderation.ports import PutOff
from moderation.priority import prioritise
from moderation.queries import Level


class Later:
    """What one person has put off. Colleagues see the item as ever; nothing is sent to a server."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def put_off(self, item: Ref | str, until: datetime) -> PutOff:
        """Put an item off until then. A further report, or a decision by anybody, ends it before.

        Raises ``UnknownIdError``, and ``NotAllowedError``: ``later_past`` for a time that is over, ``later_urgent`` for
        what cannot wait, ``already_decided``.
        """
        found = self._known(reference(item))
        now = self._bench.clock.now()
        if until <= now:
            raise NotAllowedError("later_past")
        if found.state not in PENDING_STATES:
            raise NotAllowedError("already_decided", action="later", item=str(found.id))
        if prioritise(found).level is Level.URGENT:
            raise NotAllowedError("later_urgent", item=str(found.id))
        what = PutOff(str(found.id), self._me(found), until, now, found.report_count)
        self._bench.team.put_off(what)
        self._bench.refresh_overlay()
        return what

    def take_up(self, item: Ref | str) -> bool:
        """Take it back into the queue now; ``False`` when it was not put off."""
        found = self._known(reference(item))
        there = self._bench.team.take_up(str(found.id), self._me(found))
        self._bench.refresh_overlay()
        return there

    def waiting(self) -> list[PutOff]:
        """What is put off now, soonest first."""
        return self._bench.put_off()

    def _known(self, ref: Ref) -> Item:
        found = self._bench.mirror.item(ref)
        if found is None:
            raise UnknownIdError("item_unknown", id=str(ref))
        return found

    def _me(self, item: Item) -> str:
        return str(self._bench.community(item.id.community).identity.member)

"""What the team store keeps of alarms. Safe to use from several threads and processes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from moderation.alarms.delivery import Telling, Told
from moderation.alarms.model import Alarm
from moderation.ids import Ref


class AlarmStore(Protocol):
    """Alarms, who owns them, why they are silent, and where they were told."""

    def alarms(self, community: str | None = None, *, active: bool = False) -> list[Alarm]:
        """The newest alarm of each key, newest first; ``active``: those that have not ended."""

    def raise_alarms(self, alarms: Sequence[Alarm], tellings: Sequence[Telling]) -> list[Alarm]:
        """Keep new alarms with what is to be told of them, in one transaction; gives those that nobody else raised."""

    def keep_course(self, alarms: Sequence[Alarm]) -> None:
        """How known alarms go on; owner and silence stay as they are."""

    def own_alarm(self, alarm: Alarm, by: str, by_name: str, at: datetime) -> str | None:
        """Take it, where nobody has it: gives the name of who has it already, ``None`` where it is one's own now."""

    def release_alarm(self, alarm: Alarm, by: str) -> bool:
        """Give it up; ``False`` where it was not one's own."""

    def silence_alarm(
        self, alarm: Alarm, reason: str, by: str, by_name: str, at: datetime, until: datetime | None
    ) -> None:
        """Silence it, instead of what was said before; an empty reason: it speaks again."""

    def tellings(self, community: str | None = None) -> list[Telling]:
        """All that there are of the newest alarms."""

    def due_tellings(self, channel: str, now: datetime) -> list[Telling]:
        """What waits in a channel and is due, oldest first. What was cut off while it was sent is ``unclear`` then."""

    def take_tellings(self, tellings: Sequence[Telling], bundle: str, now: datetime, until: datetime) -> list[Telling]:
        """Take them for one message; gives those that were still waiting and are one's own now."""

    def end_tellings(
        self, bundle: str, state: Told, now: datetime, trouble: str = "", due_at: datetime | None = None
    ) -> None:
        """What became of a message; ``waiting`` with the next try."""

    def drop_tellings(self, tellings: Sequence[Telling], now: datetime) -> None:
        """They need not be told any more, where they still wait."""

    def next_telling(self) -> datetime | None:
        """When the next one is due that waits, ``None`` where none does."""

    def prune_alarms(self, before: datetime) -> int:
        """Let go of alarms that ended before; gives how many there were."""

    def forget_alarms(self, gone: Iterable[Ref]) -> int:
        """Threads and members that were erased leave the alarms; gives how many rows were touched."""

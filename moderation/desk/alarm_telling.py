"""Telling of alarms in channels: what is due goes out, several together, and each at most once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from moderation.alarms.delivery import TAKEN_FOR, TRIES, Channel, Speaker, Telling, Told, next_try
from moderation.alarms.model import Alarm
from moderation.alarms.ports import AlarmStore
from moderation.alarms.telling import Named, Words, heading, message
from moderation.errors import MarqueeError, SignInError, TryLaterError, UnclearError
from moderation.ports import Clock, Ids

KEY_AGAIN = 3600.0
"""Seconds until a channel whose secret is missing is tried again."""


class AlarmTelling:
    """Belongs to one thread. ``open_speaker`` may raise what keeps a channel from being opened, ``titles`` names
    connected communities, ``words`` gives those of a language.
    """

    def __init__(
        self,
        store: AlarmStore,
        named: Callable[[Sequence[Alarm]], list[Named]],
        open_speaker: Callable[[Channel], Speaker],
        words: Callable[[str], Words],
        titles: Callable[[], dict[str, str]],
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store = store
        self._named = named
        self._open = open_speaker
        self._words = words
        self._titles = titles
        self._clock = clock
        self._ids = ids

    def tell(self, channels: Sequence[Channel]) -> int:
        """Send what is due now; gives how many messages were sent."""
        return sum(self._tell(channel) for channel in channels)

    def _tell(self, channel: Channel) -> int:
        now = self._clock.now()
        due = self._store.due_tellings(channel.name, now)
        if not due or channel.quiet.over_at(now) > now:
            return 0
        titles = self._titles()
        lasting = [one for one in self._store.alarms(active=True) if one.community in titles and not one.silenced(now)]
        needed = {(one.key, one.number): one for one in lasting}
        over = [one for one in due if (one.key, one.number) not in needed]
        if over:
            self._store.drop_tellings(over, now)
        by_community: dict[str, list[Telling]] = {}
        for one in due:
            if (alarm := needed.get((one.key, one.number))) is not None:
                by_community.setdefault(alarm.community, []).append(one)
        return sum(
            self._send(channel, community, tellings, needed) for community, tellings in sorted(by_community.items())
        )

    def _send(
        self, channel: Channel, community: str, due: Sequence[Telling], alarms: dict[tuple[str, int], Alarm]
    ) -> int:
        """One message; what becomes of it is kept before anything else is sent."""
        now, bundle = self._clock.now(), self._ids.new()
        taken = self._store.take_tellings(due, bundle, now, now + TAKEN_FOR)
        if not taken:
            return 0
        named = self._named([alarms[one.key, one.number] for one in taken])
        words = self._words(channel.language)
        title = heading(words, self._titles().get(community, community), len(named))
        try:
            self._open(channel).say(title, message(words, named), bundle)
        except MarqueeError as error:
            self._failed(bundle, max(one.tries for one in taken) + 1, error)
            return 0
        self._store.end_tellings(bundle, Told.SENT, self._clock.now())
        return 1

    def _failed(self, bundle: str, tries: int, error: MarqueeError) -> None:
        now = self._clock.now()
        if isinstance(error, UnclearError):
            self._store.end_tellings(bundle, Told.UNCLEAR, now, error.code)
        elif isinstance(error, TryLaterError | SignInError) and tries < TRIES:
            self._store.end_tellings(bundle, Told.WAITING, now, error.code, _again(error, tries, now))
        else:
            self._store.end_tellings(bundle, Told.FAILED, now, error.code)


def _again(error: TryLaterError | SignInError, tries: int, now: datetime) -> datetime:
    return next_try(tries, now, error.seconds if isinstance(error, TryLaterError) else KEY_AGAIN)

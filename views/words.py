"""Words for codes and figures: errors, priorities, states, ages and times, in the language of the window."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from moderation.errors import MarqueeError
from moderation.findings import Audience
from moderation.queries import Level
from resources.messages import known, text

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Words:
    """Sentences of one language. Times are shown in the machine's time zone."""

    def __init__(self, language: Language = "en") -> None:
        self.language = language

    def say(self, code: str, **facts: object) -> str:
        """The words of a code; an unknown code shows itself."""
        return text(code, self.language, **facts)

    def audience(self, audience: Audience) -> str:
        """What readers of a thread are called."""
        return self.say(f"audience_{audience}")

    def count(self, code: str, n: int, **facts: object) -> str:
        """Words with a number: ``code_one`` for exactly one where the language has such words, else ``code``."""
        one = f"{code}_one"
        return self.say(one if n == 1 and known(one) else code, n=self.number(n), **facts)

    def number(self, n: int) -> str:
        """A number with thousands separated."""
        return f"{n:,}"

    # -- errors and states -----------------------------------------------------------------------------------------
    def error(self, error: BaseException) -> str:
        """What happened, what is safe, what to do next."""
        if isinstance(error, MarqueeError):
            return self.trouble(error.code, error.facts)
        return self.say("our_bug", kind=type(error).__name__)

    def trouble(self, code: str, facts: dict[str, object] | dict[str, str | int | float | bool | None]) -> str:
        """The sentence for an error code with its facts; the window's own where a command's would name a command."""
        code = f"window_{code}" if known(f"window_{code}") else code
        return self.say(code, **{name: value for name, value in facts.items() if name not in {"code", "language"}})

    def in_window(self, trouble: Mapping[str, object]) -> str:
        """The sentence for a trouble (``code`` and facts) in the window, which does itself what a command would."""
        return self.trouble(str(trouble.get("code", "")), dict(trouble))

    def level(self, level: Level) -> str:
        """Name of a priority."""
        return self.say(f"level_{level}")

    def why(self, codes: Iterable[str]) -> str:
        """Why an item has its priority: the codes of :mod:`moderation.priority` in words, one line."""
        words = [self._why(code) for code in codes]
        return self.say("list_comma").join(word for word in words if word)

    def _why(self, code: str) -> str:
        name, _, value = code.partition(":")
        if name == "reports":
            return self.count("why_reports", int(value or 0))
        if name == "category":
            return self.say(f"category_{value}")
        if name == "private":
            kind, _, number = value.partition(":")
            said = self.say(f"private_kind_{kind}")
            return said if number == "1" else f"{said} ×{number}"
        return self.say(f"why_{name}")

    def verb(self, action: str) -> str:
        """Name of an action on a button."""
        return self._act("verb", action)

    def done(self, action: str) -> str:
        """An action as something done: “kept”, “hidden”."""
        return self._act("done", action)

    def now(self, action: str) -> str:
        """The same at the beginning of a sentence: “Kept”, “Hidden”."""
        said = self._act("now", action)
        return said[:1].upper() + said[1:]

    def _act(self, form: str, action: str) -> str:
        """Words for an action; a server's own that we have none for shows the server's name for it."""
        code = f"{form}_{_slug(action)}"
        return self.say(code) if known(code) else _slug(action).replace("_", " ")

    # -- times -----------------------------------------------------------------------------------------------------
    def age(self, seconds: float) -> str:
        """How long ago, short: “4 min”, “3 h”, “2 d”."""
        if seconds < 60:
            return self.say("age_now")
        for unit, size, limit in (("min", 60, 3600), ("h", 3600, 86400), ("d", 86400, float("inf"))):
            if seconds < limit:
                return self.say(f"age_{unit}", n=int(seconds // size))
        raise AssertionError

    def ago(self, seconds: float) -> str:
        """How long ago in a sentence: “4 min ago”."""
        if seconds < 60:
            return self.say("age_now")
        return self.say("ago", age=self.span(seconds, parts=1))

    def span(self, seconds: float, parts: int = 2) -> str:
        """A length of time in its ``parts`` largest units: “3 h 12 min”."""
        rest, words = int(max(0.0, seconds)), list[str]()
        for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
            amount, rest = divmod(rest, size)
            if amount or (unit == "s" and not words):
                words.append(self.say(f"span_{unit}", n=amount))
            elif words:
                break
            if len(words) == parts:
                break
        return " ".join(words)

    def clock(self, at: datetime) -> str:
        """Time of day: “10:36”."""
        return f"{at.astimezone():%H:%M}"

    def seconds(self, at: datetime) -> str:
        """Time of day with seconds: “10:47:12”."""
        return f"{at.astimezone():%H:%M:%S}"

    def day(self, at: datetime, now: datetime | None = None) -> str:
        """A day: “12 Nov”, with the year where it is another one."""
        local, today = at.astimezone(), (now or at).astimezone()
        if self.language == "ja":
            return (
                f"{local.month}/{local.day}" if local.year == today.year else f"{local.year}/{local.month}/{local.day}"
            )
        year = "" if local.year == today.year else f" {local.year}"
        return f"{local.day} {_MONTHS[local.month - 1]}{year}"

    def moment(self, at: datetime, now: datetime) -> str:
        """Day and time: “today 10:36”, “19 Nov 10:36”."""
        today = at.astimezone().date() == now.astimezone().date()
        day = self.say("today") if today else self.day(at, now)
        return f"{day} {self.clock(at)}"

    def month(self, at: datetime) -> str:
        """Month and year: “March 2024”."""
        local = at.astimezone()
        if self.language == "ja":
            return f"{local.year}年{local.month}月"
        return f"{_LONG_MONTHS[local.month - 1]} {local.year}"


def _slug(action: str) -> str:
    return action.removeprefix("x:")


def initials(name: str) -> str:
    """Up to two initials of a name; one character where the script has no capitals: “MO”, “見”."""
    words = [word for word in name.replace("_", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    if ord(words[0][0]) > 0x2E7F:
        return words[0][0]
    if len(words) == 1:
        return words[0][:2]
    return (words[0][0] + words[-1][0]).upper()

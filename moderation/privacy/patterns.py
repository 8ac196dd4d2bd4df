"""Patterns that a team writes, kept to what can be matched in bounded time.

Either a *form* (``AC-######``: ``#`` a digit, ``@`` a letter, ``*`` one of both, everything else itself) or a small
part of regular expressions: characters, classes, groups, ``|``, ``?`` and ``{n,m}``. Repetition without end, repetition
of what repeats, references and looking around are refused, and so is a pattern that could be tried in too many ways:
one place of a text costs at most :data:`MOST_WAYS` attempts, whatever the text is.
"""

import re
from dataclasses import dataclass

MOST_WAYS = 256
LONGEST = 200
_CLASSES = frozenset("dwsDWSb")
_ESCAPABLE = frozenset("\\.^$*+?{}[]|()-/# @&~_'\",:;<>=!%`")
_FORM = {"#": "[0-9]", "@": "[A-Z]", "*": "[A-Z0-9]"}


class PatternError(ValueError):
    """A pattern that is refused; ``code`` says why, ``at`` is the place in it."""

    def __init__(self, code: str, at: int) -> None:
        super().__init__(f"{code} at {at}")
        self.code = code
        self.at = at


@dataclass(frozen=True, slots=True)
class Cost:
    """In how many ``ways`` a part can match one place, whether its length ``varies``, the ``least`` length."""

    ways: int = 1
    varies: bool = False
    least: int = 0


def from_form(form: str) -> re.Pattern[str]:
    """A form as a pattern that matches no part of a longer word or number; raises :class:`PatternError`."""
    if not any(sign in form for sign in _FORM):
        raise PatternError("form_without_signs", 0)
    if len(form) > 60:
        raise PatternError("pattern_too_long", 60)
    body = "".join(_FORM.get(char, "[ -]?" if char in " -" else re.escape(char)) for char in form)
    return re.compile(f"(?<![A-Za-z0-9])(?:{body})(?![A-Za-z0-9])", re.IGNORECASE)


def from_pattern(pattern: str) -> re.Pattern[str]:
    """A bounded pattern, likewise whole; raises :class:`PatternError`."""
    if len(pattern) > LONGEST:
        raise PatternError("pattern_too_long", LONGEST)
    cost = _Reader(pattern).read()
    if cost.least < 3:
        raise PatternError("pattern_too_short", 0)
    return re.compile(f"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])")


class _Reader:
    """Reads a pattern once, left to right, and adds up what it may cost."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0

    def read(self) -> Cost:
        cost = self._choice()
        if self._at < len(self._pattern):
            raise PatternError("pattern_bracket", self._at)
        return cost

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _choice(self) -> Cost:
        parts = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            parts.append(self._sequence())
        ways = sum(part.ways for part in parts)
        varies = len({part.least for part in parts}) > 1 or any(part.varies for part in parts)
        return self._bounded(Cost(ways, varies, min(part.least for part in parts)))

    def _sequence(self) -> Cost:
        whole = Cost()
        while self._peek() not in {"", "|", ")"}:
            part = self._repeated(self._atom())
            whole = self._bounded(Cost(whole.ways * part.ways, whole.varies or part.varies, whole.least + part.least))
        return whole

    def _bounded(self, cost: Cost) -> Cost:
        if cost.ways > MOST_WAYS:
            raise PatternError("pattern_too_costly", self._at)
        return cost

    def _atom(self) -> Cost:
        start, char = self._at, self._peek()
        self._at += 1
        if char == "(":
            return self._group(start)
        if char == "[":
            return self._class(start)
        if char == "\\":
            return self._escape(start)
        if char in "*+":
            raise PatternError("pattern_endless", start)
        if char in "?{})]^$":
            raise PatternError("pattern_sign", start)
        return Cost(least=1)

    def _group(self, start: int) -> Cost:
        self._depth += 1
        if self._depth > 8:
            raise PatternError("pattern_too_costly", start)
        if self._peek() == "?":
            if self._pattern[self._at : self._at + 2] != "?:":
                raise PatternError("pattern_looking_around", start)
            self._at += 2
        cost = self._choice()
        if self._peek() != ")":
            raise PatternError("pattern_bracket", start)
        self._at += 1
        self._depth -= 1
        return cost

    def _class(self, start: int) -> Cost:
        end = self._at + (self._peek() == "^")
        end += self._pattern[end : end + 1] == "]"
        while end < len(self._pattern) and self._pattern[end] != "]":
            if self._pattern[end] == "[":
                raise PatternError("pattern_sign", end)
            end += 2 if self._pattern[end] == "\\" else 1
        if end >= len(self._pattern):
            raise PatternError("pattern_bracket", start)
        self._at = end + 1
        try:
            re.compile(self._pattern[start : self._at])
        except re.error:
            raise PatternError("pattern_sign", start) from None
        return Cost(least=1)

    def _escape(self, start: int) -> Cost:
        char = self._peek()
        self._at += 1
        if char in _CLASSES and char:
            return Cost(least=0 if char == "b" else 1)
        if char in _ESCAPABLE and char:
            return Cost(least=1)
        raise PatternError("pattern_escape", start)

    def _repeated(self, part: Cost) -> Cost:
        start, sign = self._at, self._peek()
        if sign and sign in "*+":
            raise PatternError("pattern_endless", start)
        if sign == "?":
            self._at += 1
            low, high = 0, 1
        elif sign == "{":
            low, high = self._bounds(start)
        else:
            return part
        if self._peek() and self._peek() in "*+?{":
            raise PatternError("pattern_nested", self._at)
        if high > 1 and (part.varies or part.ways > 1):
            raise PatternError("pattern_nested", start)
        return self._bounded(Cost(part.ways * (high - low + 1), low != high or part.varies, part.least * low))

    def _bounds(self, start: int) -> tuple[int, int]:
        match = re.compile(r"\{([0-9]{1,3})(?:,([0-9]{1,3}))?\}").match(self._pattern, start)
        if match is None:
            raise PatternError("pattern_endless", start)
        low, high = int(match[1]), int(match[2] or match[1])
        if low > high or high > 64:
            raise PatternError("pattern_too_costly", start)
        self._at = match.end()
        return low, high

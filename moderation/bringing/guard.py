"""The leak guard: no sentence that still matches private text becomes public before a person accepts that very one.

It compares shingles of the whole draft with those of everything private in the case, so that line breaks, other width
or case, inserted characters and small edits do not hide where a sentence came from; the borders of sentences only say
what is accepted. What outsiders can read anyway is not private. Private data that is certain, or that the case holds,
cannot be accepted at all: it has to be struck out.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from moderation.bringing.model import CUSTOMER, FindIn, Objection, PrivateText, Whose, token_of
from moderation.bringing.sentences import sentences
from moderation.bringing.shingles import TELLS, Shingles, told
from moderation.bringing.skeleton import Skeleton, bare, skeleton
from moderation.bringing.striking import named, places
from moderation.findings import Severity
from moderation.privacy.folding import fold
from moderation.privacy.spots import Spot, Sureness

SHARE = 0.5
"""A sentence matches when shingles known from private texts cover this share of its weight, …"""
RUN = 3 * TELLS
"""… or a run of it of this weight, however long the sentence is."""
_TINY = 8
_MARKS = {Whose.STAFF: 1, Whose.CUSTOMER: 2, Whose.OTHERS: 4, Whose.NOTE: 8}
_EVERYBODY = sum(_MARKS.values())
_HARDER = _EVERYBODY - _MARKS[Whose.STAFF]
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z](?:[0-9A-Za-z]|[-_./:#](?=[0-9A-Za-z]))*")
_GROUPS = re.compile(r"[0-9]+(?:[ .()/-]{1,2}[0-9]+)+")
_RUN_OF_DIGITS = re.compile(r"[0-9]{5,}")
_DIGITS = 3
_SHORTEST = 5
_SAME_DIGITS = 8
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Known:
    """What the guard compares a draft with.

    ``public`` are texts that outsiders can read. ``names`` are the customer's. ``complete`` is false where not all of
    the private conversation could be read: then every sentence has to be accepted.
    """

    case: str
    private: tuple[PrivateText, ...]
    public: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    complete: bool = True


class Guard:
    """Made once for a case; looks at drafts of it. Takes time in proportion to the private texts."""

    def __init__(self, known: Known, find: FindIn) -> None:
        self._known = known
        self._find = find
        self._public = self._public_values()
        texts = [(one.text, _MARKS[one.whose]) for one in known.private]
        self._shingles = Shingles(texts, known.public)
        self._tiny = self._short_ones()
        self._numbers = self._private_numbers()
        self._every = self._private_data()
        self._data = {value: spot for value, spot in self._every.items() if value not in self._public}
        self._names = tuple(name for name in known.names if not any(named(text, (name,)) for text in known.public))

    def look(self, draft: str, accepted: Collection[str] = ()) -> list[Objection]:
        """What speaks against this draft, in its order; ``accepted`` are tokens of sentences that a person accepted."""
        bones = skeleton(draft)
        spans = sentences(draft)
        data = list(self._private_data_in(draft, bones, spans))
        struck = [(one.start or 0, one.end or 0) for one in data if not one.token]
        found = [*data, *self._sentences_in(draft, bones, spans, struck)]
        settled = [_accepted(one, accepted) for one in found]
        return sorted(settled, key=lambda one: (one.start or 0, one.end or 0, one.rule))

    @property
    def data(self) -> Mapping[str, Spot]:
        """Private data in the private texts, by the skeleton of its value; also what outsiders can read too."""
        return self._every

    # Sentences

    def _sentences_in(
        self, draft: str, bones: Skeleton, spans: Sequence[Span], struck: Sequence[Span]
    ) -> Iterator[Objection]:
        """One a sentence at the most; what has to be struck out of it anyway does not count."""
        covered = self._shingles.covered(bones)
        for span in struck:
            for at in range(*bones.span(*span)):
                covered[at] = 0
        numbers = self._occurrences(self._numbers, bones)
        names = named(draft, self._names)
        for span in spans:
            place = bones.span(*span)
            if place[0] == place[1]:
                continue
            matched = self._matched(bones, covered, place)
            if matched is not None:
                yield self._of(draft, span, f"private_words_{matched}", matched)
            elif any(_meets(span, one) for one in names):
                yield self._of(draft, span, "private_name", Whose.CUSTOMER)
            elif mark := next((mark for where, mark in numbers if _meets(span, where)), 0):
                yield self._of(draft, span, "private_number", _whose(mark))
            elif not self._known.complete:
                yield self._of(draft, span, "private_unread", None)

    def _matched(self, bones: Skeleton, covered: list[int], place: Span) -> Whose | None:
        """Whose private words a sentence is: those of others than the staff first."""
        for marks in (_HARDER, _EVERYBODY):
            whole, marked, longest = told(bones, covered, marks, *place)
            if marked >= SHARE * whole or longest >= RUN:
                seen = [covered[at] & marks for at in range(*place) if covered[at] & marks]
                return _whose(max(set(seen), key=seen.count))
        mark = self._tiny.get(bones.text[slice(*place)], 0)
        return _whose(mark) if mark else None

    def _of(self, draft: str, span: Span, rule: str, whose: Whose | None) -> Objection:
        harder = whose is not None and whose is not Whose.STAFF
        severity = Severity.BLOCK if harder else Severity.ASK
        token = token_of(self._known.case, draft[slice(*span)])
        return Objection(rule, severity, *span, "accept_sentence", token, whose=whose)

    def _short_ones(self) -> dict[str, int]:
        """Private sentences that are too short for a shingle."""
        found: dict[str, int] = {}
        for one in self._known.private:
            for start, end in sentences(one.text):
                short = skeleton(one.text[start:end])
                if _TINY <= short.weight < TELLS and short.text not in self._public:
                    found[short.text] = found.get(short.text, 0) | _MARKS[one.whose]
        return found

    # Numbers and private data

    def _private_numbers(self) -> dict[str, int]:
        """Numbers, codes and the like of the private texts: they tell more than their length."""
        found: dict[str, int] = {}
        for one in self._known.private:
            for value in _numbers(one.text):
                if value not in self._public:
                    found[value] = found.get(value, 0) | _MARKS[one.whose]
        return found

    def _public_values(self) -> set[str]:
        """Numbers, private data and short sentences that outsiders can read, by their skeleton."""
        found: set[str] = set()
        for text in self._known.public:
            found.update(_numbers(text))
            found.update(bare(text[spot.start : spot.end]) for spot in self._find(text))
            found.update(bare(text[start:end]) for start, end in sentences(text))
        return found

    def _private_data(self) -> dict[str, Spot]:
        """Values of private data in the private texts, by their skeleton."""
        found: dict[str, Spot] = {}
        for one in self._known.private:
            for spot in self._find(one.text):
                value = bare(one.text[spot.start : spot.end])
                if spot.sureness is not Sureness.WEAK and len(value) >= _DIGITS:
                    found.setdefault(value, spot)
        return found

    def _private_data_in(self, draft: str, bones: Skeleton, spans: Sequence[Span]) -> Iterator[Objection]:
        done: list[Span] = []
        for spot in self._find(draft):
            value = bare(draft[spot.start : spot.end])
            if not value or value in self._public:
                continue
            sure = spot.sureness is Sureness.CERTAIN or (spot.sureness is Sureness.LIKELY and self._holds(value))
            done.append((spot.start, spot.end))
            yield self._struck(spot, done[-1]) if sure else self._doubtful(draft, spot, spans)
        for value, spot in self._data.items():
            for where in places(value, draft, bones):
                if not any(_meets(where, one) for one in done):
                    done.append(where)
                    yield self._struck(spot, where)

    def _holds(self, value: str) -> bool:
        """True when the case holds this value, also where a telephone number is written with or without its country."""
        if value in self._data:
            return True
        digits = value[-_SAME_DIGITS:]
        return digits.isdigit() and len(digits) == _SAME_DIGITS and any(one.endswith(digits) for one in self._data)

    def _struck(self, spot: Spot, where: Span) -> Objection:
        return Objection("private_data", Severity.BLOCK, *where, "strike_out", kind=str(spot.kind), masked=spot.masked)

    def _doubtful(self, draft: str, spot: Spot, spans: Sequence[Span]) -> Objection:
        span = next((one for one in spans if _meets(one, (spot.start, spot.end))), (spot.start, spot.end))
        token = token_of(self._known.case, draft[slice(*span)])
        return Objection(
            "private_data_maybe", Severity.ASK, spot.start, spot.end, "accept_sentence", token,
            kind=str(spot.kind), masked=spot.masked,
        )  # fmt: skip

    def _occurrences(self, values: dict[str, int], bones: Skeleton) -> list[tuple[Span, int]]:
        return [(where, mark) for value, mark in values.items() for where in _anywhere(value, bones)]


def customer_names(*names: str | None) -> tuple[str, ...]:
    """The names that are worth looking for."""
    return tuple(dict.fromkeys(name.strip() for name in names if name and len(bare(name)) > 1))


def stopping(objections: Iterable[Objection]) -> list[Objection]:
    """Those that keep a draft from being posted."""
    return [one for one in objections if one.stops]


def _accepted(one: Objection, accepted: Collection[str]) -> Objection:
    if not one.token or one.token not in accepted:
        return one
    return Objection(
        one.rule,
        one.severity,
        one.start,
        one.end,
        one.remedy,
        one.token,
        True,
        one.whose,
        one.kind,
        one.masked,
        one.text,
    )


def _numbers(text: str) -> Iterator[str]:
    """Numbers and codes of a text by their skeleton: whole, in their long runs of digits, and, of what is as long as a
    telephone number, the last digits, which stay whatever stands before them.
    """
    plain = fold(text).text
    for written in (*_CODE.findall(plain), *_GROUPS.findall(plain), *_RUN_OF_DIGITS.findall(plain)):
        value = bare(written)
        if len(value) >= _SHORTEST and sum(map(str.isdigit, value)) >= _DIGITS:
            yield value
            if value.isdigit() and len(value) > _SAME_DIGITS + 1:
                yield value[-_SAME_DIGITS:]


def _anywhere(value: str, bones: Skeleton) -> Iterator[Span]:
    at = bones.text.find(value)
    while at >= 0:
        yield bones.whole(at, at + len(value))
        at = bones.text.find(value, at + 1)


def _meets(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _whose(mark: int) -> Whose:
    """Whom a mark names; of several the one whose words weigh most."""
    order = (Whose.CUSTOMER, Whose.NOTE, Whose.OTHERS, Whose.STAFF)
    return next(one for one in order if mark & _MARKS[one])


__all__ = ["CUSTOMER", "Guard", "Known", "customer_names", "stopping"]

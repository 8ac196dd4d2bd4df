"""What a text is recognised by without being kept: keyed hashes of its fragments.

A proof is looked at again tomorrow; the text that it proves gone must not lie in a store until then. Fragments rather
than the whole text, so that a part of it that somebody quoted is found as well.
"""

import base64
import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from moderation.proof.words import END, enclosed, joined, plain

GRAM = 16
"""Characters (compared form) of a fragment."""
WINDOW = 8
"""Of so many fragments in a row one is kept: a run of ``GRAM + WINDOW - 1`` shared characters always meets one."""
ENOUGH = 5
"""Kept fragments close together that make a quotation: a run of about 38 characters, more than any greeting."""
CLOSE = 96
"""Within so many characters: what several people wrote alike is spread over a page."""
SHORTEST = 6
_SHORT_TEXT = 48
_TAIL = 9
_NUMBER = re.compile(r"[+(]?\d(?:[\s()./‐–-]{0,3}\d){6,}")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}")
_CODE = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{7,40}(?![\w-])")

_WORD = re.compile(
    r"[A-Za-z\u00c0-\u024f]{4,24}|[\u30a1-\u30f6\u30fc]{3,12}|[\u4e00-\u9fff]{2,6}|[\uac00-\ud7af]{2,12}"
)

Fragment = tuple[int, int, str]
"""Length, quick hash of the first ``SHORTEST`` characters, sure hash of all (hexadecimal)."""


@dataclass(frozen=True, slots=True)
class Match:
    """Fragments found in a text: how many, and where in the compared form the first one lies."""

    hits: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Fragments of texts. ``grams`` are of running text, ``pieces`` identify by themselves: a number, an address, a
    name, a whole short text. ``common`` are those of the ``grams`` that many say: where no other is near them they are
    no quotation. ``key`` differs from proof to proof.
    """

    key: str = field(repr=False)
    grams: frozenset[Fragment] = field(default=frozenset(), repr=False)
    pieces: frozenset[Fragment] = field(default=frozenset(), repr=False)
    common: frozenset[Fragment] = field(default=frozenset(), repr=False)

    @property
    def empty(self) -> bool:
        """True when there is nothing to recognise."""
        return not self.pieces and self.grams <= self.common

    def __or__(self, other: "Fingerprint") -> "Fingerprint":
        """Both together; they must have the same key."""
        if other.key != self.key:
            raise ValueError("fingerprints of two keys")
        common = self.common | other.common
        return Fingerprint(self.key, self.grams | other.grams, self.pieces | other.pieces, common)

    def grams_in(self, text: str) -> frozenset[Fragment]:
        """Which fragments of running text a text in the compared form holds, however few."""
        return frozenset(fragment for _, fragment in _Search(self.key, text).of(self.grams))

    def with_common(self, grams: Iterable[Fragment]) -> "Fingerprint":
        """The same with these fragments, and no others, as what many say."""
        return replace(self, common=self.grams & frozenset(grams))

    def find(self, text: str) -> Match | None:
        """Where a text in the compared form (:func:`~moderation.proof.words.joined`) holds a piece, or enough
        fragments, at least one of them not common.
        """
        found = _Search(self.key, text).of(self.pieces | self.grams)
        pieces = [(at, at + fragment[0]) for at, fragment in found if fragment in self.pieces]
        if pieces:
            return Match(len(pieces), *min(pieces))
        return _close_together(found, min(ENOUGH, len(self.grams)), text, self.common)

    def packed(self) -> str:
        """As text for a store."""
        kinds = {"grams": self.grams, "pieces": self.pieces, "common": self.common}
        facts = {"key": self.key, **{name: sorted(fragments) for name, fragments in kinds.items()}}
        return base64.b64encode(zlib.compress(json.dumps(facts).encode())).decode()

    @classmethod
    def unpacked(cls, text: str) -> "Fingerprint":
        """From :meth:`packed`."""
        facts = json.loads(zlib.decompress(base64.b64decode(text)))
        kinds = (_fragments(facts.get(name, ())) for name in ("grams", "pieces", "common"))
        return cls(facts["key"], *kinds)


def fingerprint(
    texts: Iterable[str], key: str, *, pieces: Iterable[str] = (), allowed: Iterable[str] = (), short: bool = True
) -> Fingerprint:
    """Of these texts (as typed or as rendered).

    ``pieces`` are parts that identify by themselves, beside the numbers and addresses that are found in the texts.
    ``allowed`` are texts that may stay public, such as the edited post: what they share with the others is no sign.
    ``short``: a short text tells as a whole; not so in a thread with all its posts, where many say what others say
    elsewhere.
    """
    may_stay = joined([*allowed, *_BOILERPLATE])
    grams: set[str] = set()
    alone = {plain(piece) for piece in pieces}
    for text in texts:
        said = enclosed(text)
        grams.update(_chosen(said, key))
        alone.update({said} if short and len(said) <= _SHORT_TEXT else ())
        alone.update(_telling(text))
    kept = {one for one in alone if len(one) >= SHORTEST and one not in may_stay}
    return Fingerprint(
        key,
        frozenset(_fragment(gram, key) for gram in grams if gram not in may_stay),
        frozenset(_fragment(piece, key) for piece in kept),
    )


def distinctive(texts: Iterable[str], most: int = 6) -> tuple[str, ...]:
    """Ordinary words to search these texts by, longest first: none with a digit or an address in it, so that what must
    not be spread is not sent to a search either. All of them together are rare.
    """
    words: Counter[str] = Counter()
    for text in texts:
        bare = _CODE.sub(" ", _NUMBER.sub(" ", _MAIL.sub(" ", text)))
        words.update(_WORD.findall(bare))
    return tuple(sorted(words, key=lambda word: (-len(word), word))[:most])


def _telling(text: str) -> Iterator[str]:
    """Numbers, addresses and codes; of a long number the last digits, so that a country code changes nothing."""
    yield from map(plain, _MAIL.findall(text))
    rest = _MAIL.sub(" ", text)
    yield from map(plain, _CODE.findall(rest))
    for found in _NUMBER.findall(_CODE.sub(" ", rest)):
        digits = plain(found)
        yield digits[-_TAIL:] if len(digits) > _TAIL else digits


def _chosen(part: str, key: str) -> Iterator[str]:
    """Of each window of fragments the one with the smallest hash: the same ones wherever the text is found again."""
    grams = [part[at : at + GRAM] for at in range(len(part) - GRAM + 1)]
    hashes = [_quick(_wide(gram), key) for gram in grams]
    for at in range(max(1, len(grams) - WINDOW + 1) if grams else 0):
        window = hashes[at : at + WINDOW]
        yield grams[at + window.index(min(window))]


def _wide(text: str) -> bytes:
    """Four bytes a character, so that a part of the text is a part of the bytes."""
    return text.encode("utf-32-le", "surrogatepass")


def _quick(data: bytes | memoryview, key: str) -> int:
    return zlib.crc32(data, int(key[:8], 16))


def _sure(data: bytes | memoryview, key: str) -> str:
    return hashlib.blake2b(data, key=bytes.fromhex(key), digest_size=8).hexdigest()


def _fragment(text: str, key: str) -> Fragment:
    data = _wide(text)
    return len(text), _quick(data[: 4 * SHORTEST], key), _sure(data, key)


def _fragments(rows: Iterable[tuple[int, int, str]]) -> frozenset[Fragment]:
    return frozenset((int(length), int(quick), str(sure)) for length, quick, sure in rows)


def _close_together(
    found: Sequence[tuple[int, Fragment]], enough: int, text: str, common: frozenset[Fragment]
) -> Match | None:
    """The first place where so many different fragments lie close together in one text, not all of them common."""
    for first, (start, _) in enumerate(found):
        end = text.find(END, start, start + CLOSE)
        stop = end if end >= 0 else start + CLOSE
        near = {fragment for at, fragment in found[first : first + CLOSE] if at <= stop}
        if len(near) >= enough and not near <= common:
            return Match(len(near), start, start + CLOSE)
    return None


class _Search:
    """Fragments in one text; a quick hash passes over nearly everything."""

    def __init__(self, key: str, text: str) -> None:
        self._key = key
        self._text = text
        self._data = memoryview(_wide(text))

    def of(self, fragments: frozenset[Fragment]) -> list[tuple[int, Fragment]]:
        """Which of them are there, and where, in order."""
        wanted: dict[int, list[Fragment]] = {}
        for fragment in fragments:
            wanted.setdefault(fragment[1], []).append(fragment)
        found: list[tuple[int, Fragment]] = []
        data, crc, seed, step = self._data, zlib.crc32, int(self._key[:8], 16), 4 * SHORTEST
        for at in range(len(self._text) - SHORTEST + 1):
            near = wanted.get(crc(data[4 * at : 4 * at + step], seed))
            if near is not None:
                found.extend((at, fragment) for fragment in near if self._is(fragment, at))
        return found

    def _is(self, fragment: Fragment, at: int) -> bool:
        end = at + fragment[0]
        if end > len(self._text) or _sure(self._data[4 * at : 4 * end], self._key) != fragment[2]:
            return False
        return fragment[0] >= _TAIL or not self._text[at:end].isdigit() or self._alone(at, end)

    def _alone(self, start: int, end: int) -> bool:
        """A short number counts only where it is the whole number."""
        return not self._text[max(0, start - 1) : start].isdigit() and not self._text[end : end + 1].isdigit()


_BOILERPLATE = (
    "Thank you very much in advance for your help. Kind regards. Best regards. Many thanks and have a nice day.",
    "Hello everyone, I hope you are doing well. Any help would be greatly appreciated. Please let me know.",
    "お世話になっております。よろしくお願いいたします。どうぞよろしくお願い致します。何卒よろしくお願い申し上げます。",
    "ありがとうございます。ありがとうございました。ご返信ありがとうございます。お忙しいところ恐れ入りますが",
)
"""What everybody writes is no sign of anything."""

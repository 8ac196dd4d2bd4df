"""Finds private data in what a post shows. Pure: text and rules in, spots out; linear in the length of the text."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence

from moderation.privacy.folding import fold
from moderation.privacy.japan import japanese_numbers
from moderation.privacy.keys import access_keys, addresses_with_keys
from moderation.privacy.mail import mail_addresses
from moderation.privacy.names import Names
from moderation.privacy.network import ip_addresses
from moderation.privacy.numbers import cards, ibans
from moderation.privacy.orders import order_numbers
from moderation.privacy.papers import person_numbers
from moderation.privacy.passwords import passwords
from moderation.privacy.places import postal_addresses
from moderation.privacy.rules import NO_RULES, Rules
from moderation.privacy.shown import Link, Shown, spoken
from moderation.privacy.spots import Detector, PrivateKind, Raw, Spot, Sureness, fingerprint, masked

VERSION = 1
"""Grows with every change of a detector: posts are then looked at anew."""

DETECTORS: tuple[Detector, ...] = (
    mail_addresses,
    cards,
    ibans,
    japanese_numbers,
    person_numbers,
    order_numbers,
    access_keys,
    addresses_with_keys,
    passwords,
    ip_addresses,
    postal_addresses,
)
MOST_SPOTS = 200
"""A post with more shows the first of them; it is a candidate anyway."""

_WEIGHT = {Sureness.CERTAIN: 2, Sureness.LIKELY: 1, Sureness.WEAK: 0}
_LINK_ONLY = frozenset(
    {PrivateKind.EMAIL, PrivateKind.PHONE, PrivateKind.ACCESS_KEY, PrivateKind.PASSWORD, PrivateKind.IP}
)
"""What an address may carry; a path full of digits is no order number."""


class Finder:
    """The detectors with a team's rules; ``more`` are detectors from elsewhere, as that of telephone numbers."""

    def __init__(self, rules: Rules = NO_RULES, more: Sequence[Detector] = ()) -> None:
        self._rules = rules
        given: list[Detector] = [*more]
        if rules.numbers:
            given.append(self._numbers)
        if rules.names:
            given.append(Names(rules.names))
        self._detectors: tuple[Detector, ...] = (*DETECTORS, *given)

    def find(self, shown: Shown, salt: str = "") -> list[Spot]:
        """Spots in the order of the text, none over another; ``salt`` is the place (the post's id)."""
        folded = fold(shown.text)
        raws = list(self._raws(folded.text))
        spots = [self._spot(raw, *folded.back(raw.start, raw.end), salt) for raw in _settled(raws)]
        known = {spot.print for spot in spots}
        for link in shown.links:
            spots += [spot for spot in self._in_link(link, salt) if spot.print not in known]
        return sorted(_once(spots), key=lambda spot: (spot.start, spot.end))[:MOST_SPOTS]

    def find_in(self, text: str, salt: str = "") -> list[Spot]:
        """Spots in plain text."""
        return self.find(Shown(text), salt)

    def _raws(self, text: str) -> Iterator[Raw]:
        for detector in self._detectors:
            for raw in detector(text):
                if raw.end > raw.start and not self._rules.is_public(raw.kind, raw.value):
                    yield raw

    def _numbers(self, text: str) -> Iterator[Raw]:
        for form in self._rules.numbers:
            for match in form.pattern.finditer(text):
                yield Raw(form.kind, *match.span(), f"{form.kind.value}_form", Sureness.CERTAIN, match[0])

    def _in_link(self, link: Link, salt: str) -> Iterator[Spot]:
        target = fold(spoken(link.target)).text
        scheme, _, rest = target.partition(":")
        if scheme.lower() in {"mailto", "tel", "sms"}:
            target = rest
        for raw in _settled([raw for raw in self._raws(target) if raw.kind in _LINK_ONLY]):
            yield self._spot(raw, link.start, link.end, salt, linked=True)

    def _spot(self, raw: Raw, start: int, end: int, salt: str, *, linked: bool = False) -> Spot:
        reason = "link_target" if linked else raw.reason
        mask, print_ = masked(raw.kind, raw.value), fingerprint(raw.kind, raw.value, salt)
        return Spot(raw.kind, start, end, reason, raw.sureness, mask, print_)


def _settled(raws: list[Raw]) -> list[Raw]:
    """Of finds that overlap the surer one stays, then the longer one; the first :data:`MOST_SPOTS` of the text."""
    kept: list[tuple[int, int, Raw]] = []
    for raw in sorted(raws, key=_rank, reverse=True):
        at = bisect_left(kept, (raw.start, -1))
        follows = at < len(kept) and kept[at][0] < raw.end
        if not follows and (at == 0 or kept[at - 1][1] <= raw.start):
            kept.insert(at, (raw.start, raw.end, raw))
    return [raw for _, _, raw in kept[:MOST_SPOTS]]


def _rank(raw: Raw) -> tuple[int, int, int]:
    return _WEIGHT[raw.sureness], raw.end - raw.start, -raw.start


def _once(spots: Iterable[Spot]) -> list[Spot]:
    """The same value at the same place once."""
    found: dict[tuple[int, int, bytes], Spot] = {}
    for spot in spots:
        found.setdefault((spot.start, spot.end, spot.print), spot)
    return list(found.values())


def fingerprint_of(rules: Rules, more: Iterable[str] = ()) -> str:
    """What the finder's answers depend on: when it changes, posts are looked at anew."""
    return "-".join((str(VERSION), rules.digest, ",".join(rules.regions), *more))


Find = Callable[[Shown, str], list[Spot]]

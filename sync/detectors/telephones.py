"""Telephone numbers, checked against the numbering plans of the library phonenumbers.

Candidates are found by their form in one pass; only those are given to the library (about 50 µs each), because its own
search through a text is too slow for a whole community. A number alone proves little: the plan of one of the team's
regions must know it, or it has the form of a telephone number and a word beside it that says so.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from moderation.privacy.spots import PrivateKind, Raw, Sureness

_CANDIDATE = re.compile(
    r"[0-9+(](?<![0-9_#$€£¥.,/-][0-9+(])(?<![0-9][ :][0-9])(?:(?<![A-Za-z][0-9+(])|(?<=(?:TEL|Tel|tel|FAX)[0-9+(]))"
    r"(?:(?<=\+)[ ]?(?:\([0-9]{1,6}\)[ -]?)?[0-9]|(?<=\()[0-9]{1,6}\)[ -]?[0-9]|(?<=[0-9]))"
    r"(?:(?:[ .-]|/|[ ]?\([ ]?|\)[ ]?|[ ]-[ ])?[0-9]){5,40}(?![0-9A-Za-z_%°])"
)
_LABEL = re.compile(
    r"(?:\b(?:tel|telephone|phone|mobile|cell|call|called|calls|calling|ring|text|sms|whatsapp|signal|fax|dial|"
    r"hotline|handy|telefon|mobil|reach|number is|contact)\b|"
    r"電話|でんわ|直通|携帯|けいたい|連絡|TEL|ＴＥＬ|Tel|FAX|℡|☎|📞|自宅|実家)[^0-9\n]{0,24}$",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?:\b(?:order|invoice|version|issue|ticket|isbn|ean|serial|part|model|build|port|error|code|sku|asin|account|"
    r"id|ref|reference|no|nr|tracking|time ?stamp|pin|"
    r"rma|policy|contract|customer|article|imei|booking|score|chapter|section)\b|型番|注文|番号(?<!電話番号)|品番|"
    r"製番|追跡|伝票|エラー|契約|会員|口座|郵便|〒|製品|部品|マイナンバー)[^0-9\n]{0,14}$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:0?[1-9]|[12][0-9]|3[01])(?![0-9])|"
    r"[0-3]?[0-9][-/.][01]?[0-9][-/.](?:19|20)[0-9]{2}(?![0-9])"
)
_GROUPED = re.compile(r"^(?:\+|0|\()")
_AMERICAN = re.compile(
    r"^\(?[2-9][0-9]{2}\)?[ .-][2-9][0-9]{2}[ .-][0-9]{4}$|^\([2-9][0-9]{2}\) ?[2-9][0-9]{2}-[0-9]{4}$"
)
_TYPICAL = {
    "JP": re.compile(r"^(?:0[5789]0[-( ]?[0-9]{4}[-) ]?[0-9]{4}|0(?=[0-9-]{11}$)[0-9]{1,4}-[0-9]{1,4}-[0-9]{4})$"),
    "GB": re.compile(
        r"^(?:07[0-9]{3} ?[0-9]{3} ?[0-9]{3}|02[0-9] [0-9]{4} [0-9]{4}|01[0-9]{3} [0-9]{6}|01[0-9]{2} "
        "[0-9]{3} [0-9]{4})$"
    ),
}
"""So characteristic that a number counts although no plan has given it out (numbers of fiction, new ranges)."""
_LOCAL = re.compile(r"^[2-9][0-9]{2}-[0-9]{4}$")
_OPEN = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.VOICEMAIL,
    }
)
"""Numbers that companies print: no person is behind them."""
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")
_MACHINE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}$")
_JAPANESE_MOBILE = re.compile(r"0[789]0(?:[0-9]{8}|-[0-9]{4}-[0-9]{4})$")
_BLANK = re.compile(" ")
_MOST_PARTS = 12
_FEWEST = 7
_LOOSE = " (-./"
_NEARBY = 40


class Telephones:
    """A detector for the numbers of some regions; those with ``+`` are known everywhere."""

    def __init__(self, regions: Sequence[str]) -> None:
        known = set(phonenumbers.SUPPORTED_REGIONS)
        self._regions = tuple(region for region in regions if region in known)

    def __call__(self, text: str) -> Iterator[Raw]:
        """Numbers in a folded text."""
        for match in _CANDIDATE.finditer(text):
            before = text[max(0, match.start() - _NEARBY) : match.start()]
            labelled = _LABEL.search(before) is not None
            if labelled or not _OTHER.search(before):
                yield from self._in_run(text, match, labelled)

    def _in_run(self, text: str, match: re.Match[str], labelled: bool) -> Iterator[Raw]:
        """Numbers in a run of digits; several may follow one another with blanks between."""
        gaps = [gap.start() for gap in _BLANK.finditer(match[0])]
        ends = [*gaps[:_MOST_PARTS], len(match[0])]
        starts = [0, *(end + 1 for end in ends[:-1])]
        done = 0
        for start in starts:
            for end in reversed(ends) if start >= done else ():
                written = match[0][start:end].rstrip(_LOOSE)
                if _has_form(written) and (judged := self._planned(text, match.start() + start, written, labelled)):
                    yield _raw(match.start() + start, written, *judged)
                    done = end
                    break
        if labelled and not done:
            yield from self._named(text, match.start(), match[0].rstrip(_LOOSE))

    def _planned(self, text: str, at: int, written: str, labelled: bool) -> tuple[str, Sureness] | None:
        if _DATE.match(written) or _MACHINE.match(written) or written.endswith(")"):
            return None
        home = next((r for r, form in _TYPICAL.items() if r in self._regions and form.match(written)), None)
        kinds = (
            [kind for kind in (_kind(written, home),) if kind is not None] if home else self._kinds(text, at, written)
        )
        if not kinds:
            typical = home is not None or (written.startswith("+") and _is_possible(written, self._regions))
            return ("phone_form", Sureness.LIKELY) if typical else None
        if _OPEN.issuperset(kinds):
            return "phone_open", Sureness.WEAK
        return "phone_plan", Sureness.CERTAIN if labelled or written.startswith("+") else Sureness.LIKELY

    def _named(self, text: str, at: int, written: str) -> Iterator[Raw]:
        """A number that is one because a word says so: of a known plan in whatever form, or at least of its length."""
        if sum(map(str.isdigit, written)) < _FEWEST:
            return
        if judged := self._planned(text, at, written, True):
            yield _raw(at, written, *judged)
        elif not _DATE.match(written) and (_is_possible(written, self._regions) or _LOCAL.match(written)):
            yield _raw(at, written, "phone_label", Sureness.LIKELY)

    def _kinds(self, text: str, at: int, written: str) -> list[int]:
        """What it is where it is valid; in Japanese surroundings Japan's plan decides alone: many know the digits."""
        if written.startswith("+"):
            return [kind] if (kind := _kind(written, None)) is not None else []
        near = text[max(0, at - _NEARBY) : at + 2 * _NEARBY]
        here = "JP" in self._regions and (_JAPANESE.search(near) or _JAPANESE_MOBILE.match(written))
        if here and (kind := _kind(written, "JP")) is not None:
            return [kind]
        return [kind for region in self._regions if (kind := _kind(written, region)) is not None]


def _raw(start: int, written: str, reason: str, sure: Sureness) -> Raw:
    digits = "".join(filter(str.isdigit, written))
    return Raw(PrivateKind.PHONE, start, start + len(written), reason, sure, digits)


def _has_form(written: str) -> bool:
    """Written as people write them: with a country code, a leading 0 and groups, or in the American way."""
    if written.startswith("+") or _AMERICAN.match(written):
        return True
    digits = sum(map(str.isdigit, written))
    if not _GROUPED.match(written) or not 9 <= digits <= 13:
        return False
    return len(written) > digits or (digits == 11 and written[:3] in {"090", "080", "070"})


@lru_cache(maxsize=4096)
def _kind(written: str, region: str | None) -> int | None:
    """What the plan of a region says of it; ``None`` where it is not valid there."""
    try:
        number = phonenumbers.parse(written, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return int(phonenumbers.number_type(number))


@lru_cache(maxsize=4096)
def _is_possible(written: str, regions: tuple[str, ...]) -> bool:
    for region in (None,) if written.startswith("+") else regions:
        try:
            number = phonenumbers.parse(written, region)
        except NumberParseException:
            continue
        if phonenumbers.is_possible_number(number) and len(str(number.national_number)) >= 8:
            return True
    return False


def library_version() -> str:
    """Version of the numbering plans."""
    return str(phonenumbers.__version__)

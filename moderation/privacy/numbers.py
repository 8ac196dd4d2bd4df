"""Numbers that prove themselves: payment cards (Luhn, ISO/IEC 7812) and bank accounts (IBAN, ISO 13616, mod 97)."""

import re
from collections.abc import Iterator

from moderation.privacy.spots import PrivateKind, Raw, Sureness

_CARD = re.compile(r"[0-9](?<![0-9A-Za-z_#/=.,-][0-9])(?<![0-9] [0-9])(?:[ -]?[0-9]){12,40}(?![0-9A-Za-z_])")
_LONG = {16, 17, 18, 19}
_MAESTRO = {5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763}
_AFTER_CARD = re.compile(r"[ -]([0-9](?:[ -]?[0-9]){12,24})(?![0-9A-Za-z_])")
_GAP = re.compile("[ -]")
_NO_GAPS = {ord(" "): None, ord("-"): None}
_GROUPS = frozenset(
    {
        (4, 4, 4, 4),
        (4, 6, 5),
        (4, 6, 4),
        (4, 4, 4, 1),
        (4, 4, 4, 4, 3),
        (4, 4, 4, 3),
        (4, 4, 4, 2),
        (8, 8),
        (6, 13),
        (4, 4, 5),
    }
)
_OTHER_NUMBER = re.compile(
    r"(?:order|tracking|track|shipment|parcel|imei|isbn|ean|gtin|upc|serial|invoice|reference|ref|ticket|issue|build|"
    r"id|vat|"
    r"注文|追跡|伝票|問い?合わ?せ|製造|シリアル|型番|請求書|送り状)[^0-9\n]{0,18}$",
    re.IGNORECASE,
)
_CARD_LABEL = re.compile(
    r"(?:card|visa|mastercard|amex|jcb|karte|kreditkarte|カード|クレジット)[^\n]{0,24}$", re.IGNORECASE
)
_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|cv2|security code|card code)\b[ \t]{0,2}(?:number|code)?[ \t]{0,2}(?:is|was|"
    r"[:=#])?[ \t]{0,2}([0-9]{3,4})(?![0-9])"
    r"|セキュリティ[ー-]?コ[ー-]ド[ \t]{0,2}(?:は|が|[:=])?[ \t]{0,2}([0-9]{3,4})(?![0-9])",
    re.IGNORECASE,
)
_IBAN = re.compile(r"[A-Za-z](?<![A-Za-z0-9][A-Za-z])[A-Za-z][0-9]{2}(?=[ -]?[A-Za-z0-9]{2})")
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28,
    "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20,
    "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
    "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
    "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}  # fmt: skip
"""Length by country, from the IBAN registry that SWIFT publishes for ISO 13616 (release 99)."""


def cards(text: str) -> Iterator[Raw]:
    """Card numbers in the way they are printed, of a known issuer, with a right check digit; and their codes."""
    for match in _CARD.finditer(text):
        run, start = match[0], match.start()
        while number := _printed(run):
            end = start + len(number)
            if not _is_other(text, start):
                yield Raw(PrivateKind.CARD, start, end, "card_luhn", Sureness.CERTAIN, number.translate(_NO_GAPS))
            after = _AFTER_CARD.match(text, end)
            run, start = (after[1], after.start(1)) if after else ("", end)
    if "c" in text or "C" in text or "セ" in text:
        for match in _CODE.finditer(text):
            group = 1 if match[1] else 2
            yield Raw(PrivateKind.CARD, *match.span(group), "card_code", Sureness.LIKELY, match[group])


def _printed(run: str) -> str:
    """The card number at the head of a run of digits in groups (a date may follow); empty where there is none."""
    ends = [*(match.start() for match in _GAP.finditer(run)), len(run)]
    for end in reversed(ends):
        number = run[:end]
        digits = number.translate(_NO_GAPS)
        groups = tuple(map(len, _GAP.split(number)))
        if (len(groups) == 1 or groups in _GROUPS) and len(digits) >= 12 and issuer(digits) and luhn(digits):
            return number
    return ""


def _is_other(text: str, at: int) -> bool:
    """A label before it says that it counts something else."""
    before = text[max(0, at - 40) : at]
    return _OTHER_NUMBER.search(before) is not None and _CARD_LABEL.search(before) is None


def luhn(digits: str) -> bool:
    """The check of ISO/IEC 7812-1, annex B; numbers of one repeated digit do not count."""
    if len(set(digits)) < 2:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = ord(digit) - 48
        total += value if place % 2 == 0 else value * 2 - 9 * (value > 4)
    return total % 10 == 0


def issuer(digits: str) -> str:
    """Who issues cards that begin so and are that long; empty for nobody."""
    length, two, three, four = len(digits), int(digits[:2]), int(digits[:3]), int(digits[:4])
    known = (
        ("visa", digits[0] == "4", {13, 16, 19}),
        ("mastercard", 51 <= two <= 55 or 2221 <= four <= 2720, {16}),
        ("amex", two in {34, 37}, {15}),
        ("jcb", 3528 <= four <= 3589, _LONG),
        ("diners", 300 <= three <= 305 or two in {36, 38, 39}, {14, 15, *_LONG}),
        ("discover", four == 6011 or 644 <= three <= 649 or two == 65, _LONG),
        ("unionpay", two == 62, _LONG),
        ("maestro", four in _MAESTRO, set(range(12, 20))),
    )
    return next((name for name, begins, lengths in known if begins and length in lengths), "")


def ibans(text: str) -> Iterator[Raw]:
    """International account numbers of the right length for their country whose remainder is 1."""
    for match in _IBAN.finditer(text):
        length = _LENGTHS.get(match[0][:2].upper())
        if length is None:
            continue
        number, end = _take(text, match.start(), length)
        if len(number) == length and not _ends_in_word(text, end) and mod97(number):
            yield Raw(PrivateKind.IBAN, match.start(), end, "iban_check", Sureness.CERTAIN, number)


def _ends_in_word(text: str, at: int) -> bool:
    after = text[at : at + 1]
    return after.isascii() and after.isalnum()


def _take(text: str, start: int, length: int) -> tuple[str, int]:
    """The next letters and digits, single blanks and dashes between them left out, and where they end."""
    taken: list[str] = []
    at = start
    while at < len(text) and len(taken) < length:
        char = text[at]
        if char.isascii() and char.isalnum():
            taken.append(char)
        elif char not in " -" or text[at - 1] in " -":
            break
        at += 1
    return "".join(taken).upper(), at


def mod97(number: str) -> bool:
    """The check of ISO 13616."""
    turned = number[4:] + number[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1

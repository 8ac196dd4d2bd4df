"""What is private in Japan by its form: My Number, bank accounts, and other numbers of a person, by their labels."""

import re
from collections.abc import Iterator

from moderation.privacy.spots import PrivateKind, Raw, Sureness

_IS = r"[ \t]{0,3}(?:は|が|:|=|→|\()?[ \t]{0,3}"
_MY_NUMBER = re.compile(
    r"(?:マイナンバー(?:カード)?(?:の?番号)?|個人番号|my "
    r"?number)[^0-9\n]{0,12}([0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9])",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    rf"(?:口座番号|口座No\.?|口座){_IS}(?:(?:普通|当座|貯蓄)(?:預金)?)?{_IS}(?:No\.?|"
    rf"番号)?{_IS}([0-9]{{3,4}}[ -]?[0-9]{{3,4}}(?:[ -]?[0-9]{{1,2}})?)(?![0-9])",
    re.IGNORECASE,
)
_KIND_OF_ACCOUNT = re.compile(
    rf"(?:普通|当座|貯蓄)(?:預金|口座|貯金)?{_IS}(?:口座)?(?:番号|No\.?)?{_IS}([0-9]{{7}})(?![0-9])", re.IGNORECASE
)
_POST_ACCOUNT = re.compile(rf"記号{_IS}([0-9]{{5}})[ \t、,\-]{{0,4}}番号{_IS}([0-9]{{2,8}})(?![0-9])")
_PAPERS = re.compile(
    rf"(?:運転免許証?|免許証|旅券|パスポート|在留カード|基礎年金|年金手帳|健康保険証?|保険証|被保険者証?|"
    rf"住民票コード)の?(?:番号|記号番号|No\.?)?{_IS}"
    r"([A-Z]{0,2}[0-9]{4}[ -]?[0-9]{3,8}[A-Z]{0,2})(?![0-9A-Za-z])",
    re.IGNORECASE,
)


def japanese_numbers(text: str) -> Iterator[Raw]:
    """My Number with its check digit, accounts, papers of a person."""
    if text.isascii() and "umber" not in text and "UMBER" not in text:
        return
    for match in _MY_NUMBER.finditer(text):
        digits = re.sub("[ -]", "", match[1])
        if my_number(digits):
            yield Raw(PrivateKind.PERSONAL_ID, *match.span(1), "my_number", Sureness.CERTAIN, digits)
    if "口座" in text or "普通" in text or "当座" in text or "貯蓄" in text:
        yield from _labelled(_ACCOUNT, text, PrivateKind.ACCOUNT, "account_label")
        yield from _labelled(_KIND_OF_ACCOUNT, text, PrivateKind.ACCOUNT, "account_label")
    if "記号" in text:
        for match in _POST_ACCOUNT.finditer(text):
            value = match[1] + match[2]
            yield Raw(PrivateKind.ACCOUNT, match.start(1), match.end(2), "account_label", Sureness.CERTAIN, value)
    yield from _labelled(_PAPERS, text, PrivateKind.PERSONAL_ID, "paper_label")


def _labelled(pattern: re.Pattern[str], text: str, kind: PrivateKind, reason: str) -> Iterator[Raw]:
    for match in pattern.finditer(text):
        yield Raw(kind, *match.span(1), reason, Sureness.CERTAIN, match[1])


def my_number(digits: str) -> bool:
    """The check digit of the ordinance on My Number (総務省令第85号, 2014): 11 − (Σ Pn·Qn mod 11), 0 for 10 and 11."""
    if len(digits) != 12 or len(set(digits)) < 2:
        return False
    weights = [n + 1 if n <= 6 else n - 5 for n in range(1, 12)]
    total = sum((ord(digit) - 48) * weight for digit, weight in zip(reversed(digits[:11]), weights, strict=True))
    rest = total % 11
    return ord(digits[11]) - 48 == (0 if rest <= 1 else 11 - rest)

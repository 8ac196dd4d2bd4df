"""Order and contract numbers by their labels; those with a form of their own come from the team's rules."""

import re
from collections.abc import Iterator

from moderation.privacy.labels import behind_words, either, listed
from moderation.privacy.spots import PrivateKind, Raw, Sureness

_MARK = r"(?:numbers?\b|no\b\.?|nr\b\.?|num\b\.?|nummer\b|id\b|code\b|ref(?:erence)?\b\.?|confirmation\b|#)"
_VALUE = r"(?P<value>[A-Z0-9](?:[/_.-]?[A-Z0-9]){3,31})(?![A-Z0-9])"
_ORDERS = either(
    "purchase_order order invoice booking reservation rma receipt tracking shipment delivery transaction bestell "
    "rechnungs "
    "auftrags"
)
_CONTRACTS = either(
    "contract policy customer client membership member subscription agreement insurance kunden vertrags"
)
_HEADS = re.compile(f"{_ORDERS}|{_CONTRACTS}")
_ENGLISH = re.compile(
    rf"(?:(?P<order>{_ORDERS})|(?P<contract>{_CONTRACTS}))(?:(?![a-z])|(?=nummer))[ \t-]{{0,2}}"
    rf"(?P<mark>{_MARK})?[ \t]{{0,2}}(?P<mark2>{_MARK})?[ \t]{{0,2}}(?P<colon>is\b|was\b|"
    rf"[:=#(])?[ \t]{{0,2}}#?{_VALUE}",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    r"(?:番号|No\.?|ID|id|コード|ナンバー)[ \t]{0,2}(?:は|が|:|=|の|「|『|\[|【|#|\(|】|\])?[ \t]{0,2}"
    + _VALUE.replace("A-Z", "A-Za-z")
)
_JAPANESE_ORDERS = tuple(
    listed(
        "注文 オーダー 受注 発注 予約 請求 請求書 領収書 伝票 納品書 問い合わせ 問合わせ 問合せ 送り状 追跡 お届け "
        "配送 取引"
    )
)
_JAPANESE_CONTRACTS = tuple(listed("契約 証券 会員 顧客 お客様 お客さま 加入者 申込"))
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:[/.-][0-9]{1,2}){0,2}$")
_VERSION = re.compile(r"v?[0-9]{1,3}(?:\.[0-9]{1,4}){1,3}$", re.IGNORECASE)
_UNIT = re.compile(
    r"[ \t]{0,2}(?:%|€|\$|£|円|個|件|枚|台|pieces|pcs|units|items|euros?|dollars?|yen|usd|eur|jpy|times|people|"
    r"customers|users|"
    r"members|points)",
    re.IGNORECASE,
)
_IN_ORDER = re.compile(r"\b(?:in|to|of the|sort|random|by|first|same|this|that|pre|re)[ -]$", re.IGNORECASE)
_WITH_A_COLON = listed("delivery receipt")
_ALONE = frozenset({"order", "purchase order", "invoice", "booking", "rma", "contract", "reservation"})


def order_numbers(text: str) -> Iterator[Raw]:
    """Numbers behind a word for orders or contracts."""
    for match in behind_words(text, text.lower(), _HEADS, _ENGLISH):
        marked = bool(match["mark"] or match["mark2"] or match["colon"])
        if _counts_something(match) and _is_number(text, match, marked):
            kind = PrivateKind.ORDER if match["order"] else PrivateKind.CONTRACT
            yield _as_raw(kind, match, Sureness.CERTAIN if marked else Sureness.LIKELY)
    if not text.isascii():
        yield from _japanese(text)


def _japanese(text: str) -> Iterator[Raw]:
    for match in _JAPANESE.finditer(text):
        before = (max(0, match.start() - 8), match.start())
        for kind, words in ((PrivateKind.ORDER, _JAPANESE_ORDERS), (PrivateKind.CONTRACT, _JAPANESE_CONTRACTS)):
            if text.endswith(words, *before) and _is_number(text, match, True):
                yield _as_raw(kind, match, Sureness.CERTAIN)


def _counts_something(match: re.Match[str]) -> bool:
    """Words that are common in other senses need a mark; "member 12345" may be a page, "order 12345" is an order."""
    if match["mark"] or match["mark2"]:
        return True
    word = (match["order"] or match["contract"]).lower()
    if match["colon"] in {":", "#", "="}:
        return word not in _WITH_A_COLON
    return word in _ALONE


def _is_number(text: str, match: re.Match[str], marked: bool) -> bool:
    value = match["value"]
    digits = sum(map(str.isdigit, value))
    if digits < (4 if marked else 5) and not (digits >= 3 and marked and len(value) >= 6 and not value.islower()):
        return False
    if _YEAR.match(value) or _VERSION.match(value):
        return False
    end = match.end("value")
    if not marked and (_UNIT.match(text, end) or _IN_ORDER.search(text, max(0, match.start() - 8), match.start())):
        return False
    return not (value.isalpha() or text[end : end + 1] == "@")


def _as_raw(kind: PrivateKind, match: re.Match[str], sure: Sureness) -> Raw:
    return Raw(kind, *match.span("value"), f"{kind.value}_label", sure, match["value"])

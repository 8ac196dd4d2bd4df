"""Postal addresses and codes: Japan's by 〒, prefecture and number; those of other countries by street and code."""

import re
from collections.abc import Iterator

from moderation.privacy.labels import listed
from moderation.privacy.spots import PrivateKind, Raw, Sureness

_POSTAL_MARK = re.compile(r"〒[ \t]{0,3}([0-9]{3}[ -]?[0-9]{4})(?![0-9])")
_POSTAL_LABEL = re.compile(r"(?:郵便番号|〒番号)[ \t]{0,3}(?:は|が|:|=)?[ \t]{0,3}([0-9]{3}[ -]?[0-9]{4})(?![0-9])")
_POSTAL_BEFORE = re.compile(
    r"(?<![0-9-])([0-9]{3}-[0-9]{4})(?=[ \t\n]{1,3}(?:東京都|北海道|京都府|大阪府|[一-龥]{2,3}県))"
)
_PREFECTURES = tuple(
    listed(
        "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 "
        "富山県 石川県 福井県 山梨県 長野県 "
        "岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 "
        "徳島県 香川県 愛媛県 高知県 福岡県 "
        "佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
    )
)
_TOWN = re.compile(r"[一-龥ぁ-んァ-ヶ々ー]{1,8}[市区町村郡]")
_NUMBER = re.compile(
    r"(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})(?:丁目|番地?|号|-[0-9]{1,4}|"
    r"の[0-9]{1,4})(?:[0-9一二三四五六七八九十]{1,4}|丁目|番地?|号|[-の]){0,8}"
    r"(?:[ \t]{0,2}[一-龥ァ-ヶーA-Za-z]{2,16}[ \t]?[A-Z]?[0-9]{1,4}(?:号室?|F|階)?)?"
)
_HOUSE = re.compile(r"[0-9]{1,3}(?:丁目|-)[0-9]{1,3}(?:番地?|-)?[0-9]{0,4}(?:号)?(?![0-9-])")
_TOWN_BEFORE = re.compile(r"(?<![一-龥])[一-龥]{1,6}[市区町村][一-龥ぁ-んァ-ヶ々]{1,10}$")
_LONGEST_TOWN = 17
_ADDRESS_LABEL = re.compile(r"(?:住所|届け先|送付先|配送先|お届け先|居住地|実家)[ \t]{0,2}(?:は|が|:|=|→|\n)[ \t]{0,3}")
_STREET_WORDS = (
    "street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|boulevard|blvd|way|place|pl|terrace|close|crescent|"
    "square|sq|highway|hwy|parkway|pkwy|"
    "grove|gardens|walk|row|mews|quay|alley|circle|hill|park"
)
_STREET = re.compile(
    r"(?<![A-Za-z0-9#$€£.,/-])(?:(?:flat|apt\.?|apartment|unit|suite)[ \t][A-Z0-9]{1,5},?[ \t])?"
    r"(?!(?:19|20)[0-9]{2},)[0-9]{1,5}[A-Za-z]?(?:-(?!(?:19|20)[0-9]{2},)[0-9]{1,4})?,?[ \t](?:[NSEW]\.?[ \t])?"
    r"(?:(?:[A-Z][A-Za-z'’.-]{1,20}|[0-9]{1,3}(?:st|nd|rd|th))[ \t]){1,4}"
    rf"(?:{_STREET_WORDS.title()}|{_STREET_WORDS.upper()})\b\.?"
)
_GERMAN = re.compile(
    r"(?<![A-Za-zÄÖÜäöüß-])(?:[A-ZÄÖÜ][A-Za-zäöüß-]{1,24}[ \t-]?(?:straße|strasse|str\.|[Ss]traße|[Ss]trasse|"
    r"[Ss]tr\.|weg|platz|allee|gasse|damm|ufer)|"
    r"(?:Am|An der|Im|Zum|Zur|In der|Auf der|Unter "
    r"den)[ \t][A-ZÄÖÜ][a-zäöüß]{2,24})[ \t]{1,2}[0-9]{1,4}[ \t]?[a-z]?(?![A-Za-z0-9])"
)
_ROMANCE = re.compile(
    r"(?<![A-Za-z0-9#$€£.,-])[0-9]{1,4}(?:[ \t]?(?:bis|ter))?,?[ \t](?:[Rr]ue|avenue|boulevard|"
    r"[Ii]mpasse|[Cc]hemin|[Aa]llée|[Qq]uai|[Pp]lace|Avenue|Boulevard)[ \t]"
    r"(?:de[ \t]|du[ \t]|des[ \t]|la[ \t]|le[ \t]|l'){0,3}[A-ZÉÈ][A-Za-zéèêàçâîôû'-]{1,24}"
)
_BOX = re.compile(r"\bP\.?[ \t]?O\.?[ \t]?Box[ \t][0-9]{1,6}\b", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:,?[ \t\n]{1,2}(?:(?:Apt|Apartment|Unit|Suite|Flat|Floor)\.?[ \t#]{1,2}[A-Z0-9]{1,5}|"
    r"[A-Z][A-Za-zäöüß.'-]{2,20}(?:[ \t][A-Z][A-Za-zäöüß.'-]{2,20}){0,2}|[A-Z]{2}|"
    r"[A-Z]{1,2}[0-9][A-Z0-9]?[ ]?[0-9][A-Z]{2}|[0-9]{4,5}(?:-[0-9]{4})?(?=[ \t,.\n]|$))){0,5}"
)
_UK_CODE = re.compile(r"(?<![A-Za-z0-9-])([A-Z]{1,2})([0-9][A-Z0-9]?) ([0-9][ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9-])")
_UK_AREAS = listed(
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY "
    "G GL GU GY HA HD HG HP HR HS HU "
    "HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG "
    "RH RM S SA SE SG SK SL SM SN SO SP "
    "SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|"
    "PA|RI|SC|SD|TN|TX|UT|VT|VA|"
    "WA|WV|WI|WY|DC"
)
_US_CODE = re.compile(rf"(?<=[A-Za-z][ ,])[ ]?(?:{_STATES})[ \t]([0-9]{{5}}(?:-[0-9]{{4}})?)(?![0-9-])")
_CA_CODE = re.compile(r"(?<![A-Za-z0-9-])[ABCEGHJ-NPRSTVXY][0-9][A-Z] [0-9][A-Z][0-9](?![A-Za-z0-9-])")
_CODE_LABEL = re.compile(
    r"\b(?:zip(?:[ -]?code)?|post(?:al)?[ -]?code|postleitzahl|plz)[ \t]{0,2}(?:is|"
    r"[:=])?[ \t]{0,2}([A-Z0-9]{3,5}(?:[ -][A-Z0-9]{3,4})?)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_REACH = 60


def postal_addresses(text: str) -> Iterator[Raw]:
    """Streets with a number, postal codes with a mark, a label or a place beside them; towns alone say little."""
    if not text.isascii():
        yield from _japanese(text)
        yield from _all(_GERMAN, text, "street", tail=True)
    yield from _all(_GERMAN, text, "street", tail=True) if text.isascii() else ()
    yield from _all(_STREET, text, "street", tail=True)
    yield from _all(_ROMANCE, text, "street", tail=True)
    yield from _all(_BOX, text, "street", tail=True)
    yield from _codes(text)


def _all(pattern: re.Pattern[str], text: str, reason: str, *, tail: bool = False) -> Iterator[Raw]:
    for match in pattern.finditer(text):
        end = match.end()
        if tail and (more := _TAIL.match(text, end)):
            end = more.end()
        value = text[match.start() : end].rstrip(" ,.\n\t")
        yield Raw(PrivateKind.ADDRESS, match.start(), match.start() + len(value), reason, Sureness.CERTAIN, value)


def _codes(text: str) -> Iterator[Raw]:
    for match in _UK_CODE.finditer(text):
        if match[1] in _UK_AREAS:
            yield Raw(PrivateKind.ADDRESS, *match.span(), "postal_code", Sureness.LIKELY, match[0])
    for pattern in (_US_CODE, _CA_CODE):
        for match in pattern.finditer(text):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield Raw(PrivateKind.ADDRESS, start, match.end(), "postal_code", Sureness.LIKELY, match[0].strip())
    for match in _CODE_LABEL.finditer(text):
        if any(map(str.isdigit, match[1])):
            yield Raw(PrivateKind.ADDRESS, *match.span(1), "postal_code", Sureness.LIKELY, match[1])


def _japanese(text: str) -> Iterator[Raw]:
    for pattern in (_POSTAL_MARK, _POSTAL_LABEL, _POSTAL_BEFORE):
        for match in pattern.finditer(text):
            start = match.start() if pattern is _POSTAL_MARK else match.start(1)
            yield Raw(PrivateKind.ADDRESS, start, match.end(), "postal_mark", Sureness.CERTAIN, match[1])
    for prefecture in _PREFECTURES:
        at = text.find(prefecture)
        while at >= 0:
            yield from _from(text, at, at + len(prefecture), "address_prefecture", Sureness.CERTAIN)
            at = text.find(prefecture, at + 1)
    if "区" in text or "市" in text or "町" in text or "村" in text:
        yield from _in_towns(text)
    for match in _ADDRESS_LABEL.finditer(text):
        yield from _from(text, match.end(), match.end(), "address_label", Sureness.LIKELY)


def _in_towns(text: str) -> Iterator[Raw]:
    for house in _HOUSE.finditer(text):
        head = max(0, house.start() - _LONGEST_TOWN)
        town = _TOWN_BEFORE.search(text[head : house.start()])
        if town is not None:
            start, end = head + town.start(), house.end()
            yield Raw(PrivateKind.ADDRESS, start, end, "address_town", Sureness.LIKELY, text[start:end])


def _from(text: str, start: int, after: int, reason: str, sure: Sureness) -> Iterator[Raw]:
    """An address that begins there, when a town and a house number follow in the same breath."""
    window = _breath(text, after)
    number = _NUMBER.search(window)
    if number is None:
        return
    before = window[: number.start()]
    if len(before) > 30 or not (_TOWN.search(before) or reason == "address_label"):
        return
    end = after + number.end()
    yield Raw(PrivateKind.ADDRESS, start, end, reason, sure, text[start:end])


def _breath(text: str, at: int) -> str:
    window = text[at : at + _REACH]
    for sign in "。、\n,!?「」":
        window = window.partition(sign)[0]
    return window

"""Numbers of persons and of accounts that English texts name by a label, and the one that has a form of its own."""

import re
from collections.abc import Iterator

from moderation.privacy.labels import behind_words, either
from moderation.privacy.spots import PrivateKind, Raw, Sureness

_IS = r"[ \t]{0,3}(?:number|no\.?|nr\.?|num|#|id)?[ \t]{0,2}(?:is|was|[:=#-])?[ \t]{0,3}"
_SOCIAL = re.compile(r"([0-9](?<![0-9A-Za-z_./-][0-9])[0-9]{2})-([0-9]{2})-([0-9]{4})(?![0-9A-Za-z_]|-[0-9])")
_SOCIAL_HEADS = re.compile("ssn|social security")
_SOCIAL_LABEL = re.compile(
    rf"(?:ssn|social security){_IS}([0-9]{{3}}[ -]?[0-9]{{2}}[ -]?[0-9]{{4}})(?![0-9])", re.IGNORECASE
)
_PAPER_WORDS = either(
    "passport driver'?s?_?licen[cs]e driving_licen[cs]e identity_card id_card national_id personal_id "
    "national_insurance "
    "tax_id nhs steuer-?id personalausweis reisepass residence_card residence_permit pension"
)
_PAPER_HEADS = re.compile(
    "passport|driv|identity|id card|national|personal|tax id|nhs|steuer|reisepass|residence|pension"
)
_PAPERS = re.compile(rf"(?:{_PAPER_WORDS}){_IS}([A-Z0-9](?:[ -]?[A-Z0-9]){{5,17}})(?![A-Z0-9])", re.IGNORECASE)
_ACCOUNT_HEADS = re.compile(
    "bank account|checking account|savings account|current account|account n|account #|sort code|routing|aba "
)
_ACCOUNT = re.compile(
    r"(?:(?:bank |checking |savings |current )account|account (?=n|#))[ \t]{0,2}(?:number|no\.?|nr\.?|num|#)?"
    r"[ \t]{0,2}(?:is|was|[:=#])?[ \t]{0,3}([0-9](?:[ -]?[0-9]){5,16})(?![0-9])"
    r"|sort code[ \t]{0,2}(?:is|[:=])?[ \t]{0,2}([0-9]{2}[- ]?[0-9]{2}[- ]?[0-9]{2})(?![0-9])"
    r"|(?:routing|aba)[ \t]{0,2}(?:number|no\.?|code)?[ \t]{0,2}(?:is|[:=#])?[ \t]{0,2}([0-9]{9})(?![0-9])",
    re.IGNORECASE,
)


def person_numbers(text: str) -> Iterator[Raw]:
    """Social security numbers, papers, bank accounts by label."""
    for match in _SOCIAL.finditer(text):
        if _assigned(*match.groups()):
            yield Raw(PrivateKind.PERSONAL_ID, *match.span(), "social_form", Sureness.LIKELY, match[0])
    lowered = text.lower()
    for match in behind_words(text, lowered, _SOCIAL_HEADS, _SOCIAL_LABEL):
        yield Raw(PrivateKind.PERSONAL_ID, *match.span(1), "social_label", Sureness.CERTAIN, match[1])
    for match in behind_words(text, lowered, _PAPER_HEADS, _PAPERS):
        start = match.start(1)
        value = match[1][: _as_far_as_digits_go(match[1])]
        if sum(map(str.isdigit, value)) >= 4:
            yield Raw(PrivateKind.PERSONAL_ID, start, start + len(value), "paper_label", Sureness.CERTAIN, value)
    for match in behind_words(text, lowered, _ACCOUNT_HEADS, _ACCOUNT):
        group = match.lastindex or 0
        yield Raw(PrivateKind.ACCOUNT, *match.span(group), "account_label", Sureness.CERTAIN, match[group])


def _as_far_as_digits_go(value: str) -> int:
    """Words of the sentence may follow the number: "A1234567 was lost" ends before "was"."""
    words, end = value.split(" "), 0
    for word in words:
        if word.isalpha() and len(word) > 2 and end:
            break
        end += len(word) + bool(end)
    return end


def _assigned(area: str, group: str, serial: str) -> bool:
    """Blocks that the Social Security Administration never gives out (20 CFR 422.103; SSA, randomisation of 2011)."""
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"

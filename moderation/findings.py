"""Findings: what the checks before an answer object to."""

import re
from dataclasses import dataclass
from enum import StrEnum

from moderation.content import CommunityInfo, Forum


class Severity(StrEnum):
    """Blocks stop the send; asks want a yes; hints only say so."""

    BLOCK = "block"
    ASK = "ask"
    HINT = "hint"


class Audience(StrEnum):
    """Who reads it. A thread that is for ``staff`` stands in a closed forum: who may enter that, no server tells, and
    members may be among them.
    """

    PUBLIC = "public"
    CUSTOMER = "customer"
    STAFF = "staff"


def audience_of(forum: Forum | None) -> Audience:
    """Who reads what is written there: the public, unless the forum is known to be closed to anonymous visitors; a
    customer, where it stands for private messages.
    """
    if forum is not None and forum.messages:
        return Audience.CUSTOMER
    return Audience.STAFF if forum is not None and forum.private else Audience.PUBLIC


@dataclass(frozen=True, slots=True)
class Finding:
    """One objection: a rule's code, how grave, where in the text (characters, end exclusive), and the code of a
    remedy.
    """

    rule: str
    severity: Severity
    place: tuple[int, int] | None = None
    remedy: str | None = None


_PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{1,40}\}\}|\{[a-z_]{1,30}\}|\[(?:name|date|order|NAME|TODO)[^\]\n]{0,20}\]|<[A-Z_]{3,30}>"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}")
_PHONE = re.compile(r"(?<![\w.])(?:\+\d{1,3}[ -]?)?(?:\(?0\d{1,4}\)?[ -]?)\d{2,4}[ -]?\d{3,4}(?![\w.])")
_SECRET = re.compile(
    r"(?i)\b(?:password|passwort|api[ _-]?key|token)\s*[:=]\s*\S{4,}|(?:パスワード|暗証番号)\s*[:=：＝]\s*[!-~]{4,}"
)


def check_text(text: str, audience: Audience, info: CommunityInfo) -> list[Finding]:
    """Findings on a reply for that audience: length by the community's limits, leftover placeholders, personal data,
    secrets. A secret blocks in public; in a closed forum it asks.
    """
    found: list[Finding] = []
    length = len(text.strip())
    if length == 0:
        return [Finding("empty", Severity.BLOCK)]
    if length < info.min_post_length:
        found.append(Finding("too_short", Severity.BLOCK))
    if length > info.max_post_length:
        found.append(Finding("too_long", Severity.BLOCK, (info.max_post_length, len(text))))
    found += _all(_PLACEHOLDER, "placeholder", Severity.BLOCK, "fill_in", text)
    if audience is not Audience.CUSTOMER:
        grave = Severity.BLOCK if audience is Audience.PUBLIC else Severity.ASK
        found += _all(_SECRET, "secret", grave, "remove", text)
        found += _all(_EMAIL, "personal_data", Severity.ASK, "remove", text)
        found += _all(_PHONE, "personal_data", Severity.ASK, "remove", text)
    return sorted(found, key=lambda finding: finding.place or (0, 0))


def _all(pattern: re.Pattern[str], rule: str, severity: Severity, remedy: str, text: str) -> list[Finding]:
    return [Finding(rule, severity, match.span(), remedy) for match in pattern.finditer(text[:100_000])]
